"""When a return is due, until the end of that day in Dhaka: the form's day of the month after the period, unless
another day was set for the level or granted to the office."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from core.periods import DHAKA, Period


@dataclass(frozen=True)
class Calendar:
    """Last days. ``due_day`` is the form's; ``levels`` by office kind and ``grants`` by office key go before it."""

    due_day: int
    levels: Mapping[tuple[str, Period], date] = field(default_factory=dict)
    grants: Mapping[tuple[int, Period], date] = field(default_factory=dict)

    def last_day(self, period: Period, *, kind: str, office: int) -> date:
        """The last day on which the office's return of the period is in time."""
        granted = self.grants.get((office, period))
        return granted or self.levels.get((kind, period)) or due_on(period, self.due_day)


def due_on(period: Period, due_day: int) -> date:
    """The last day by the form."""
    return period.next().first + timedelta(days=due_day - 1)


def late_from(last_day: date) -> datetime:
    """The instant from which a return is late."""
    return datetime.combine(last_day + timedelta(days=1), time(), DHAKA)


def is_late(last_day: date, *, submitted_at: datetime | None, at: datetime) -> bool:
    """Whether a return was first submitted after its last day, or is not yet submitted once that has passed."""
    return (submitted_at or at) >= late_from(last_day)
