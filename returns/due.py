"""The deadlines in force, read for several months at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from core.periods import Period
from offices.models import Office
from returns.deadline_models import Deadline
from returns.deadlines import Calendar


def calendar_of(due_day: int, periods: Iterable[Period] | None = None, *, at: datetime | None = None) -> Calendar:
    """The last days of the periods (None: of all), as set by an instant (None: by now). One query."""
    rows = Deadline.objects.all()
    if periods is not None:
        rows = rows.filter(period__in=list(periods))
    if at is not None:
        rows = rows.filter(set_at__lte=at)
    levels: dict[tuple[str, Period], date] = {}
    grants: dict[tuple[int, Period], date] = {}
    for period, kind, office, last_day in rows.values_list("period", "kind", "office", "last_day"):
        if office is None:
            levels[kind, period] = last_day
        else:
            grants[office, period] = last_day
    return Calendar(due_day, levels, grants)


def last_day_of(calendar: Calendar, office: Office, period: Period) -> date:
    """The last day of one office's return."""
    return calendar.last_day(period, kind=office.kind, office=office.pk)


def day_set(period: Period | OuterRef, *, office: str, kind: str, at: datetime | None = None) -> Coalesce:
    """The last day set for an office or its level (by an instant), as an expression over a query that holds the keys
    of the office and its kind in the named fields; null where the form's own day holds."""
    rows = Deadline.objects.filter(period=period).order_by().values("last_day")
    if at is not None:
        rows = rows.filter(set_at__lte=at)
    granted, level = rows.filter(office=OuterRef(office)), rows.filter(office=None, kind=OuterRef(kind))
    return Coalesce(Subquery(granted), Subquery(level))
