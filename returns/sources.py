"""What the registers below propose for an office's return, cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from audits import summaries as audits
from core.evidence import Figure
from core.periods import Period
from offices.models import Office
from returns.catalogue import Cell
from societies import summaries as societies

#: The registers' figures by cell.
Figures = dict[str, Figure]
Proposals = Callable[[Collection[Office], Period], Mapping[int, Mapping[str, Mapping[str, Figure]]]]

#: One function a register: all its metrics of some offices and a month, by the office's key, in a fixed number of
#: queries. A metric's first word names its register.
REGISTERS: dict[str, Proposals] = {"societies": societies.proposals_of, "audits": audits.proposals_of}


def proposals_for(cells: Iterable[Cell], office: Office, period: Period) -> Figures:
    """The registers' figure of every cell of a metric they keep; a part without rows is zero.

    Only the registers that these cells need are asked.
    """
    return proposals_of(cells, [office], period)[office.pk]


def proposals_of(cells: Iterable[Cell], offices: Collection[Office], period: Period) -> dict[int, Figures]:
    """The same for many offices, by key, in as many queries."""
    asked = [cell for cell in cells if cell.is_proposed]
    known: dict[int, dict[str, Mapping[str, Figure]]] = {office.pk: {} for office in offices}
    for name in sorted({cell.line.metric.partition(".")[0] for cell in asked} & REGISTERS.keys()):
        for office, metrics in REGISTERS[name](offices, period).items():
            known[office] |= metrics
    return {office: _by_cell(asked, metrics) for office, metrics in known.items()}


def _by_cell(asked: Iterable[Cell], known: Mapping[str, Mapping[str, Figure]]) -> Figures:
    return {
        cell.key: known[cell.line.metric].get(cell.part.code if cell.part else "", Figure(0))
        for cell in asked
        if cell.line.metric in known
    }
