"""Entering a whole list of societies: all of its rows, or none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import UserError
from core.workbooks.lists import ListDelivery
from offices.models import Office, Officer
from societies.book import EVENT_INTO, SocietyVerdict, judge_societies, registration
from societies.choices import Status
from societies.models import Society
from societies.services import change_status, register_society


class SocietiesRefusedError(UserError):
    """A row stands in the way, so that nothing was entered; ``verdicts`` say which and why."""

    def __init__(self, verdicts: Sequence[SocietyVerdict]) -> None:
        first = next(wrong for one in verdicts for wrong in one.wrong)
        super().__init__(
            _("Cell %(cell)s (%(head)s): %(message)s")
            % {"cell": first.place, "head": first.head, "message": first.message}
        )
        self.verdicts = verdicts


@transaction.atomic
def take_societies(delivery: ListDelivery, scope: Office, *, by: Officer, at: datetime) -> list[Society]:
    """Enter the societies of a filled workbook, each with its events; those in the register already stay as they are.

    `SocietiesRefusedError` while a row is refused: somebody may have entered a number since the preview.
    """
    Office.objects.select_for_update().get(pk=scope.pk)
    verdicts = judge_societies(delivery, by, scope, at=at)
    if any(one.wrong for one in verdicts):
        raise SocietiesRefusedError(verdicts)
    return [_enter(one, by, at) for one in verdicts if one.is_new]


def _enter(verdict: SocietyVerdict, by: Officer, at: datetime) -> Society:
    fields = verdict.fields
    society = register_society(**registration(fields), order_number=fields["order_number"], by=by, at=at)
    status: Status = fields["status"]
    if status is not Status.FUNCTIONAL:
        change_status(
            society=society,
            kind=EVENT_INTO[status],
            on=fields["status_on"],
            order_number=fields["status_order"],
            reason=fields["reason"],
            by=by,
            at=at,
        )
    return society
