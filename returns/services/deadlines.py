"""Setting the last day of a level, and granting one office more time."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.activity import record_activity
from core.errors import UserError
from core.language import reader_wants_bangla
from core.numbers import to_bangla_digits
from core.periods import Period, PeriodKind, dhaka_date
from core.text import clean_text
from offices.choices import OfficeKind
from offices.models import Office, Officer
from offices.rights import require_right
from returns.choices import ReturnState
from returns.deadline_models import Deadline
from returns.due import calendar_of, last_day_of
from returns.models import Return
from returns.published import due_day_of

#: Nobody gets more time than this beyond the end of the period.
LONGEST_DAYS = 120


@transaction.atomic
def set_deadline(
    kind: OfficeKind, period: Period, *, last_day: date, reason: str, by: Officer, at: datetime
) -> Deadline:
    """Set the last day on which returns of a level are in time in a period; setting again replaces it.

    Offices with time of their own keep it. `UserError` for a day within the period or long after it, and for one that
    would make returns late which were in time when they came.
    """
    department = Office.objects.get(kind=OfficeKind.DEPARTMENT)
    posting = require_right(by, "returns.set_deadlines", department, on=dhaka_date(at))
    _guard(period, last_day, reason)
    _check_can_be_kept(last_day, calendar_of(due_day_of(period), [period]).last_day(period, kind=kind, office=0), at)
    return _keep(Deadline(period=period, kind=kind, last_day=last_day, reason=clean_text(reason)), by, at, posting.post)


@transaction.atomic
def grant_time(office: Office, period: Period, *, last_day: date, reason: str, by: Officer, at: datetime) -> Deadline:
    """Give an office until the end of a later day for its return of a period; granting again replaces it.

    `UserError` where the return is verified, the day is not later than the one in force for its level, or it takes back
    time that has passed already.
    """
    posting = require_right(by, "returns.grant_time", office, on=dhaka_date(at))
    _guard(period, last_day, reason)
    if Return.objects.filter(office=office, period=period, state=ReturnState.VERIFIED).exists():
        raise UserError(_("This return is verified; it needs no more time."))
    calendar = calendar_of(due_day_of(period), [period])
    usual = calendar.last_day(period, kind=office.kind, office=0)
    if last_day <= usual:
        raise UserError(
            _("The return is due by %(day)s in any case. Choose a later day.") % {"day": _shown(usual)}, cell="last_day"
        )
    _check_can_be_kept(last_day, last_day_of(calendar, office, period), at)
    return _keep(
        Deadline(period=period, office=office, last_day=last_day, reason=clean_text(reason)), by, at, posting.post
    )


def _guard(period: Period, last_day: date, reason: str) -> None:
    if period.kind is not PeriodKind.MONTH:
        raise UserError(_("Deadlines are set for single months."))
    if not clean_text(reason):
        raise UserError(_("Say why; the reason is shown with the deadline."), cell="reason")
    if not 0 < (last_day - period.last).days <= LONGEST_DAYS:
        text = _("%(day)s is not within 120 days after the end of %(month)s. Choose another day.")
        raise UserError(text % {"day": _shown(last_day), "month": period.label()}, cell="last_day")


def _check_can_be_kept(last_day: date, in_force: date, at: datetime) -> None:
    """Refuse an earlier day than the one in force once it has passed: who kept the old one would be late for it."""
    if last_day < in_force and last_day < dhaka_date(at):
        raise UserError(
            _("%(day)s has passed; nobody can keep it any more. Choose a later day.") % {"day": _shown(last_day)},
            cell="last_day",
        )


def _keep(wanted: Deadline, by: Officer, at: datetime, post: str) -> Deadline:
    found = (
        Deadline.objects.select_for_update(of=("self",))
        .filter(period=wanted.period, kind=wanted.kind, office=wanted.office)
        .first()
    )
    before = {"last_day": found.last_day.isoformat(), "reason": found.reason} if found else {}
    kept = found or wanted
    kept.last_day, kept.reason, kept.set_by, kept.set_at = wanted.last_day, wanted.reason, by, at
    kept.save()
    record_activity(
        "returns.grant_time" if kept.office else "returns.set_deadline",
        kept,
        by=by,
        at=at,
        office_path=kept.office.path if kept.office else "",
        post=post,
        before=before,
        after={"period": kept.period.key, "kind": kept.kind, "last_day": kept.last_day.isoformat()},
    )
    return kept


def _shown(day: date) -> str:
    text = day.strftime("%d/%m/%Y")
    return to_bangla_digits(text) if reader_wants_bangla() else text
