"""Who is late: every month that is over and not verified, with whom it waits, since when, and whom to ring up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, OuterRef, Subquery

from core.periods import Period, dhaka_date
from offices.heads import heads_of
from offices.models import Office, Posting
from returns.choices import ReturnState
from returns.completeness import owed_returns
from returns.deadlines import Calendar
from returns.due import calendar_of, last_day_of
from returns.models import Return, ReturnVersion
from returns.published import due_day_of

#: Months looked back at; what is older is found on the office's own page.
MONTHS = 12


@dataclass(frozen=True)
class LateReturn:
    """A month of an office that is not verified. ``waits_at`` is the office that has to act, since a day; ``head`` is
    its head, None where the chair is empty. ``days_late`` counts from the last day and is 0 while there is time."""

    office: Office
    period: Period
    state: str
    last_day: date
    days_late: int
    waits_at: Office
    since: date
    days: int
    head: Posting | None

    @property
    def is_in(self) -> bool:
        return self.state == ReturnState.SUBMITTED


def late_returns(office: Office, *, at: datetime) -> list[LateReturn]:
    """Months over and not verified of the leaf offices at and below an office, the longest late first.

    Months still within their time are left out, and those after an office was closed. A month waits at the superior
    that the office had in it. Six queries; `UserError` where no form is published.
    """
    today = dhaka_date(at)
    last = Period.of(today).previous()
    first = last
    for _step in range(MONTHS - 1):
        first = first.previous()
    periods = list(first.until(last))
    calendar = calendar_of(due_day_of(last), periods)
    owed = owed_returns(office, periods)
    leaves = {leaf for leaf, _period, _superior in owed}
    found = _returns(leaves, periods)
    heads = heads_of({*leaves, *(superior for _leaf, _period, superior in owed if superior)}, today)
    rows = [
        _row(leaf, period, superior, found.get((leaf.pk, period)), calendar, heads, today)
        for leaf, period, superior in owed
    ]
    late = [row for row in rows if row and row.days_late]
    return sorted(late, key=lambda row: (-row.days_late, row.office.path, row.period))


def _returns(leaves: Iterable[Office], periods: list[Period]) -> dict[tuple[int, Period], tuple[str, datetime | None]]:
    """State and the newest submission of the returns that are there, by office and period. One query."""
    submitted = ReturnVersion.objects.filter(ret=OuterRef("pk")).order_by().values("ret")
    rows = Return.objects.filter(office__in=list(leaves), period__in=periods).annotate(
        handed_in=Subquery(submitted.annotate(at=Max("submitted_at")).values("at"))
    )
    return {
        (office, period): (state, handed_in)
        for office, period, state, handed_in in rows.values_list("office", "period", "state", "handed_in")
    }


def _row(
    office: Office,
    period: Period,
    superior: Office | None,
    found: tuple[str, datetime | None] | None,
    calendar: Calendar,
    heads: dict[int, Posting],
    today: date,
) -> LateReturn | None:
    """One month of one office; None where it is verified."""
    state, handed_in = found or ("missing", None)
    if state == ReturnState.VERIFIED:
        return None
    last_day = last_day_of(calendar, office, period)
    waits_at, since = office, last_day
    if state == ReturnState.SUBMITTED and superior and handed_in:
        waits_at, since = superior, dhaka_date(handed_in)
    return LateReturn(
        office=office,
        period=period,
        state=state,
        last_day=last_day,
        days_late=max((today - last_day).days, 0),
        waits_at=waits_at,
        since=since,
        days=max((today - since).days, 0),
        head=heads.get(waits_at.pk),
    )
