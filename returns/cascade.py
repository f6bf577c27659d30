"""What an amendment does to the months after it: pure arithmetic over the figures of one office.

A later month keeps what its officers entered and the targets it carries; its openings and computed cells follow from
the months before. A month that was sent back keeps its figures until it is submitted again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from core.periods import Period
from returns.catalogue import Catalogue
from returns.choices import LineKind
from returns.history import june_before
from returns.rules import Amounts, Context, Finding, check, compute


@dataclass(frozen=True)
class Brought:
    """What an office brings from before the portal: the closing of ``period``, and its flows since 1 July."""

    period: Period
    closing: Amounts
    cumulative: Mapping[str, int]


@dataclass(frozen=True)
class Standing:
    """A month as it was submitted: every cell its office keeps. ``moves`` says whether a change before it moves it."""

    period: Period
    catalogue: Catalogue
    amounts: Amounts
    moves: bool = True


@dataclass(frozen=True)
class MovedCell:
    """A figure that would change."""

    cell: str
    old: int | None
    new: int | None

    @property
    def delta(self) -> int:
        return (self.new or 0) - (self.old or 0)


@dataclass(frozen=True)
class MovedMonth:
    """A month as it would be. ``broken`` are the block rules it would not meet, ``doubts`` the warnings that it raises
    and did not raise before."""

    period: Period
    catalogue: Catalogue
    amounts: Amounts
    cells: tuple[MovedCell, ...]
    broken: tuple[Finding, ...] = ()
    doubts: tuple[Finding, ...] = ()


@dataclass
class Ledger:
    """The figures of an office by month, and what a return reads of them."""

    months: dict[Period, Amounts]
    brought: Brought | None = None

    def context_of(self, standing: Standing) -> Context:
        """The past of a month. Its targets are those it carries: they were frozen when it was submitted. Only an upper
        office begins without a baseline; it opens with zeros."""
        period = standing.period
        cells = standing.catalogue.cells_by_key.values()
        targets = {c.key: standing.amounts.get(c.key) for c in cells if c.line.kind is LineKind.TARGET}
        return Context(
            month=period.first.month,
            previous=self._closing(period.previous()),
            before=self._since_july(period.year_before()),
            june=self._closing(june_before(period)),
            targets=targets,
            is_beginning=self.brought is None and period.previous() not in self.months,
        )

    def _closing(self, period: Period) -> Amounts:
        if self.brought is not None and self.brought.period == period:
            return self.brought.closing
        return self.months.get(period, {})

    def _since_july(self, periods: Iterable[Period]) -> dict[str, int | None]:
        sums: dict[str, int | None] = {}
        for period in periods:
            for cell, amount in self.months.get(period, {}).items():
                sums[cell] = (sums.get(cell) or 0) + (amount or 0)
            if self.brought is not None and self.brought.period == period:
                for cell, amount in self.brought.cumulative.items():
                    sums[cell] = (sums.get(cell) or 0) + amount
        return sums


@dataclass(frozen=True)
class Course:
    """An office's months in order, with what came before them. Only ``months`` of one office belong together."""

    months: Sequence[Standing]
    brought: Brought | None = None
    earlier: Mapping[Period, Amounts] = field(default_factory=dict)

    def with_changes(self, changes: Mapping[Period, Amounts]) -> tuple[MovedMonth, ...]:
        """The months with other figures in some of their cells, and every later one in which a figure moves or a rule
        speaks up. The first month stands in the answer whatever becomes of it."""
        then = Ledger({**self.earlier, **{m.period: m.amounts for m in self.months}}, self.brought)
        now = Ledger(dict(then.months), self.brought)
        moved = []
        for number, standing in enumerate(self.months):
            if number and not standing.moves:
                continue
            month = _moved(standing, changes.get(standing.period, {}), then, now)
            now.months[standing.period] = month.amounts
            if number == 0 or month.cells or month.broken or month.doubts:
                moved.append(month)
        return tuple(moved)


def _moved(standing: Standing, changes: Amounts, then: Ledger, now: Ledger) -> MovedMonth:
    catalogue, context = standing.catalogue, now.context_of(standing)
    computed = compute(catalogue, {**standing.amounts, **changes}, context)
    amounts = {cell: computed.get(cell, old) for cell, old in standing.amounts.items()}
    cells = tuple(
        MovedCell(cell.key, standing.amounts[cell.key], amounts[cell.key])
        for cell in catalogue.cells
        if cell.key in amounts and amounts[cell.key] != standing.amounts[cell.key]
    )
    found = check(catalogue, amounts, context)
    warned = [finding for finding in found if not finding.is_block]
    if warned:
        before = {(f.rule, f.cell) for f in check(catalogue, standing.amounts, then.context_of(standing))}
        warned = [finding for finding in warned if (finding.rule, finding.cell) not in before]
    broken = tuple(finding for finding in found if finding.is_block)
    return MovedMonth(standing.period, catalogue, amounts, cells, broken, tuple(warned))
