"""Registers that have changed since a return was submitted: an audit recorded late, a society mended."""

from __future__ import annotations

from dataclasses import dataclass

from core.language import reader_wants_bangla
from returns.sheet import Sheet
from returns.sources import proposals_for


@dataclass(frozen=True)
class Drift:
    """A cell of which the registers now say something that they did not say when the return was submitted."""

    cell: str
    code: str
    unit: str
    amount: int
    register: int


def drift_of(sheet: Sheet) -> list[Drift]:
    """Where the registers have moved away from a submitted return; a fixed number of queries."""
    catalogue, found = sheet.catalogue, []
    for key, figure in proposals_for(catalogue.cells, sheet.ret.office, sheet.ret.period).items():
        value = sheet.values.get(key)
        if value is None or value.amount is None or figure.amount in (value.amount, value.proposed):
            continue
        code, unit = catalogue.code_of(key, bangla=reader_wants_bangla()), catalogue.cells_by_key[key].line.unit
        found.append(Drift(key, code, unit.value, value.amount, figure.amount))
    return found
