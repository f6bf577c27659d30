"""What an officer's home shows: what waits, the key figures of the office, and the state of its last months."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audits.choices import AuditState
from audits.models import Audit
from contracts.now import what_now
from contracts.scoring import half_up
from contracts.summaries import agreements_for, scorecard_of
from core.errors import UserError
from core.language import reader_wants_bangla
from core.numbers import Unit, format_amount, to_bangla_digits
from core.periods import FiscalYear, Period, dhaka_date
from offices.choices import OfficeKind
from offices.inbox import unread_of
from offices.models import Office, Officer
from offices.querysets import within
from reports.quarter import quarter_before
from reports.starting import starts_of
from returns.choices import ReturnState
from returns.completeness import completeness_of
from returns.consolidation_worklist import Act, steps_of
from returns.judges import judged_by
from returns.models import Baseline
from returns.published import due_day_of
from returns.worklist import Month, amendments_for, drafts_of, due_return, months_of, queue_of

SHOWN_MONTHS = 6


@dataclass(frozen=True)
class Task:
    """One thing to do; the first is the "now" line of the page."""

    label: str
    address: str
    state: str = ""
    note: str = ""


@dataclass(frozen=True)
class Stat:
    """A key figure, formatted, with where it comes from."""

    label: str
    figure: str
    address: str
    sub: str = ""


@dataclass(frozen=True)
class Desk:
    """An officer's home. ``months`` is newest first and empty above the leaf; ``quarter`` the last one that is over."""

    office: Office | None
    tasks: list[Task]
    stats: list[Stat]
    months: list[Month]
    quarter: Period | None = None

    @property
    def now(self) -> Task | None:
        return self.tasks[0] if self.tasks else None


def desk_of(officer: Officer, at: datetime) -> Desk:
    """The home of an officer by their first posting in force; empty for who holds none."""
    if not officer.current_postings:
        return Desk(None, [], [], [])
    office, today = officer.current_postings[0].office, dhaka_date(at)
    if office.is_leaf:
        months = months_of(office, today)[:SHOWN_MONTHS]
        tasks = _due(months) + _amendments(officer) + _agreements(officer, at) + _messages(officer)
        return Desk(office, tasks, [_audits(office, at)], months, quarter_before(at))
    tasks = _queue(officer, at) + _consolidated(officer, at) + _amendments(officer)
    tasks += _own_return(officer, office, at) + _agreements(officer, at) + _messages(officer)
    tasks += _baselines(officer, at) + _starting(officer, office, at)
    stats = [*_verified(office, at), *_scores(officer, at)]
    return Desk(office, tasks, stats, [], quarter_before(at))


def first_address(officer: Officer, at: datetime) -> str:
    """Where log-in lands: on the return that is due, else on the queue if something waits there, else at home."""
    today = dhaka_date(at)
    for posting in officer.current_postings:
        due = due_return(posting.office, today) if posting.office.is_leaf else None
        if due is not None and officer.has_perm("returns.enter_return", posting.office):
            return _entry(due)
    if any(row.month.state == ReturnState.SUBMITTED for row in queue_of(officer, today)):
        return reverse("returns:queue")
    return reverse("reports:home")


def _entry(month: Month) -> str:
    return reverse("returns:entry", args=[month.office.code, month.period])


def _due(months: list[Month]) -> list[Task]:
    tasks = []
    for month in months:
        if month.is_due:
            text = _("Submit the return of %(month)s") % {"month": month.period.label()}
            state = "late" if month.is_late else month.state
            tasks.append(Task(text, _entry(month), state))
    return tasks[::-1]


def _own_return(officer: Officer, office: Office, at: datetime) -> list[Task]:
    """The oldest month of the upper office's own doings that is not in; it may be nil."""
    due = due_return(office, dhaka_date(at)) if officer.has_perm("returns.enter_return", office) else None
    if due is None:
        return []
    text = _("Enter what your own office did in %(month)s") % {"month": due.period.label()}
    return [Task(text, _entry(due), due.state)]


def _consolidated(officer: Officer, at: datetime) -> list[Task]:
    """Consolidated returns to judge, to submit, to mend or to renew."""
    words = {
        Act.JUDGE: _("Look at the consolidated return of %(office)s, %(month)s"),
        Act.SUBMIT: _("Submit the consolidated return of %(month)s"),
        Act.MEND: _("The consolidated return of %(month)s came back"),
        Act.RENEW: _("The consolidated return of %(month)s is out of date"),
    }
    states = {Act.JUDGE: "submitted", Act.SUBMIT: "", Act.MEND: "returned", Act.RENEW: "outdated"}
    tasks = []
    for step in steps_of(officer, at):
        text = words[step.act] % {"office": step.office, "month": step.period.label()}
        place = [step.office.code, step.period]
        if step.act is Act.JUDGE and step.snapshot:
            address = reverse("returns:snapshot", args=[*place, step.snapshot.number])
        else:
            address = reverse("returns:consolidation", args=place)
        tasks.append(Task(text, address, states[step.act]))
    return tasks


def _queue(officer: Officer, at: datetime) -> list[Task]:
    waiting = [row for row in queue_of(officer, dhaka_date(at)) if row.month.state == ReturnState.SUBMITTED]
    if not waiting:
        return []
    text = ngettext("%(n)s return waits for verification", "%(n)s returns wait for verification", len(waiting))
    names = ", ".join(f"{row.month.office} ({row.month.period.label()})" for row in waiting[:3])
    return [Task(text % {"n": _count(len(waiting))}, reverse("returns:queue"), "submitted", names)]


def _amendments(officer: Officer) -> list[Task]:
    """Amendments that wait for the officer's decision, and those written and not yet proposed."""
    decide, propose = _("Decide on the amendment of %(what)s"), _("Propose the amendment of %(what)s, or withdraw it")
    waiting = [(decide, row) for row in amendments_for(officer)] + [(propose, row) for row in drafts_of(officer)]
    return [
        Task(
            text % {"what": f"{row.ret.office}, {row.ret.period.label()}"},
            reverse("returns:amendment", args=[row.ret.office.code, row.ret.period, row.pk]),
            "amended",
            row.reason,
        )
        for text, row in waiting
    ]


def _messages(officer: Officer) -> list[Task]:
    """Messages not read yet."""
    unread = unread_of(officer)
    if not unread:
        return []
    text = ngettext("%(n)s new message", "%(n)s new messages", unread)
    return [Task(text % {"n": _count(unread)}, reverse("offices:inbox"))]


def _baselines(officer: Officer, at: datetime) -> list[Task]:
    """Baselines that wait for this officer's verdict, by district."""
    rows = Baseline.objects.filter(verified_at=None).select_related("office__parent").order_by("office__path")
    seen = within(rows, [posting.office.path for posting in officer.current_postings])
    waiting = Counter(one.office.parent for one in judged_by(officer, seen, dhaka_date(at)))
    return [
        Task(
            _("Verify the baselines of %(office)s") % {"office": district},
            reverse("returns:baselines", args=[district.code]),
            "submitted",
            _count(count),
        )
        for district, count in waiting.items()
        if district is not None
    ]


def _starting(officer: Officer, office: Office, at: datetime) -> list[Task]:
    """The way of a district to its first month, while an office of it has no verified baseline."""
    if office.kind != OfficeKind.DISTRICT or not officer.has_perm("returns.enter_baselines", office):
        return []
    starts = starts_of(office, dhaka_date(at))
    done = sum(one.is_verified for one in starts)
    if done == len(starts):
        return []
    note = _("Baselines verified: %(done)s of %(of)s") % {"done": _count(done), "of": _count(len(starts))}
    return [Task(_("Start the offices of your district"), reverse("reports:starting", args=[office.code]), note=note)]


def _agreements(officer: Officer, at: datetime) -> list[Task]:
    """Agreements on which this officer has an act to do."""
    tasks = []
    for agreement in agreements_for(officer):
        waiting = what_now(agreement, officer, dhaka_date(at))
        if waiting.act:
            address = reverse("contracts:agreement", args=[agreement.office.code, agreement.fiscal_year])
            tasks.append(Task(waiting.text, address, note=f"{agreement.office}, {agreement.fiscal_year.label()}"))
    return tasks


def _audits(office: Office, at: datetime) -> Stat:
    year = FiscalYear.of(dhaka_date(at))
    planned = Audit.objects.filter(office=office, audit_year=year)
    left = planned.exclude(state=AuditState.DONE).count()
    label = _("Audits left in %(year)s") % {"year": year.label()}
    return Stat(label, _count(left), reverse("audits:list"), _("of %(n)s") % {"n": _count(planned.count())})


def _verified(office: Office, at: datetime) -> list[Stat]:
    """How much of the month is in; nothing before a form was published."""
    period = Period.of(dhaka_date(at)).previous()
    try:
        due_day = due_day_of(period)
    except UserError:
        return []
    known = completeness_of(office, period, due_day, at=at)
    label = _("Verified returns of %(month)s") % {"month": period.label()}
    address = reverse("returns:month", args=[office.code, period])
    return [Stat(label, _count(known.verified), address, _("of %(n)s") % {"n": _count(known.due)})]


def _scores(officer: Officer, at: datetime) -> list[Stat]:
    """The newest scores the officer may see, at most three."""
    stats = []
    for agreement in agreements_for(officer)[:3]:
        label = _("Score of %(office)s, %(year)s") % {
            "office": agreement.office,
            "year": agreement.fiscal_year.label(),
        }
        composite = half_up(scorecard_of(agreement, at=at).composite)
        figure = to_bangla_digits(composite) if reader_wants_bangla() else composite
        address = reverse("contracts:score", args=[agreement.office.code, agreement.fiscal_year])
        stats.append(Stat(label, figure, address, _("of %(n)s") % {"n": _count(100)}))
    return stats


def _count(number: int) -> str:
    return format_amount(number, Unit.COUNT, bangla=reader_wants_bangla())
