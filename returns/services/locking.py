"""Locking a return and guarding what may be done to it; every service begins here."""

from __future__ import annotations

from datetime import datetime

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from core.errors import UserError
from core.periods import dhaka_date
from core.templatetags.figures import digits
from offices.models import Office, Officer, Posting
from offices.places import forget_places
from offices.rights import require_right
from returns.choices import ReturnState
from returns.models import Return, ReturnVersion, SaveReceipt


class ClosedReturnError(UserError):
    """The return is submitted or verified; nothing of what was typed can be kept."""


def day_label(instant: datetime | None) -> str:
    """The day in Dhaka as ``০৫/১১/২০২৬``, in the reader's digits."""
    return "" if instant is None else digits(f"{dhaka_date(instant):%d/%m/%Y}")


def lock_return(ret: Return, *, key: str = "") -> tuple[Return, ReturnVersion]:
    """The return, locked until the transaction ends, and its newest version. Whoever comes second sees the first's act.

    The form's catalogue is not loaded; ``ret`` itself is left as it was. The version carries as ``answer`` the answer
    once given under a save's ``key``.
    """
    locked = Return.objects.select_for_update(of=("self",)).select_related("office__parent", "form")
    fresh = locked.defer("form__catalogue").get(pk=ret.pk)
    receipts = SaveReceipt.objects.filter(version=OuterRef("pk"), key=key).values("answer")
    version = ReturnVersion.objects.filter(ret=fresh).annotate(answer=Subquery(receipts)).order_by("-number").first()
    assert version is not None, "a return is opened together with its first version"
    version.ret = fresh
    return fresh, version


def hold_office(office: Office) -> Office:
    """The office as it stands now, neither moved nor closed until the transaction ends: it may have been moved since
    it was read, and a return keeps the place that it is opened with."""
    rows = Office.objects.select_for_update(of=("self",), no_key=True).select_related("parent", "baseline")
    held = rows.get(pk=office.pk)
    if held.since != office.since:
        forget_places()
    return held


def lock_draft(
    ret: Return, *, by: Officer, at: datetime, right: str = "returns.enter_return", key: str = ""
) -> tuple[Return, ReturnVersion, Posting]:
    """Lock a return for entry: the officer holds the right that day and the newest version is a draft (`UserError`)."""
    fresh, version = lock_return(ret, key=key)
    posting = require_right(by, right, fresh, on=dhaka_date(at))
    check_draft(version)
    return fresh, version, posting


def check_draft(version: ReturnVersion) -> None:
    """Raise `ClosedReturnError` unless the version is a draft."""
    if version.state == ReturnState.SUBMITTED:
        raise ClosedReturnError(
            _("This return was submitted on %(when)s. It can change only if the superior office sends it back.")
            % {"when": day_label(version.submitted_at)}
        )
    if version.state != ReturnState.DRAFT:
        raise ClosedReturnError(_("This return has been verified. It changes only by an amendment."))
