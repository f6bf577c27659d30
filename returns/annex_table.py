"""The annexes of a return as a spreadsheet."""

from __future__ import annotations

from django.http import FileResponse
from django.utils.translation import gettext as _

from audits.summaries import AuditRow
from core.numbers import Unit
from core.periods import Period
from core.workbooks.tables import Column, Item, table_response
from offices.models import Office
from returns.annexes import CHANGED, GONE, Annexes, Listed


def annexes_table(office: Office, period: Period, annexes: Annexes) -> FileResponse:
    """Every row of annexes 2 and 3, and what was recorded since; one list, told apart by its first column."""
    columns = [
        Column(_("Annex"), 28),
        Column(_("Society"), 36),
        Column(_("Registration number")),
        Column(_("Date")),
        Column(_("Order number")),
        Column(_("Accounts year")),
        Column(_("Auditor"), 28),
        Column(_("Net profit"), 16, Unit.TAKA),
        Column(_("Audit fee"), 16, Unit.TAKA),
        Column(_("Development fund"), 16, Unit.TAKA),
        Column(_("Remarks"), 36),
    ]
    parts = (
        (_("Registered"), annexes.registered),
        (_("Registration cancelled"), annexes.cancelled),
        (_("Audits"), annexes.audits),
        (_("Recorded since, and counted in no submitted figure"), annexes.later),
    )
    rows = [_row(title, one) for title, listed in parts for one in listed]
    return table_response(f"annexes-{office.code}-{period}", f"{office.name} {period.label()}", columns, rows)


def _row(title: str, one: Listed) -> list[Item]:
    row = one.row
    told: list[Item] = [title, one.name, row.reg_no, row.on]
    if isinstance(row, AuditRow):
        told += ["", row.accounts_year, row.auditor, row.net_profit, row.fee, row.fund]
    else:
        told += [row.order_number, "", "", None, None, None]
    words = {CHANGED: _("changed in the register since"), GONE: _("no longer in this month's register")}
    return [*told, words.get(one.standing, "")]
