"""Lists of returns as spreadsheets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.http import FileResponse
from django.utils.translation import gettext as _

from core.workbooks.tables import Column, Item, table_response, typed_number
from offices.models import Office
from returns.choices import ReturnState
from returns.months import Month as MonthOfTotals
from returns.months import MonthSheet
from returns.overview import OfficeRow, Overview
from returns.ranking import Ranked
from returns.worklist import Month


def _state(month: Month) -> str:
    return str(ReturnState(month.state).label) if month.state in ReturnState.values else _("missing")


def months_table(office: Office, months: Iterable[Month]) -> FileResponse:
    """The months of an office."""
    columns = [
        Column(_("Office")),
        Column(_("Month")),
        Column(_("State")),
        Column(_("To be submitted by")),
        Column(_("late")),
    ]
    return table_response(f"months-{office.code}", _("Returns"), columns, (_month(month) for month in months))


def _month(month: Month) -> Sequence[Item]:
    late = _("yes") if month.is_late else ""
    return [month.office.name, month.period.label(), _state(month), month.deadline, late]


def queue_table(rows: Iterable[Ranked]) -> FileResponse:
    """What waits for a superior, with what the checks doubt."""
    columns = [
        Column(_("Office"), 24),
        Column(_("Month")),
        Column(_("State")),
        Column(_("late"), 10),
        Column(_("Submitted on")),
        Column(_("Waiting (days)"), 12),
        Column(_("Remarks"), 12),
        Column(_("Checks"), 80),
    ]
    return table_response("queue", _("To verify"), columns, (_waiting(row) for row in rows))


def _waiting(row: Ranked) -> Sequence[Item]:
    month, doubts = row.waiting.month, row.looked.doubts if row.looked else ()
    late = _("yes") if month.is_late else ""
    known = [row.waiting.days, len(row.remarks), "; ".join(doubt.message for doubt in doubts)]
    told = known if row.waiting.since else [None] * 3
    return [month.office.name, month.period.label(), _state(month), late, row.waiting.since, *told]


def overview_table(overview: Overview) -> FileResponse:
    """The offices below with who is in, and each key figure with its changes; a change that would compare different
    offices says so."""
    columns = [Column(_("Office"), 24), Column(_("Superior office"), 24)]
    columns += [Column(head, 10) for head in (_("due"), _("in"), _("verified"), _("late"))]
    for cell, head in zip(overview.cells, overview.heads, strict=True):
        columns += [Column(head, 18, cell.line.unit)]
        columns += [Column(f"{head}: {word}", 18, cell.line.unit) for word in (_("since last month"), _("in a year"))]
    month = overview.month
    name = f"month-{month.office.code}-{month.period}"
    title = f"{month.office.name} {month.period.label()}"
    return table_response(name, title, columns, (_office(row) for row in overview.rows))


def _office(row: OfficeRow) -> Sequence[Item]:
    known = row.completeness
    items: list[Item] = [row.office.name, row.superior.name, known.due, known.received, known.verified, known.late]
    for figure in row.figures:
        items.append(figure.amount)
        items += [_("not comparable") if one.differs else one.amount for one in (figure.month, figure.year)]
    return items


def month_table(month: MonthOfTotals, sheet: MonthSheet) -> FileResponse:
    """Totals of a month: the offices below side by side, the total, the year beside the flows."""
    columns = [
        Column(_("Code"), 14),
        Column(_("Line"), 44),
        Column(_("Unit"), 12),
        *(Column(column.office.name, 14) for column in sheet.columns),
        Column(_("Total")),
        Column(_("Up to last month")),
        Column(_("Cumulative")),
        Column(_("Yearly target")),
        Column("%", 10),
    ]
    name = f"totals-{month.office.code}-{month.period}"
    return table_response(name, f"{month.office.name} {month.period.label()}", columns, _month_rows(sheet))


def _month_rows(sheet: MonthSheet) -> Iterator[Sequence[Item]]:
    for block in sheet.blocks:
        for row in block.rows:
            unit = row.cell.line.unit
            figures = [*row.parts, row.amount, row.before, row.cumulative, row.target]
            share = None if row.share is None else row.share / 100
            yield [row.cell.key, row.label, row.unit_word, *(typed_number(figure, unit) for figure in figures), share]
