"""What a superior watches as spreadsheets: who is late, deadlines, exceptions of a month, where a total comes from."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import FileResponse
from django.utils.translation import gettext as _

from core.workbooks.tables import Column, Item, table_response
from offices.models import Office
from offices.titles import post_title
from returns.begun import Begun
from returns.deadline_models import Deadline
from returns.exceptions import Doubted, Missing
from returns.late import LateReturn
from returns.month_origins import Origin
from returns.months import Month
from returns.tables import state_words


def late_table(rows: Iterable[LateReturn]) -> FileResponse:
    """Who is late, with whom each return waits and whom to ring up."""
    columns = [
        Column(_("Office"), 24),
        Column(_("Month")),
        Column(_("State")),
        Column(_("Last day")),
        Column(_("Days late"), 10),
        Column(_("Waits at"), 24),
        Column(_("Since")),
        Column(_("Name"), 28),
        Column(_("Post"), 28),
        Column(_("Phone"), 18),
    ]
    return table_response("late", _("Late and missing"), columns, map(_late, rows))


def _late(row: LateReturn) -> list[Item]:
    told: list[Item] = [row.office.name, row.period.label(), state_words(row.state), row.last_day, row.days_late]
    told += [row.waits_at.name, row.since]
    if row.head is None:
        return [*told, "", "", ""]
    return [*told, row.head.officer.name, post_title(row.head.post, row.head.office), row.head.officer.phone]


def deadlines_table(rows: Iterable[Deadline]) -> FileResponse:
    """The days that were set, with their reasons."""
    columns = [
        Column(_("Month")),
        Column(_("For"), 24),
        Column(_("Last day")),
        Column(_("Reason"), 60),
        Column(_("Set by"), 28),
        Column(_("Set at"), 18),
    ]
    told = (
        [
            row.period.label(),
            row.office.name if row.office else str(row.get_kind_display()),
            row.last_day,
            row.reason,
            row.set_by.name,
            row.set_at,
        ]
        for row in rows
    )
    return table_response("deadlines", _("Deadlines"), columns, told)


def begun_table(above: Office, rows: Iterable[Begun]) -> FileResponse:
    """How far the districts below an office are with their baselines."""
    heads = (_("District"), _("Offices"), _("Verified"), _("Not verified yet"), _("Missing"))
    told: list[list[Item]] = [[r.district.name, r.offices, r.verified, r.entered, r.missing] for r in rows]
    return table_response(f"baselines-{above.code}", _("Baselines"), [Column(head, 20) for head in heads], told)


def exceptions_table(month: Month, missing: Iterable[Missing], doubted: Iterable[Doubted]) -> FileResponse:
    """Who is not in, then each doubt of the checks with its cell."""
    columns = [Column(_("Office"), 24), Column(_("Superior office"), 24), Column(_("State"), 24)]
    columns += [Column(_("late"), 10), Column(_("Cell"), 14), Column(_("Checks"), 80)]
    rows: list[list[Item]] = []
    for gone in missing:
        office, late = gone.standing.office, _("yes") if gone.standing.is_late else ""
        rows.append([office.name, _name(gone.superior), state_words(gone.standing.state), late, "", ""])
    for one in doubted:
        office, on_import = one.version.ret.office, one.version.is_verified_on_import
        state = state_words(one.version.ret.state, on_import=on_import)
        told = [office.name, _name(office.parent), state, ""]
        rows += [[*told, doubt.cell, doubt.message] for doubt in one.looked.by_cell]
    name = f"exceptions-{month.office.code}-{month.period}"
    return table_response(name, f"{month.office.name} {month.period.label()}", columns, rows)


def _name(office: Office | None) -> str:
    return office.name if office else ""


def origin_table(month: Month, origin: Origin) -> FileResponse:
    """What each office brought to a figure of a month."""
    unit = origin.cell.line.unit
    columns = [Column(_("Office"), 24), Column(_("Figure"), 18, unit), Column(_("Version"), 10)]
    columns += [Column(_("Verified returns"), 12), Column(_("Time of the data"), 18), Column(_("State"), 24)]
    rows: list[list[Item]] = []
    for one in origin.sources:
        standing = one.standing
        state = state_words(standing.state, on_import=standing.is_verified_on_import) if standing else ""
        rows.append([one.office.name, one.amount, one.version, one.returns, one.data_at, state])
    if not origin.is_ratio:
        rows.append([_("Total"), origin.amount, None, None, None, ""])
    name = f"{origin.cell.key}-{month.office.code}-{month.period}"
    return table_response(name, f"{origin.code} {month.office.name} {month.period.label()}", columns, rows)
