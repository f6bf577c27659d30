"""Lists of returns as spreadsheets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.http import FileResponse
from django.utils.translation import gettext as _

from core.workbooks.tables import Column, Item, table_response, typed_number
from offices.models import Office
from returns.choices import ReturnState
from returns.months import Month as MonthOfTotals
from returns.months import MonthSheet
from returns.overview import OfficeRow, Overview
from returns.ranking import Ranked
from returns.upload_models import Upload, UploadVerdict
from returns.worklist import Month


def state_words(state: str, *, on_import: bool = False) -> str:
    """A state for a spreadsheet; verified on import says so, and what was not opened is missing."""
    if on_import and state == ReturnState.VERIFIED:
        return _("verified on import")
    return str(ReturnState(state).label) if state in ReturnState.values else _("missing")


def _state(month: Month) -> str:
    return state_words(month.state, on_import=month.is_verified_on_import)


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
    """The offices below with who is in, and each key figure with its changes; a change that is not of all
    of them says of how many."""
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
        changes = ((figure.month, figure.since_last_month), (figure.year, figure.since_last_year))
        items += [told if one.differs or one.common else one.amount for one, told in changes]
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


def uploads_table(uploads: Iterable[Upload]) -> FileResponse:
    """What was sent, with how far it is."""
    columns = [
        Column(_("File"), 40),
        Column(_("Month")),
        Column(_("Sent at"), 18),
        Column(_("By"), 24),
        Column(_("To be verified on import by"), 24),
        Column(_("State"), 32),
    ]
    rows = (
        [one.name, one.period.label(), one.at, one.by.name, one.verify_by.name if one.verify_by else "", one.standing]
        for one in uploads
    )
    return table_response("uploads", _("Uploads of returns"), columns, rows)


def upload_table(upload: Upload, rows: Iterable[UploadVerdict], offices: Mapping[str, Office]) -> FileResponse:
    """The verdict on each office of an upload; under a refused one, a line for each cell."""
    columns = [
        Column(_("File"), 40),
        Column(_("Office"), 24),
        Column(_("State"), 24),
        Column(_("New"), 10),
        Column(_("Changed"), 10),
        Column(_("Unchanged"), 10),
        Column(_("Cell"), 14),
        Column(_("Place"), 12),
        Column(_("Value"), 16),
        Column(_("Message"), 80),
    ]
    title = f"{_('Upload of returns')} {upload.period.label()}"
    return table_response(f"upload-{upload.pk}", title, columns, _verdicts(rows, offices))


def _verdicts(rows: Iterable[UploadVerdict], offices: Mapping[str, Office]) -> Iterator[Sequence[Item]]:
    for row in rows:
        name = offices[row.office].name if row.office in offices else row.office
        counts = [None] * 3 if row.is_failed else [row.new, row.changed, row.unchanged]
        yield [row.file, name, row.standing, *counts, "", "", "", row.message]
        for one in row.refused:
            yield [row.file, name, row.standing, *[None] * 3, one["cell"], one["place"], one["value"], one["message"]]
