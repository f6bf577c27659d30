"""Yearly targets of an office's cells."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.activity import record_activity
from core.errors import UserError
from core.periods import FiscalYear, dhaka_date
from offices.models import Office, Officer
from offices.rights import require_right
from returns.choices import LineKind
from returns.models import LineTarget
from returns.published import catalogue_of, form_for


@transaction.atomic
def set_line_targets(
    office: Office, fiscal_year: FiscalYear, *, amounts: Mapping[str, int], by: Officer, at: datetime
) -> None:
    """Set or replace an office's yearly targets by cell of a flow or target line (counts, poisha).

    Returns already submitted keep the targets they carry. `UserError` for any other cell or a negative amount.
    """
    posting = require_right(by, "returns.set_targets", office, on=dhaka_date(at))
    catalogue = catalogue_of(form_for(fiscal_year.months[0]))
    for key, amount in amounts.items():
        cell = catalogue.cells_by_key.get(key)
        if cell is None or cell.line.kind not in (LineKind.FLOW, LineKind.TARGET):
            raise UserError(_("%(cell)s takes no yearly target.") % {"cell": key}, cell=key)
        if amount < 0:
            raise UserError(_("%(cell)s cannot be less than zero.") % {"cell": key}, cell=key)
    before = dict(LineTarget.objects.filter(office=office, fiscal_year=fiscal_year).values_list("cell", "amount"))
    LineTarget.objects.bulk_create(
        [
            LineTarget(office=office, fiscal_year=fiscal_year, cell=cell, amount=amount, set_by=by, set_at=at)
            for cell, amount in amounts.items()
        ],
        update_conflicts=True,
        unique_fields=["office", "fiscal_year", "cell"],
        update_fields=["amount", "set_by", "set_at"],
    )
    record_activity(
        "returns.set_line_targets",
        office,
        by=by,
        at=at,
        office_path=office.path,
        post=posting.post,
        before={cell: before.get(cell) for cell in amounts},
        after={"fiscal_year": fiscal_year.key, **amounts},
    )
