"""Every write to the register of societies."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from core.activity import record_activity
from core.errors import UserError
from core.periods import dhaka_date
from core.templatetags.figures import digits
from core.text import clean_text, search_key
from offices.choices import OfficeKind
from offices.models import Office, Officer, Posting
from offices.rights import require_right
from societies.choices import TRANSITIONS, EventKind, Sponsor, Status, Tier, society_classes
from societies.models import Society, StatusEvent
from societies.rules import forbidden_word


@transaction.atomic
def register_society(
    *,
    office: Office,
    name_bn: str,
    reg_no: str,
    reg_on: date,
    class_code: str,
    by: Officer,
    at: datetime,
    name_en: str = "",
    tier: str = Tier.PRIMARY,
    sponsor: str = Sponsor.GENERAL,
    union: str = "",
    ward: str = "",
    address: str = "",
    order_number: str = "",
) -> Society:
    """Enter a registered society and the event of its registration.

    Raise `UserError` for a name that section 9 forbids, a date to come, or a number taken in the district and year.
    """
    posting = require_right(by, "societies.register_society", office, on=dhaka_date(at))
    society = Society(
        office=office,
        registered_in=district_of(office),
        reg_no=clean_text(reg_no),
        reg_on=reg_on,
        name_bn=clean_text(name_bn),
        name_en=clean_text(name_en),
        tier=Tier(tier),
        sponsor=Sponsor(sponsor),
        class_code=class_code,
        union=clean_text(union),
        ward=clean_text(ward),
        address=clean_text(address),
    )
    check_registration(society, at)
    _fill_keys(society)
    try:
        with transaction.atomic():
            society.save(force_insert=True)
    except IntegrityError as error:
        raise UserError(_number_taken(society), cell="reg_no") from error
    _write_event(
        society, EventKind.REGISTERED, Status.FUNCTIONAL, reg_on, by, at, order_number=clean_text(order_number)
    )
    _record("societies.register_society", society, posting, by, at, after={"reg_no": society.reg_no})
    return society


@transaction.atomic
def change_status(
    *,
    society: Society,
    kind: EventKind,
    on: date,
    by: Officer,
    at: datetime,
    order_number: str = "",
    reason: str = "",
) -> StatusEvent:
    """Record an event of a society's registration; it counts in the month of ``on``, whenever it is recorded.

    Raise `UserError` if it cannot follow the present status, lies before the last event or ahead of today, or is a
    cancellation without liquidation and without a reason.
    """
    society = Society.objects.select_for_update(of=("self",)).select_related("office").get(pk=society.pk)
    posting = require_right(by, "societies.change_status", society, on=dhaka_date(at))
    reason = clean_text(reason)
    is_direct = kind is EventKind.CANCELLED and society.status != Status.UNDER_LIQUIDATION
    _guard_transition(society, kind)
    _guard_date(society, on, at)
    if is_direct and not reason:
        raise UserError(_("Cancelling without liquidation needs a reason. Write it."), cell="reason")
    before = society.status
    target = TRANSITIONS[kind].target
    event = _write_event(
        society, kind, target, on, by, at, order_number=clean_text(order_number), reason=reason, is_direct=is_direct
    )
    society.status = target
    society.save(update_fields=["status"])
    _record("societies.change_status", society, posting, by, at, {"status": before}, {"status": target, "on": str(on)})
    return event


@transaction.atomic
def transfer_society(
    *, society: Society, to: Office, on: date, by: Officer, at: datetime, order_number: str = "", reason: str = ""
) -> StatusEvent:
    """Move a society to another leaf office: out of one office's register and into the other's on the same day.

    Its number stays that of the district that registered it. The superior of both offices does it.
    """
    society = Society.objects.select_for_update(of=("self",)).select_related("office").get(pk=society.pk)
    posting = require_right(by, "societies.transfer_society", society, on=dhaka_date(at))
    require_right(by, "societies.transfer_society", to, on=dhaka_date(at))
    if not to.is_leaf or to.pk == society.office_id:
        raise UserError(_("Choose another upazila or metropolitan thana office."), cell="to")
    if society.status == Status.CANCELLED:
        raise UserError(_("The registration of this society is cancelled; it cannot be moved."))
    _guard_date(society, on, at)
    order, why = clean_text(order_number), clean_text(reason)
    _write_event(society, EventKind.TRANSFERRED_OUT, Status.MOVED, on, by, at, order_number=order, reason=why)
    left = society.office
    society.office = to
    society.save(update_fields=["office"])
    status = Status(society.status)
    event = _write_event(society, EventKind.TRANSFERRED_IN, status, on, by, at, order_number=order, reason=why)
    _record("societies.transfer_society", society, posting, by, at, {"office": left.code}, {"office": to.code})
    return event


@transaction.atomic
def withdraw_event(*, event: StatusEvent, reason: str, by: Officer, at: datetime) -> Society:
    """Take back the last event of a society, recorded by mistake; its status is again what it was before.

    The activity keeps what the event said. Registrations and transfers are not taken back: a society registered by
    mistake is cancelled, one transferred by mistake transferred back.
    """
    society = Society.objects.select_for_update(of=("self",)).select_related("office").get(pk=event.society_id)
    posting = require_right(by, "societies.correct_event", society, on=dhaka_date(at))
    reason = clean_text(reason)
    last, *earlier = society.events.order_by("-sequence")[:2]
    if last.pk != event.pk or last.kind not in TRANSITIONS or not earlier:
        raise UserError(_("Only the last change of status can be taken back."))
    if not reason:
        raise UserError(_("Write why the record is taken back."), cell="reason")
    said = {"kind": last.kind, "on": str(last.on), "order": last.order_number, "reason": last.reason}
    last.delete()
    society.status = earlier[0].status
    society.save(update_fields=["status"])
    after = {"status": society.status, "why": reason}
    _record("societies.withdraw_event", society, posting, by, at, said, after)
    return society


def district_of(office: Office) -> Office:
    """The district whose numbers the office's societies bear."""
    parent = office.parent
    if not office.is_leaf or parent is None:
        raise UserError(_("Societies are kept by upazila and metropolitan thana offices."), cell="office")
    return parent if parent.kind == OfficeKind.DISTRICT else office


def check_registration(society: Society, at: datetime) -> None:
    """Refuse (`UserError`) a registration for what it says itself, whatever else is in the register."""
    if not society.name_bn or not society.reg_no:
        raise UserError(_("Write the name in Bangla and the registration number."), cell="name_bn")
    known = society_classes().get(society.class_code)
    if known is None:
        raise UserError(_("Choose the class of the society."), cell="class_code")
    for field, name in (("name_bn", society.name_bn), ("name_en", society.name_en)):
        if word := forbidden_word(name, may_be_bank=known.may_be_bank):
            raise UserError(
                _("Section 9 of the Act keeps the word “%(word)s” out of a society's name. Change the name.")
                % {"word": word},
                cell=field,
            )
    if society.reg_on > dhaka_date(at):
        raise UserError(_("The date of registration lies ahead. Correct it."), cell="reg_on")


def _guard_transition(society: Society, kind: EventKind) -> None:
    transition = TRANSITIONS.get(kind)
    if transition is None or society.status not in transition.sources:
        raise UserError(
            _("“%(event)s” cannot follow: the society is %(status)s. Look at its history below.")
            % {"event": kind.label, "status": society.get_status_display()},
            cell="kind",
        )


def _guard_date(society: Society, on: date, at: datetime) -> None:
    if on > dhaka_date(at):
        raise UserError(_("The date lies ahead. Write the date of the order, not later than today."), cell="on")
    last = society.events.aggregate(last=Max("on"))["last"]
    if last is not None and on < last:
        raise UserError(
            _("The date lies before the last event of this society (%(date)s). Write that day or a later one.")
            % {"date": digits(last.strftime("%d/%m/%Y"))},
            cell="on",
        )


def _fill_keys(society: Society) -> None:
    """The stored columns that follow from what was typed."""
    society.reg_key = search_key(society.reg_no)
    society.reg_year = society.reg_on.year
    society.sort_key = search_key(society.name_bn)
    Office.objects.select_for_update().get(pk=society.office_id)
    number = Society.objects.filter(code__startswith=f"{society.office.code}.").count() + 1
    society.code = f"{society.office.code}.{number:05d}"
    society.search_key = search_key(f"{society.name_bn} {society.name_en} {society.reg_no} {society.code}")


def _number_taken(society: Society) -> str:
    return _("Number %(number)s of %(year)s is already in the register of this district. Look for it in the list.") % {
        "number": digits(society.reg_no),
        "year": digits(society.reg_year),
    }


def _write_event(
    society: Society,
    kind: EventKind,
    status: Status,
    on: date,
    by: Officer,
    at: datetime,
    *,
    order_number: str = "",
    reason: str = "",
    is_direct: bool = False,
) -> StatusEvent:
    last = society.events.aggregate(last=Max("sequence"))["last"] or 0
    return StatusEvent.objects.create(
        society=society,
        office=society.office,
        sequence=last + 1,
        kind=kind,
        status=status,
        on=on,
        order_number=order_number,
        reason=reason,
        is_direct=is_direct,
        by=by,
        at=at,
    )


def _record(
    verb: str,
    society: Society,
    posting: Posting,
    by: Officer,
    at: datetime,
    before: dict[str, str] | None = None,
    after: dict[str, str] | None = None,
) -> None:
    record_activity(
        verb,
        society,
        by=by,
        at=at,
        office_path=posting.office.path,
        post=posting.post,
        before=before,
        after=after,
    )
