"""What waits: the return that is due in an office, its months, and the queue of a superior."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Length, Substr

from core.errors import UserError
from core.periods import Period, dhaka_date
from offices.choices import Post
from offices.models import Office, Officer, Posting
from offices.paths import WIDTH, subtree_range
from offices.places import Tree, former_places
from offices.querysets import within
from offices.rights import Reach, get_right
from returns.amendment_models import Amendment
from returns.choices import AmendmentState, ReturnState, VersionKind
from returns.completeness import is_due
from returns.deadlines import Calendar
from returns.due import calendar_of, last_day_of
from returns.judges import bench_of
from returns.models import Return, ReturnVersion, Value
from returns.published import due_day_of
from returns.services.sequence import first_month_of
from returns.sheet import baseline_of


@dataclass(frozen=True)
class Month:
    """One month of an office: ``state`` is a `ReturnState` or ``missing`` where nothing was opened. A verified one is
    accepted once the superior's consolidated return is verified."""

    office: Office
    period: Period
    state: str
    deadline: date
    is_late: bool
    is_over: bool
    is_amended: bool = False
    is_accepted: bool = False
    is_verified_on_import: bool = False

    @property
    def is_due(self) -> bool:
        """Whether the office has to act: the month is over and its return is not in."""
        return self.is_over and self.state not in (ReturnState.SUBMITTED, ReturnState.VERIFIED)


def months_of(office: Office, today: date) -> list[Month]:
    """Every month of its own returns up to the present one, newest first; five queries at most.

    An upper office that has begun none yet may begin with the last full month. None for an office that waits for its
    baseline, and before a form was published.
    """
    returns = {ret.period: ret for ret in Return.objects.filter(office=office).with_acceptance().with_import()}
    last = Period.of(today)
    try:
        first, calendar = first_month_of(office, last.previous()), calendar_of(due_day_of(last))
    except UserError:
        return []
    if office.closed_on is not None:
        last = min(last, Period.of(office.closed_on))
    rows = ReturnVersion.objects.filter(ret__office=office, kind=VersionKind.AMENDED)
    amended = set(rows.values_list("ret__period", flat=True))
    months = [month_of(office, period, returns.get(period), today, calendar) for period in first.until(last)]
    return [replace(month, is_amended=month.period in amended) for month in reversed(months)]


def month_of(office: Office, period: Period, ret: Return | None, today: date, calendar: Calendar) -> Month:
    """How a month of an office stands on a day. Late is what was first submitted after the deadline, or is not in."""
    deadline = last_day_of(calendar, office, period)
    came = dhaka_date(ret.first_submitted_at) if ret and ret.first_submitted_at else today
    state = ret.state if ret else "missing"
    is_late, is_over = came > deadline, today > period.last
    marks = {mark: getattr(ret, mark, False) for mark in ("is_accepted", "is_verified_on_import")}
    return Month(office, period, state, deadline, is_late, is_over, **marks)


def due_return(office: Office, today: date) -> Month | None:
    """The earliest month that the office still has to submit: sent back, or over and not in; None if none is due."""
    due = [month for month in months_of(office, today) if month.is_due]
    return due[-1] if due else None


@dataclass(frozen=True)
class Waiting:
    """A return in a superior's queue, with its newest version if it was opened. ``days``: how long it has waited."""

    month: Month
    since: datetime | None
    days: int
    version: ReturnVersion | None = None

    @property
    def is_submitted(self) -> bool:
        return self.month.state == ReturnState.SUBMITTED


def queue_of(officer: Officer, today: date) -> list[Waiting]:
    """Whatever waits for the officer as a judge; late ones first, then those waiting longest. At most seven queries.

    That is the latest month over, and every older return still open, of the offices that the officer judges or reviews;
    and returns further below whose own judges took part in the entry. Of an upper office only what it has opened: its
    own lines may be none.
    """
    above, own = seats_of(officer)
    last = Period.of(today).previous()
    judged = _judged_by(above, own, Tree(last)) if above or own else []
    offices = [office for office in judged if not office.is_leaf or baseline_of(office) is not None]
    try:
        calendar = calendar_of(due_day_of(last)) if offices else Calendar(0)
    except UserError:  # no form yet, and so no return
        return []
    versions = [*_open_versions(above, own, last), *_passed_up(officer, offices, today)] if offices else []
    opened = {(version.ret.office_id, version.ret.period) for version in versions}
    waiting = [_waiting(version, today, calendar) for version in versions]
    waiting += [_missing(office, last, today, calendar) for office in offices if _is_missing(office, last, opened)]
    return sorted(waiting, key=lambda row: (_rank(row), -row.days, row.month.office.path, row.month.period))


def amendments_for(officer: Officer) -> list[Amendment]:
    """The proposed amendments that wait for the officer's decision, the oldest first; two queries."""
    above, own = seats_of(officer)
    rows = Amendment.objects.proposed().alias(depth=Length("ret__office_path"))
    rows = rows.filter(right_below(above) | Q(ret__office__in=own)).exclude(requested_by=officer)
    return list(rows.with_names().order_by("proposed_at", "pk"))


def drafts_of(officer: Officer) -> list[Amendment]:
    """The amendments that the officer has written and not yet proposed."""
    rows = Amendment.objects.filter(requested_by=officer, state=AmendmentState.DRAFT).visible_to(officer)
    return list(rows.with_names().order_by("requested_at", "pk"))


def seats_of(officer: Officer) -> tuple[list[Office], list[Office]]:
    """The offices right below which the officer sits in judgement or reviews, and those whose own return they judge."""
    grants = get_right("returns.review_return").grants | get_right("returns.verify_return").grants
    reaches = [(posting.office, grants.get(Post(posting.post))) for posting in officer.current_postings]
    above = [office for office, reach in reaches if reach is Reach.CHILDREN]
    return above, [office for office, reach in reaches if reach is Reach.OWN]


def _judged_by(above: Iterable[Office], own: Iterable[Office], tree: Tree) -> QuerySet[Office]:
    """The offices whose return of a month comes to these seats, unless the officer took part in it."""
    condition = Q(pk__in=[office.pk for office in own])
    for superior in above:
        condition |= tree.is_child(superior)
    return Office.objects.filter(condition).select_related("baseline").order_by("path")


def right_below(superiors: Iterable[Office], field: str = "ret__office_path") -> Q:
    """The condition on rows whose office stood right below a superior in the month, wherever the superior stood; they
    carry the length of the path as ``depth``."""
    known = list(superiors)
    former = [row.path for row in former_places() if row.office in known]
    condition = Q(pk__in=[])
    for path in [*(superior.path for superior in known), *former]:
        low, high = subtree_range(path)
        condition |= Q(**{f"{field}__gte": low, f"{field}__lt": high, "depth": len(path) + WIDTH})
    return condition


def _rank(row: Waiting) -> int:
    order = {ReturnState.SUBMITTED: 0, ReturnState.VERIFIED: 3}
    return order.get(row.month.state, 1 if row.month.is_late else 2)  # type: ignore[call-overload, no-any-return]


def newest_versions() -> QuerySet[ReturnVersion]:
    """The newest version of each return, with the return, its office and the office's baseline."""
    newest = ReturnVersion.objects.filter(ret=OuterRef("ret")).order_by("-number").values("pk")[:1]
    rows = ReturnVersion.objects.filter(pk=Subquery(newest))
    rows = rows.select_related("ret__office__parent", "ret__office__baseline", "ret__form", "submitted_by")
    return rows.defer("ret__form__catalogue")


def _open_versions(above: list[Office], own: list[Office], last: Period) -> QuerySet[ReturnVersion]:
    rows = newest_versions().alias(depth=Length("ret__office_path")).filter(ret__period__lte=last)
    rows = rows.filter(right_below(above) | Q(ret__office__in=own))
    return rows.filter(~Q(ret__state=ReturnState.VERIFIED) | Q(ret__period=last))


def _passed_up(officer: Officer, judged: Iterable[Office], today: date) -> list[ReturnVersion]:
    """Submitted returns further below that came to this officer, because those who hold the posts between took part
    in the entry, or the office between is closed. Rare; each is asked for its bench."""
    paths = [posting.office.path for posting in officer.current_postings]
    posts = list(get_right("returns.verify_return").grants)
    others = within(Posting.objects.in_force(today).filter(post__in=posts), paths).exclude(officer=officer)
    judges = others.order_by().values("officer")
    above = Substr(OuterRef("ret__office_path"), 1, Length(OuterRef("ret__office_path")) - WIDTH)
    rows = within(newest_versions(), paths, "ret__office_path").filter(state=ReturnState.SUBMITTED)
    rows = rows.exclude(ret__office__in=list(judged)).filter(
        Q(submitted_by__in=judges)
        | Exists(Value.objects.filter(version=OuterRef("pk"), entered_by__in=judges))
        | Exists(Office.objects.filter(path=above, closed_on__lt=today))
    )
    return [version for version in rows if bench_of(version.ret, version, today).seat_of(officer) is not None]


def _is_missing(office: Office, last: Period, opened: set[tuple[int, Period]]) -> bool:
    return office.is_leaf and is_due(office, last) and (office.pk, last) not in opened


def _missing(office: Office, last: Period, today: date, calendar: Calendar) -> Waiting:
    month = month_of(office, last, None, today, calendar)
    return Waiting(month, None, max((today - month.deadline).days, 0))


def _waiting(version: ReturnVersion, today: date, calendar: Calendar) -> Waiting:
    month = month_of(version.ret.office, version.ret.period, version.ret, today, calendar)
    month = replace(month, is_verified_on_import=version.is_verified_on_import)
    since = version.submitted_at
    days = (today - dhaka_date(since)).days if since and month.state == ReturnState.SUBMITTED else 0
    return Waiting(month, since, days, version)
