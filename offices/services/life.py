"""An office's life: opened, moved to another superior from a month on, closed. Codes stay for ever."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from core.activity import record_activity
from core.errors import UserError
from core.periods import Period, PeriodKind, dhaka_date
from core.text import clean_text
from offices.choices import SUPERIOR_OF_KIND, OfficeKind
from offices.models import FormerPlace, Office, Officer
from offices.places import Move, ask_objectors, forget_places, next_path, tell_followers
from offices.rights import require_right

_CODE = re.compile(r"[a-z][a-z0-9-]{1,59}")
RIGHT = "offices.manage_offices"


@transaction.atomic
def open_office(
    *,
    code: str,
    kind: OfficeKind,
    parent: Office,
    name_bn: str,
    name_en: str,
    opened_on: date,
    by: Officer,
    at: datetime,
) -> Office:
    """Open an office below its superior. Its returns are due from the month after its baseline."""
    require_right(by, RIGHT, parent)
    code = code.strip().lower()
    if not _CODE.fullmatch(code):
        raise UserError(_("A code has small English letters, digits and dashes, for example hatibandha."), cell="code")
    taken = UserError(_("The code “%(code)s” is taken for ever. Choose another.") % {"code": code}, cell="code")
    if Office.objects.filter(code=code).exists():
        raise taken
    _check_superior(kind, parent)
    names = {"name_bn": clean_text(name_bn), "name_en": clean_text(name_en)}
    path = next_path(Office.objects.select_for_update().get(pk=parent.pk))
    try:
        with transaction.atomic():
            office = Office.objects.create(code=code, kind=kind, parent=parent, **names, opened_on=opened_on, path=path)
    except IntegrityError as error:  # opened in this very moment by another, or by a second click
        raise taken from error
    after = {"code": code, "parent": parent.code, "opened_on": opened_on.isoformat()}
    record_activity("offices.open_office", office, by=by, at=at, office_path=office.path, after=after)
    return office


@transaction.atomic
def close_office(*, office: Office, closed_on: date, by: Officer, at: datetime) -> Office:
    """Close an office on its last day. Months that begin after it are not due; its history stays where it is.

    `UserError` for a day ahead, while an office works below it, or where it reported for a month after that day.
    """
    office = Office.objects.select_for_update(of=("self",)).get(pk=office.pk)
    require_right(by, RIGHT, office)
    check_has_superior(office)
    if office.closed_on is not None:
        raise UserError(_("%(office)s is closed already.") % {"office": office})
    if closed_on > dhaka_date(at) or (office.opened_on and closed_on < office.opened_on):
        raise UserError(_("The last day lies ahead, or before the office was opened. Correct it."), cell="closed_on")
    below = office.children.filter(closed_on=None).order_by("path").first()
    if below is not None:
        raise UserError(
            _("%(below)s still works below %(office)s. Move or close it first.") % {"below": below, "office": office}
        )
    ask_objectors(office, closed_on)
    office.closed_on = closed_on
    office.save(update_fields=["closed_on"])
    after = {"closed_on": closed_on.isoformat()}
    record_activity("offices.close_office", office, by=by, at=at, office_path=office.path, after=after)
    return office


@transaction.atomic
def move_office(*, office: Office, parent: Office, first: Period, by: Officer, at: datetime) -> Office:
    """Put an office with all below it under another superior from a month on; earlier months keep the old place.

    `UserError` for a month ahead, one before an earlier move, or one in which a return under it is verified already.
    """
    _move(office, parent, first, by, at)
    office.refresh_from_db()
    return office


@dataclass(frozen=True)
class Foreseen:
    """What a move would do: the offices that would move along, and what would follow in other rooms, in sentences."""

    moved: list[Office]
    said: list[str]


@transaction.atomic
def foresee_move(*, office: Office, parent: Office, first: Period, by: Officer, at: datetime) -> Foreseen:
    """What `move_office` would do, found by doing it and taking it back; `UserError` as that."""
    below = list(Office.objects.below(office).exclude(pk=office.pk))
    mark = transaction.savepoint()
    try:
        said = _move(Office.objects.get(pk=office.pk), parent, first, by, at)
    finally:
        transaction.savepoint_rollback(mark)
        forget_places()
    return Foreseen(below, said)


def _move(office: Office, parent: Office, first: Period, by: Officer, at: datetime) -> list[str]:
    _lock_below(office)
    office.refresh_from_db()
    require_right(by, RIGHT, office)
    require_right(by, RIGHT, parent)
    check_has_superior(office)
    _check_superior(OfficeKind(office.kind), parent)
    _check_move(office, parent, first, at)
    old = office.path
    new = next_path(Office.objects.select_for_update().get(pk=parent.pk))
    _leave_places(old, first)
    moved = Office.objects.below(office)
    moved.update(path=Concat(Value(new), Substr(F("path"), len(old) + 1)), since=first)
    Office.objects.filter(pk=office.pk).update(parent=parent)
    office.refresh_from_db()
    forget_places()
    paths = dict(Office.objects.below(office).values_list("pk", "path"))
    said = tell_followers(Move(office, paths, first))
    record_activity(
        "offices.move_office",
        office,
        by=by,
        at=at,
        office_path=new,
        before={"path": old},
        after={"parent": parent.code, "from": first.key, "path": new},
    )
    return said


def check_has_superior(office: Office) -> None:
    """`UserError` for the top of the tree, which has nowhere to go and below which everything stands."""
    if office.kind == OfficeKind.DEPARTMENT:
        raise UserError(
            _("%(office)s stands at the top of all offices: it is neither moved nor closed.") % {"office": office}
        )


def _lock_below(office: Office) -> None:
    """The office and all below it, in one order: whoever opens a return holds its office."""
    list(Office.objects.below(office).select_for_update().order_by("pk").values_list("pk"))


def _check_superior(kind: OfficeKind, parent: Office) -> None:
    if parent.kind != SUPERIOR_OF_KIND.get(kind):
        raise UserError(
            _("An office of this kind does not stand below %(parent)s. Choose another superior.") % {"parent": parent},
            cell="parent",
        )
    if parent.closed_on is not None:
        raise UserError(_("%(office)s is closed already.") % {"office": parent}, cell="parent")


def _check_move(office: Office, parent: Office, first: Period, at: datetime) -> None:
    if office.parent_id == parent.pk:
        raise UserError(_("%(office)s stands below %(parent)s already.") % {"office": office, "parent": parent})
    if first.kind is not PeriodKind.MONTH or first > Period.of(dhaka_date(at)):
        raise UserError(
            _("A move is recorded from the month in which it takes effect, not ahead of it. Choose an earlier month."),
            cell="first",
        )
    latest = max((one.since for one in Office.objects.below(office) if one.since), default=None)
    if latest is not None and first < latest:
        raise UserError(
            _("%(office)s, or an office below it, moved from %(month)s on. Choose that month or a later one.")
            % {"office": office, "month": latest.label()},
            cell="first",
        )


def _leave_places(old: str, first: Period) -> None:
    """Keep where each office stood until then; a place that held no month is not kept."""
    stay = [one for one in Office.objects.filter(path__startswith=old) if one.since is None or one.since < first]
    FormerPlace.objects.bulk_create(
        FormerPlace(office=one, parent_id=one.parent_id, path=one.path, last=first.previous()) for one in stay
    )
