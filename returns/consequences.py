"""What moves when figures of verified months move: totals here, and whatever upper rooms draw from them.

An upper room enters itself: `register(function)`, called with the `Moves` and the instant, answers with `Consequence`s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from core.periods import Period
from offices.paths import ancestor_paths, is_within
from returns.catalogue import Catalogue
from returns.choices import Aggregation
from returns.rollup import cells_of_total


@dataclass(frozen=True)
class Move:
    """One month's differences by cell (of cells that are summed), under the path its office had in that month."""

    path: str
    catalogue: Catalogue
    deltas: Mapping[str, int]

    def applied(self, amounts: Mapping[str, int]) -> dict[str, int]:
        """The cells of a total with these differences in it: sums moved, ratios computed anew."""
        sums = dict(amounts)
        for cell, delta in self.deltas.items():
            sums[cell] = sums.get(cell, 0) + delta
        return cells_of_total(self.catalogue, sums)


@dataclass(frozen=True)
class Moves:
    """Differences in the verified months of one office, by month."""

    months: Mapping[Period, Move]

    @property
    def paths(self) -> set[str]:
        """The office and every superior in whose totals it counted."""
        return {path for move in self.months.values() for path in (move.path, *ancestor_paths(move.path))}

    def applied(self, path: str, period: Period, amounts: Mapping[str, int]) -> Mapping[str, int]:
        """The total of a month of the office at a path, as it would be."""
        move = self.months.get(period)
        return move.applied(amounts) if move and is_within(move.path, path) else amounts


@dataclass(frozen=True)
class Consequence:
    """Something above the returns that would read otherwise, in the reader's language and digits."""

    label: str
    before: str
    after: str


Tell = Callable[..., Iterable[Consequence]]
_TELLERS: list[Tell] = []


def register(tell: Tell) -> Tell:
    """Enter a function ``tell(moves, *, at)`` of an upper room; usable as a decorator."""
    if tell not in _TELLERS:
        _TELLERS.append(tell)
    return tell


def consequences_of(moves: Moves, *, at: datetime) -> list[Consequence]:
    """What every room has to say, in the order of its entering."""
    return [one for tell in _TELLERS for one in tell(moves, at=at)] if moves.months else []


def is_summed(catalogue: Catalogue, cell: str) -> bool:
    """Whether the cell of a total is the sum of the returns' cells."""
    line = catalogue.cells_by_key[cell].line
    return line.over_offices is Aggregation.SUM and not line.ratio
