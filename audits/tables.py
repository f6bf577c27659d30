"""The list of audits as a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.http import FileResponse
from django.utils.translation import gettext as _

from audits.models import Audit
from audits.querysets import AuditQuerySet
from core.numbers import Unit
from core.workbooks.tables import Column, Item, table_response


def audits_table(audits: AuditQuerySet) -> FileResponse:
    """Audits with what was assessed and collected."""
    columns = [
        Column(_("Society"), 36),
        Column(_("Registration number")),
        Column(_("Office"), 20),
        Column(_("Audit year"), 12),
        Column(_("State")),
        Column(_("Completed on")),
        Column(_("Auditor"), 24),
        *(
            Column(head, unit=Unit.TAKA)
            for head in (
                _("Net profit"),
                _("Audit fee assessed"),
                _("Audit fee collected"),
                _("Fund assessed"),
                _("Fund collected"),
            )
        ),
    ]
    return table_response("audits", _("Audits"), columns, _rows(audits))


def _rows(audits: AuditQuerySet) -> Iterator[Sequence[Item]]:
    for audit in audits.iterator(chunk_size=500):
        yield _row(audit)


def _row(audit: Audit) -> Sequence[Item]:
    return [
        audit.society.name,
        audit.society.reg_no,
        audit.office.name,
        audit.audit_year.label(),
        str(audit.get_state_display()),
        audit.completed_on,
        audit.auditor,
        audit.net_profit,
        audit.fee_assessed,
        getattr(audit, "fee_collected", None),
        audit.fund_assessed,
        getattr(audit, "fund_collected", None),
    ]
