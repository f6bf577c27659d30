"""What waits: the return that is due in an office, its months, and the queue of a superior."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from core.periods import Period, dhaka_date
from offices.models import Office, Officer
from offices.rights import Reach, get_right
from returns.choices import ReturnState
from returns.deadlines import due_on
from returns.models import Baseline, Remark, Return, ReturnVersion, Value
from returns.published import due_day_of
from returns.sheet import baseline_of


@dataclass(frozen=True)
class Month:
    """One month of an office: ``state`` is a `ReturnState` or ``missing`` where nothing was opened."""

    office: Office
    period: Period
    state: str
    deadline: date
    is_late: bool
    is_over: bool

    @property
    def is_due(self) -> bool:
        """Whether the office has to act: the month is over and its return is not in."""
        return self.is_over and self.state not in (ReturnState.SUBMITTED, ReturnState.VERIFIED)


def months_of(office: Office, today: date) -> list[Month]:
    """Every month from the baseline to the present one, newest first; three queries. None without a baseline."""
    baseline = baseline_of(office)
    if baseline is None:
        return []
    returns = {ret.period: ret for ret in Return.objects.filter(office=office)}
    first, last = baseline.period.next(), Period.of(today)
    due_day = due_day_of(last)
    return [
        month_of(office, period, returns.get(period), today, due_day) for period in reversed(list(first.until(last)))
    ]


def month_of(office: Office, period: Period, ret: Return | None, today: date, due_day: int) -> Month:
    """How a month of an office stands on a day. Late is what was first submitted after the deadline, or is not in."""
    deadline = due_on(period, due_day)
    came = dhaka_date(ret.first_submitted_at) if ret and ret.first_submitted_at else today
    state = ret.state if ret else "missing"
    return Month(office, period, state, deadline, is_late=came > deadline, is_over=today > period.last)


def due_return(office: Office, today: date) -> Month | None:
    """The earliest month that the office still has to submit: sent back, or over and not in; None if none is due."""
    due = [month for month in months_of(office, today) if month.is_due]
    return due[-1] if due else None


@dataclass(frozen=True)
class Waiting:
    """A submitted return in a superior's queue, with what its officer had to explain."""

    month: Month
    since: datetime | None
    days: int
    warnings: int
    overrides: int


def queue_of(officer: Officer, today: date) -> list[Waiting]:
    """The latest month over, and every older return still open, of the offices directly below the officer's postings
    with the power to verify; worst first: late ones, then those waiting longest. Five queries at most."""
    superiors = [
        posting.office_id
        for posting in officer.current_postings
        if get_right("returns.verify_return").grants.get(posting.post) is Reach.CHILDREN  # type: ignore[call-overload]
    ]
    offices = list(Office.objects.leaves().filter(parent__in=superiors).select_related("baseline").order_by("path"))
    offices = [office for office in offices if baseline_of(office) is not None]
    if not offices:
        return []
    last = Period.of(today).previous()
    due_day, versions = due_day_of(last), _open_versions(offices, last)
    by_office: dict[int, list[ReturnVersion]] = {}
    for version in versions:
        by_office.setdefault(version.ret.office_id, []).append(version)
    waiting = [row for office in offices for row in _rows(office, by_office.get(office.pk, []), last, today, due_day)]
    return sorted(waiting, key=lambda row: (_rank(row), -row.days, row.month.office.path, row.month.period))


def _rank(row: Waiting) -> int:
    order = {ReturnState.SUBMITTED: 0, ReturnState.VERIFIED: 3}
    return order.get(row.month.state, 1 if row.month.is_late else 2)  # type: ignore[call-overload, no-any-return]


def _open_versions(offices: Iterable[Office], last: Period) -> QuerySet[ReturnVersion]:
    newest = ReturnVersion.objects.filter(ret=OuterRef("ret")).order_by("-number").values("pk")[:1]
    return (
        ReturnVersion.objects.filter(ret__office__in=list(offices), pk=Subquery(newest))
        .filter(~Q(ret__state=ReturnState.VERIFIED) | Q(ret__period=last))
        .filter(ret__period__lte=last)
        .select_related("ret")
        .annotate(
            warnings=Subquery(_count(Remark.objects.all())),
            overrides=Subquery(_count(Value.objects.filter(origin="override"))),
        )
    )


def _count(rows: QuerySet[Remark] | QuerySet[Value]) -> QuerySet[Remark] | QuerySet[Value]:
    counted = rows.filter(version=OuterRef("pk")).order_by().values("version").annotate(n=Count("pk"))
    return counted.values("n")  # type: ignore[return-value]


def _rows(office: Office, versions: list[ReturnVersion], last: Period, today: date, due_day: int) -> Iterable[Waiting]:
    baseline: Baseline | None = baseline_of(office)
    if baseline is None:
        return
    for version in versions:
        yield _waiting(office, version, today, due_day)
    if last > baseline.period and all(version.ret.period != last for version in versions):
        month = month_of(office, last, None, today, due_day)
        yield Waiting(month, None, max((today - month.deadline).days, 0), 0, 0)


def _waiting(office: Office, version: ReturnVersion, today: date, due_day: int) -> Waiting:
    month = month_of(office, version.ret.period, version.ret, today, due_day)
    since = version.submitted_at
    days = (today - dhaka_date(since)).days if since and month.state == ReturnState.SUBMITTED else 0
    return Waiting(month, since, days, getattr(version, "warnings", 0) or 0, getattr(version, "overrides", 0) or 0)
