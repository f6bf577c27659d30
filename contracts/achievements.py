"""What an office has achieved in its year: drawn from the returns' totals by the line's feed, else as typed.

The arithmetic is exact; months without a total are named, never taken for zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from contracts.feeds import END, MONTHS, YEAR, Feed, Term
from core.numbers import Unit
from core.periods import FiscalYear, Period
from returns.catalogue import Catalogue


class Source(StrEnum):
    """Where an achievement comes from."""

    FEED = "feed"
    TYPED = "typed"
    NONE = "none"


@dataclass(frozen=True)
class YearCells:
    """An office's year as its returns add up: amounts by month and cell (absent: nothing known), what the flows came
    to before the portal, and for each month that has ended the offices (codes) due
    and not verified. ``catalogue`` is the form they were typed in.
    """

    year: FiscalYear
    months: Mapping[Period, Mapping[str, int]]
    before: Mapping[str, int]
    missing: Mapping[Period, tuple[str, ...]] = field(default_factory=dict)
    data_at: datetime | None = None
    catalogue: Catalogue | None = None

    @property
    def known(self) -> list[Period]:
        """Months with a total, in order."""
        return sorted(period for period, cells in self.months.items() if cells)

    def unit(self, cell: str) -> Unit:
        """How the cell is typed and shown; a count where no form says so."""
        found = self.catalogue.cells_by_key.get(cell) if self.catalogue else None
        return found.line.unit if found else Unit.COUNT


@dataclass(frozen=True)
class TermPart:
    """What one term of a feed came to: its months with their amounts, and the amount before the portal."""

    term: Term
    unit: Unit
    months: tuple[tuple[Period, int | None], ...]
    before: int
    amount: int | None


@dataclass(frozen=True)
class Achieved:
    """An achievement. ``value`` is None while nothing is known; then ``why`` may say "no-case" (nothing to divide by).

    ``as_at`` names the month an end-of-year figure was taken from while June is not there.
    """

    value: Fraction | None
    source: Source
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    parts: tuple[TermPart, ...] = ()
    as_at: Period | None = None
    why: str = ""
    reason: str = ""
    by: str = ""
    at: datetime | None = None


NOTHING = Achieved(None, Source.NONE)


def typed(value: Fraction | None, *, reason: str, by: str, at: datetime) -> Achieved:
    """What an officer wrote for a line without a feed."""
    return Achieved(value, Source.TYPED, reason=reason, by=by, at=at)


def drawn(feed: Feed, cells: YearCells) -> Achieved:
    """What a feed comes to over the year as known now."""
    parts = {term: _part(term, cells) for term in feed.terms}
    as_at = _as_at(feed, cells)
    in_order = tuple(parts.values())
    if not feed.is_ratio:
        return Achieved(_sum(feed.value, parts, cells), Source.FEED, parts=in_order, as_at=as_at)
    part, whole = _sum(feed.part, parts, cells), _sum(feed.whole, parts, cells)
    if part is None or whole is None:
        return Achieved(None, Source.FEED, part, whole, in_order, as_at)
    if whole == 0:
        return Achieved(None, Source.FEED, part, whole, in_order, as_at, why="no-case")
    return Achieved(100 * part / whole, Source.FEED, part, whole, in_order, as_at)


def _part(term: Term, cells: YearCells) -> TermPart:
    if term.when == YEAR:
        months = tuple((period, cells.months[period].get(term.cell)) for period in cells.known)
        before = cells.before.get(term.cell, 0)
        given = [amount for _period, amount in months if amount is not None]
        amount = sum(given) + before if given or term.cell in cells.before else None
        return TermPart(term, cells.unit(term.cell), months, before, amount)
    period = _last_known(cells) if term.when == END else cells.year.months[MONTHS.index(term.when)]
    if period is None:
        return TermPart(term, cells.unit(term.cell), (), 0, None)
    amount = cells.months.get(period, {}).get(term.cell)
    return TermPart(term, cells.unit(term.cell), ((period, amount),), 0, amount)


def _sum(terms: tuple[Term, ...], parts: Mapping[Term, TermPart], cells: YearCells) -> Fraction | None:
    """Σ of the terms in typed units; None while none of them is known."""
    given = [(term, amount) for term in terms if (amount := parts[term].amount) is not None]
    if not given:
        return None
    return sum((Fraction(amount, cells.unit(term.cell).scale) for term, amount in given), Fraction(0))


def _last_known(cells: YearCells) -> Period | None:
    known = cells.known
    return known[-1] if known else None


def _as_at(feed: Feed, cells: YearCells) -> Period | None:
    """The month whose end stands for 30 June, while June itself is not there."""
    if not any(term.when == END for term in feed.terms):
        return None
    last = _last_known(cells)
    return last if last is not None and last != cells.year.months[-1] else None
