"""What the registers below propose for an office's return, cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from audits import summaries as audits
from core.evidence import Figure
from core.periods import Period
from offices.models import Office
from returns.catalogue import Cell
from societies import summaries as societies

Proposals = Callable[[Office, Period], Mapping[str, Mapping[str, Figure]]]

#: One function a register: all its metrics of an office and month in a fixed number of queries. A metric's first word
#: names its register.
REGISTERS: dict[str, Proposals] = {"societies": societies.proposals, "audits": audits.proposals}


def proposals_for(cells: Iterable[Cell], office: Office, period: Period) -> dict[str, Figure]:
    """The registers' figure of every cell of a metric they keep; a part without rows is zero.

    Only the registers that these cells need are asked.
    """
    asked = [cell for cell in cells if cell.is_proposed]
    known: dict[str, Mapping[str, Figure]] = {}
    for name in sorted({cell.line.metric.partition(".")[0] for cell in asked} & REGISTERS.keys()):
        known |= REGISTERS[name](office, period)
    return {
        cell.key: known[cell.line.metric].get(cell.part.code if cell.part else "", Figure(0))
        for cell in asked
        if cell.line.metric in known
    }
