"""What an officer's home shows: what waits, the key figures of the office, and the state of its last months."""

from __future__ import annotations

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
from offices.models import Office, Officer
from returns.choices import ReturnState
from returns.completeness import completeness_of
from returns.published import due_day_of
from returns.worklist import Month, due_return, months_of, queue_of

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
    """An officer's home. ``months`` is newest first and empty above the leaf."""

    office: Office | None
    tasks: list[Task]
    stats: list[Stat]
    months: list[Month]

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
        return Desk(office, _due(months) + _agreements(officer, at), [_audits(office, at)], months)
    tasks = _queue(officer, at) + _agreements(officer, at)
    stats = [*_verified(office, at), *_scores(officer, at)]
    return Desk(office, tasks, stats, [])


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


def _queue(officer: Officer, at: datetime) -> list[Task]:
    waiting = [row for row in queue_of(officer, dhaka_date(at)) if row.month.state == ReturnState.SUBMITTED]
    if not waiting:
        return []
    text = ngettext("%(n)s return waits for verification", "%(n)s returns wait for verification", len(waiting))
    names = ", ".join(f"{row.month.office} ({row.month.period.label()})" for row in waiting[:3])
    return [Task(text % {"n": _count(len(waiting))}, reverse("returns:queue"), "submitted", names)]


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
