"""What returns do when an office moves (those of the months moved follow, unless one is verified) or closes (no month
that it reported for lies after its last day)."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.errors import UserError
from core.periods import Period
from core.templatetags.figures import digits
from offices.models import Office
from offices.places import Move, month_of
from returns.choices import ReturnState
from returns.consolidation_models import Consolidation
from returns.models import Return, ReturnVersion


def follow_move(move: Move) -> list[str]:
    """Give returns from the move's month on the new path; `UserError` if a superior has verified one of them."""
    known = Return.objects.select_for_update().filter(office__in=move.paths)  # none is verified in this very moment
    rows = [ret for ret in known.order_by("pk") if month_of(ret.period) >= move.first]
    verified = ReturnVersion.objects.filter(ret__in=rows, state=ReturnState.VERIFIED).select_related("ret__office")
    if latest := max(verified, key=lambda version: version.ret.period, default=None):
        raise UserError(
            _("The return of %(office)s for %(month)s is verified under the old superior. Move from a later month.")
            % {"office": latest.ret.office, "month": latest.ret.period.label()},
            cell="first",
        )
    for ret in rows:
        ret.office_path = move.paths[ret.office_id]
    Return.objects.bulk_update(rows, ["office_path"])
    for snapshot in Consolidation.objects.select_for_update().filter(office__in=move.paths).order_by("pk"):
        if month_of(snapshot.period) >= move.first:
            Consolidation.objects.filter(pk=snapshot.pk).update(office_path=move.paths[snapshot.office_id])
    return [_follows(len(rows))] if rows else []


def check_closing(office: Office, closed_on: date) -> None:
    """`UserError` where the office submitted the return of a month that begins after its last day: such a month would
    count in the totals of offices that do not owe it."""
    rows = Return.objects.filter(office=office, period__gt=Period.of(closed_on), first_submitted_at__isnull=False)
    latest = rows.order_by("-period").first()
    if latest is not None:
        raise UserError(
            _("%(office)s has submitted its return of %(month)s. Choose a last day in that month or later.")
            % {"office": office, "month": latest.period.label()},
            cell="closed_on",
        )


def _follows(count: int) -> str:
    text = ngettext("%(n)s return that is still open follows.", "%(n)s returns that are still open follow.", count)
    return text % {"n": digits(count)}
