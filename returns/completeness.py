"""Who is in and who is missing in a month: leaf offices by name, each from the month after its baseline."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from core.periods import Period
from offices.models import Office
from returns.choices import ReturnState
from returns.deadlines import is_late
from returns.models import Return


@dataclass(frozen=True)
class Standing:
    """How a leaf office's return of the month stands; ``state`` is blank while none was opened."""

    office: Office
    state: str
    is_late: bool

    @property
    def is_in(self) -> bool:
        return self.state in (ReturnState.SUBMITTED, ReturnState.VERIFIED)

    @property
    def is_verified(self) -> bool:
        return self.state == ReturnState.VERIFIED


@dataclass(frozen=True)
class Completeness:
    """The leaf offices due in a month, by path."""

    standings: tuple[Standing, ...]

    @property
    def due(self) -> int:
        return len(self.standings)

    @property
    def received(self) -> int:
        """Submitted or verified."""
        return sum(one.is_in for one in self.standings)

    @property
    def verified(self) -> int:
        return sum(one.is_verified for one in self.standings)

    @property
    def late(self) -> int:
        return sum(one.is_late for one in self.standings)

    @property
    def missing(self) -> tuple[Standing, ...]:
        """Due and neither submitted nor verified."""
        return tuple(one for one in self.standings if not one.is_in)

    @property
    def unverified(self) -> tuple[Standing, ...]:
        """Due and not in the total."""
        return tuple(one for one in self.standings if not one.is_verified)

    @property
    def is_complete(self) -> bool:
        return not self.unverified


def completeness_of(office: Office, period: Period, due_day: int, *, at: datetime) -> Completeness:
    """Completeness of one month at and below an office, as it was known at an instant's deadline. Two queries."""
    return completeness_by_month(office, [period], due_day, at=at)[period]


def completeness_by_month(
    office: Office, periods: Iterable[Period], due_day: int, *, at: datetime
) -> dict[Period, Completeness]:
    """Completeness of several months at and below an office. Two queries."""
    months = list(periods)
    leaves = list(Office.objects.below(office).leaves().filter(baseline__isnull=False).select_related("baseline"))
    rows = Return.objects.filter(period__in=months, office__in=leaves).values_list(
        "office", "period", "state", "first_submitted_at"
    )
    found = {(office_pk, period): (state, submitted) for office_pk, period, state, submitted in rows}

    def standing(leaf: Office, period: Period) -> Standing:
        state, submitted = found.get((leaf.pk, period), ("", None))
        return Standing(leaf, state, is_late(period, due_day, submitted_at=submitted, at=at))

    return {
        period: Completeness(tuple(standing(leaf, period) for leaf in leaves if leaf.baseline.period < period))
        for period in months
    }
