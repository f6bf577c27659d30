"""Making the accounts of a whole list: all of its rows, or none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import UserError
from core.workbooks.lists import ListDelivery
from offices.models import Office, Officer
from offices.officer_book import OfficerVerdict, judge_officers
from offices.services.officers import Invitation, invite_officer


class OfficersRefusedError(UserError):
    """A row stands in the way, so that no account was made; ``verdicts`` say which and why."""

    def __init__(self, verdicts: Sequence[OfficerVerdict]) -> None:
        first = next(wrong for one in verdicts for wrong in one.wrong)
        super().__init__(
            _("Cell %(cell)s (%(head)s): %(message)s")
            % {"cell": first.place, "head": first.head, "message": first.message}
        )
        self.verdicts = verdicts


@transaction.atomic
def take_officers(delivery: ListDelivery, scope: Office, *, by: Officer, at: datetime) -> list[Invitation]:
    """Make the accounts of a filled workbook, with a one-time password each.

    `OfficersRefusedError` while a row is refused: somebody may have taken a name or a seat since the preview.
    """
    Office.objects.select_for_update().get(pk=scope.pk)
    verdicts = judge_officers(delivery, by, scope)
    if any(one.wrong for one in verdicts):
        raise OfficersRefusedError(verdicts)
    return [invite_officer(**one.fields, by=by, at=at) for one in verdicts]
