"""The quarter as a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.http import FileResponse
from django.utils.translation import gettext as _

from core.workbooks.tables import Column, Item, table_response, typed_number
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
