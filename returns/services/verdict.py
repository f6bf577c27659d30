"""The superior's verdict on a submitted return: verified, or sent back with a reason."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from core.activity import record_activity
from core.errors import UserError
from core.language import reader_wants_bangla
from core.periods import dhaka_date
from core.templatetags.figures import digits
from core.text import clean_text
from offices.models import Officer, Posting
from offices.rights import posting_for
from returns.catalogue import Catalogue
from returns.choices import LineKind, ReturnState
from returns.history import past_of, versions_of
from returns.judges import bench_of, involved_in
from returns.models import Remark, Return, ReturnVersion, Value
from returns.published import catalogue_of
from returns.rollup import request_totals
from returns.rules import Amounts
from returns.services.cells import check_no_flag, first_flagged
from returns.services.entry import MAX_REMARK, too_long
from returns.services.locking import day_label, lock_return
from returns.sheet import baseline_of


@transaction.atomic
def verify_return(
    ret: Return, *, by: Officer, at: datetime, on_import: bool = False, seen: int | None = None
) -> ReturnVersion:
    """Verify a submitted return and ask for the totals above it, in one act.

    Only the immediate superior may (see `returns.judges`), and nobody what they entered; ``on_import`` an administrator
    too, the version says so ever after, and whoever imports asks for the totals, once for all. ``seen`` is the number
    of the version that was looked at. `UserError` if another one waits by now, or while the source of its openings is
    unverified or has other closings by now.
    """
    ret, version, seat = _lock_submitted(ret, by=by, at=at, on_import=on_import, seen=seen)
    _check_openings(ret, version)
    check_no_flag(ret)
    version.state, version.decided_at, version.decided_by = ReturnState.VERIFIED, at, by
    version.is_verified_on_import = on_import
    version.save(update_fields=["state", "decided_at", "decided_by", "is_verified_on_import"])
    ret.state = ReturnState.VERIFIED
    ret.save(update_fields=["state"])
    record_activity(
        "returns.verify_return",
        ret,
        by=by,
        at=at,
        office_path=ret.office_path,
        post=seat.post,
        after={"version": version.number} | ({"on_import": True} if on_import else {}),
    )
    if not on_import:
        request_totals(ret, by=by, at=at)
    return version


def _lock_submitted(
    ret: Return, *, by: Officer, at: datetime, on_import: bool = False, seen: int | None = None
) -> tuple[Return, ReturnVersion, Posting]:
    ret, version = lock_return(ret)
    seat = bench_of(ret, version, dhaka_date(at)).seat_of(by)
    if seat is None and on_import and by.pk not in involved_in(version):
        seat = posting_for(by, "returns.import_returns", ret, on=dhaka_date(at))
    if seat is None:
        raise PermissionDenied("returns.verify_return")
    if version.state == ReturnState.VERIFIED:
        raise UserError(_("This return was verified already on %(when)s.") % {"when": day_label(version.decided_at)})
    if version.state != ReturnState.SUBMITTED:
        raise UserError(_("This return is not submitted now; it is being entered. Nothing was changed."))
    if seen not in (None, version.number):
        raise UserError(changed_meanwhile(version))
    return ret, version, seat


def changed_meanwhile(version: ReturnVersion) -> str:
    """What is said to who decides on a version that another one has replaced."""
    return _("It changed meanwhile: version %(number)s is another one than you saw.") % {
        "number": digits(version.number)
    }


def _check_openings(ret: Return, version: ReturnVersion) -> None:
    """Openings must be the verified closings of the month before, as they stand now."""
    previous = ret.period.previous()
    versions = versions_of(ret.office, [previous])
    past = past_of(ret.office, ret.period, versions, baseline_of(ret.office))
    if past.opening.is_beginning:
        return
    if not past.opening.is_verified:
        source = _("the baseline") if past.opening.is_baseline else previous.label()
        raise UserError(
            _("The openings come from %(source)s, which is not verified yet. Verify that first.") % {"source": source}
        )
    catalogue = catalogue_of(ret.form)
    cell = _moved_opening(catalogue, version, past.context.previous)
    if cell:
        raise UserError(
            _("%(cell)s no longer opens with the closing of %(previous)s. Send the return back; it then takes it anew.")
            % {"cell": catalogue.code_of(cell, bangla=reader_wants_bangla()), "previous": previous.label()},
            cell=cell,
        )


def _moved_opening(catalogue: Catalogue, version: ReturnVersion, closings: Amounts) -> str:
    frozen = dict(Value.objects.filter(version=version).values_list("cell", "amount"))
    for key, cell in catalogue.cells_by_key.items():
        if cell.line.kind is LineKind.OPENING and key in frozen:
            source = key.replace(cell.line.code, cell.line.opening_of, 1)
            if frozen[key] != closings.get(source):
                return key
    return ""


@transaction.atomic
def send_back_return(
    ret: Return, *, reason: str, cell: str = "", by: Officer, at: datetime, seen: int | None = None
) -> ReturnVersion:
    """Send a submitted return back with a reason, pointing to a cell; the next version opens as a copy of it.

    Gives the new draft. `UserError` without a reason, with one over 1,000 characters, or where another version waits
    than the one that was ``seen``.
    """
    ret, version, seat = _lock_submitted(ret, by=by, at=at, seen=seen)
    words = clean_text(reason)
    if not words:
        raise UserError(_("Write why the return goes back, so that the office can mend it."), cell=cell)
    if len(words) > MAX_REMARK:
        raise UserError(too_long(words), cell=cell)
    catalogue = catalogue_of(ret.form)
    if cell and cell not in catalogue.cells_by_key:
        raise UserError(_("The form has no cell %(cell)s.") % {"cell": cell})
    version.state, version.decided_at, version.decided_by = ReturnState.RETURNED, at, by
    version.reason, version.reason_cell = words, cell or first_flagged(ret)
    version.save(update_fields=["state", "decided_at", "decided_by", "reason", "reason_cell"])
    draft = _redraft(ret, version, catalogue, at)
    ret.state = ReturnState.RETURNED
    ret.save(update_fields=["state"])
    record_activity(
        "returns.send_back_return",
        ret,
        by=by,
        at=at,
        office_path=ret.office_path,
        post=seat.post,
        after={"version": version.number, "reason": words, "cell": cell},
    )
    return draft


def _redraft(ret: Return, version: ReturnVersion, catalogue: Catalogue, at: datetime) -> ReturnVersion:
    """The next version: entered figures and remarks as they were, each at its first revision."""
    draft = ReturnVersion.objects.create(ret=ret, number=version.number + 1, opened_at=at, is_nil=version.is_nil)
    entered = {cell.key for cell in catalogue.cells if cell.is_entered}
    values = [value for value in Value.objects.filter(version=version) if value.cell in entered]
    for value in values:
        value.pk, value.version, value.revision = None, draft, 1
        value.rows_model, value.rows = "", []
    Value.objects.bulk_create(values)
    remarks = list(Remark.objects.filter(version=version))
    for remark in remarks:
        remark.pk, remark.version = None, draft
    Remark.objects.bulk_create(remarks)
    return draft
