"""When a return is due: the form's day of the month after the period, until the end of that day in Dhaka."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from core.periods import DHAKA, Period


def due_on(period: Period, due_day: int) -> date:
    """The last day on which a return is in time."""
    return period.next().first + timedelta(days=due_day - 1)


def due_until(period: Period, due_day: int) -> datetime:
    """The instant from which a return is late."""
    return datetime.combine(due_on(period, due_day) + timedelta(days=1), time(), DHAKA)


def is_late(period: Period, due_day: int, *, submitted_at: datetime | None, at: datetime) -> bool:
    """Whether a return was first submitted after its last day, or is not yet submitted once that has passed."""
    return (submitted_at or at) >= due_until(period, due_day)
