"""Whether a list that came back as a workbook was made for the office whose page it was sent to."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.errors import UserError
from core.workbooks.lists import ListDelivery
from offices.models import Office
from offices.titles import office_title


def check_scope(delivery: ListDelivery, scope: Office) -> None:
    """Refuse (`UserError`) a workbook of another office, naming both."""
    theirs = delivery.identity.get("office", "—")
    if theirs != scope.code:
        raise UserError(
            _("“%(file)s” was made for another office: %(theirs)s, not %(office)s. Download the workbook here.")
            % {"file": delivery.file, "theirs": theirs, "office": office_title(scope)}
        )
