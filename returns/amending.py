"""What an amendment would do, read in a fixed number of queries: the figures of its return and of every later one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from core.evidence import digest_of
from core.periods import Period
from offices.models import Office
from returns.amendment_models import Amendment
from returns.cascade import Brought, Course, MovedMonth, Standing
from returns.choices import ReturnState
from returns.history import june_before, last_submitted
from returns.models import BaselineValue, Return, ReturnVersion, Value
from returns.published import catalogue_of
from returns.rules import Amounts, Finding
from returns.sheet import baseline_of

#: New figures by month and cell.
Changes = Mapping[Period, Mapping[str, int]]

#: Versions that follow when a month before them moves.
FOLLOWING = (ReturnState.VERIFIED, ReturnState.SUBMITTED)


@dataclass(frozen=True)
class Hypothesis:
    """A return with other figures, and all that follows in the office's later months. ``versions`` are those in force
    now, by period; the first month is the amended one. ``changes`` are what is typed anew, there and in later months.
    """

    ret: Return
    changes: Changes
    versions: Mapping[Period, ReturnVersion]
    months: tuple[MovedMonth, ...]

    @property
    def first(self) -> MovedMonth:
        return self.months[0]

    @property
    def later(self) -> tuple[MovedMonth, ...]:
        return self.months[1:]

    @property
    def verified(self) -> tuple[MovedMonth, ...]:
        """The months that count in totals."""
        return tuple(m for m in self.months if self.versions[m.period].state == ReturnState.VERIFIED)

    @property
    def broken(self) -> tuple[tuple[Period, Finding], ...]:
        """The block rules that some month would not meet, the earliest first."""
        return tuple((month.period, finding) for month in self.months for finding in month.broken)

    @cached_property
    def digest(self) -> str:
        """Stands for what was looked at: the new figures and the versions they would replace."""
        replaced = {str(month.period): self.versions[month.period].pk for month in self.months}
        typed = {str(period): dict(cells) for period, cells in self.changes.items()}
        return digest_of([self.ret.pk, typed, replaced])


def changes_of(amendment: Amendment) -> Changes:
    """The new figures by month and cell; the amended return's month stands first."""
    changes: dict[Period, dict[str, int]] = {amendment.ret.period: {}}
    for period, cell, amount in amendment.values.values_list("version__ret__period", "cell", "amount"):
        changes.setdefault(period, {})[cell] = amount
    return changes


def suppose(ret: Return, changes: Changes) -> Hypothesis:
    """What would be if the versions in force of the return, and of later ones, had other figures in some cells. Six
    queries at most.

    The return's newest submitted version must be verified.
    """
    office, period = ret.office, ret.period
    versions = _versions_since(office, min(june_before(period), period.previous()))
    figures = _figures_of(versions)
    standings = [
        Standing(month, catalogue_of(version.ret.form, [office.kind]), figures[month], version.state in FOLLOWING)
        for month, version in versions.items()
        if month >= period
    ]
    earlier = {month: amounts for month, amounts in figures.items() if month < period}
    course = Course(standings, _brought_by(office), earlier)
    return Hypothesis(ret, changes, versions, course.with_changes(changes))


def _versions_since(office: Office, first: Period) -> dict[Period, ReturnVersion]:
    """The version last submitted of each month from one on, in order."""
    rows = ReturnVersion.objects.filter(ret__office=office, ret__period__gte=first, submitted_at__isnull=False)
    rows = rows.select_related("ret__form").defer("ret__form__catalogue")
    return dict(sorted(last_submitted(rows).items()))


def _figures_of(versions: Mapping[Period, ReturnVersion]) -> dict[Period, Amounts]:
    period_of = {version.pk: period for period, version in versions.items()}
    figures: dict[Period, dict[str, int | None]] = {period: {} for period in versions}
    for version, cell, amount in Value.objects.filter(version__in=period_of).values_list("version", "cell", "amount"):
        figures[period_of[version]][cell] = amount
    return dict(figures)


def _brought_by(office: Office) -> Brought | None:
    baseline = baseline_of(office)
    if baseline is None:
        return None
    rows = list(BaselineValue.objects.filter(baseline=baseline))
    return Brought(baseline.period, {r.cell: r.closing for r in rows}, {r.cell: r.cumulative for r in rows})
