"""The quarter, and how far districts are, as spreadsheets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.http import FileResponse
from django.utils.translation import gettext as _

from core.workbooks.tables import Column, Item, table_response, typed_number
from offices.models import Office
from offices.titles import office_title
from reports.starting import OfficeStart
from returns.quarters import Quarter


def quarter_table(quarter: Quarter) -> FileResponse:
    """Every cell with its three months, the quarter, and the year so far."""
    columns = [
        Column(_("Code"), 14),
        Column(_("Line"), 44),
        Column(_("Unit"), 12),
        *(Column(month.label(), 16) for month in quarter.months),
        Column(_("Quarter")),
        Column(_("Cumulative")),
        Column(_("Yearly target")),
        Column("%", 10),
    ]
    name = f"quarter-{quarter.office.code}-{quarter.period}"
    return table_response(name, f"{quarter.office.name} {quarter.period.label()}", columns, _rows(quarter))


def _rows(quarter: Quarter) -> Iterator[Sequence[Item]]:
    for block in quarter.blocks:
        for row in block.rows:
            figures = [*row.parts, row.amount, row.cumulative, row.target]
            share = None if row.share is None else row.share / 100
            amounts = (typed_number(figure, row.cell.line.unit) for figure in figures)
            yield [row.cell.key, row.label, row.unit_word, *amounts, share]


def districts_table(rows: Iterable[tuple[Office, int, int, int]]) -> FileResponse:
    """How far each district is on the way to its first month."""
    heads = (_("District"), _("Offices"), _("With a head"), _("Baselines verified"))
    columns = [Column(head, 20) for head in heads]
    return table_response("districts", _("Starting districts"), columns, ([row[0].name, *row[1:]] for row in rows))


def starts_table(district: Office, starts: Iterable[OfficeStart]) -> FileResponse:
    """What each office of a district has already."""
    columns = [Column(_("Office"), 40), Column(_("Head")), Column(_("Societies")), Column(_("Baseline"))]
    columns.append(Column(_("Yearly targets")))
    words = {"missing": _("missing"), "submitted": _("submitted"), "verified": _("verified")}
    rows: list[list[Item]] = []
    for one in starts:
        head, targets = _("posted") if one.has_head else _("none posted"), _("set") if one.has_targets else _("not set")
        rows.append([office_title(one.office), head, one.societies, words[one.baseline], targets])
    return table_response(f"start-{district.code}", _("Starting a district"), columns, rows)
