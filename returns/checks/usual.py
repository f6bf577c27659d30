"""What is usual for a figure in one office, by medians, so that one odd month among twelve does not move it.

All in whole numbers. Of fewer than three months nothing is usual, and the checks that need it stay silent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isqrt

from core.numbers import Unit
from returns.catalogue import Cell
from returns.checks.dossier import Dossier
from returns.choices import LineKind

#: Months with a figure without which nothing is usual.
FEWEST = 3
#: Below this a movement is no matter, whatever is usual: five societies, persons or papers, 5,000 taka, half a lakh.
SMALL = {Unit.TAKA: 500_000, Unit.LAKH: 5_000_000}
SMALL_COUNT = 5


@dataclass(frozen=True)
class Usual:
    """The range of an ordinary month. ``middle``: the median of a flow, the last figure of a stock."""

    low: int
    high: int
    middle: int

    def holds(self, amount: int) -> bool:
        return self.low <= amount <= self.high

    @property
    def reach(self) -> int:
        """From the middle to the upper end; at least 1."""
        return max(self.high - self.middle, 1)


def median(values: Sequence[int]) -> int:
    """The middle value; the lower of the two in an even number. Of nothing: 0."""
    return sorted(values)[(len(values) - 1) // 2] if values else 0


def spread(values: Sequence[int]) -> int:
    """One and a half times the median distance from the median: about a standard deviation, deaf to outliers."""
    middle = median(values)
    return 3 * median([abs(value - middle) for value in values]) // 2


def small(cell: Cell) -> int:
    return SMALL.get(cell.line.unit, SMALL_COUNT)


def usual(dossier: Dossier, cell: Cell) -> Usual | None:
    """The usual range of a cell, or None if fewer than three months are known (of a flow: are not zero)."""
    past = dossier.past(cell.key)
    if cell.line.kind is LineKind.FLOW:
        return _usual_flow([amount for amount in past if amount], dossier.last_year(cell.key))
    return _usual_stock(past, small(cell))


def _usual_flow(past: Sequence[int], last_year: int | None) -> Usual | None:
    """From zero (a quiet month is no error) to the median and five spreads, or half as much again as the highest
    month; the same month of last year, doubled, is inside."""
    if len(past) < FEWEST:
        return None
    middle = median(past)
    step = max(spread(past), isqrt(middle) if middle < 10_000 else 0, middle // 5, 1)
    return Usual(0, max(middle + 5 * step, 3 * max(past) // 2, 2 * (last_year or 0)), middle)


def _usual_stock(past: Sequence[int], floor: int) -> Usual | None:
    """Around the last figure: six times the median monthly step, twice the greatest, or a fiftieth of it."""
    if len(past) < FEWEST:
        return None
    last = past[-1]
    steps = [abs(b - a) for a, b in pairwise(past)]
    reach = max(6 * median(steps), 2 * max(steps), last // 50, min(floor, max(last // 10, 2)))
    return Usual(max(last - reach, 0), last + reach, last)
