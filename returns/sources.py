"""What the registers below propose for an office's return, cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from audits import summaries as audits
from core.evidence import Figure
from core.periods import Period
from offices.models import Office
from returns.catalogue import Catalogue
from societies import summaries as societies

Proposals = Callable[[Office, Period], Mapping[str, Mapping[str, Figure]]]

#: One function a register: all its metrics of an office and month in a fixed number of queries.
REGISTERS: tuple[Proposals, ...] = (societies.proposals, audits.proposals)


def proposals_for(catalogue: Catalogue, office: Office, period: Period) -> dict[str, Figure]:
    """The registers' figure of every cell whose line names a metric they keep; a part without rows is zero."""
    known: dict[str, Mapping[str, Figure]] = {}
    for register in REGISTERS:
        known |= register(office, period)
    return {
        cell.key: known[cell.line.metric].get(cell.part.code if cell.part else "", Figure(0))
        for cell in catalogue.cells
        if cell.is_entered and cell.line.metric in known
    }
