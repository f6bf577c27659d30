"""Any list page as a spreadsheet: ``?as=xlsx`` on its own address gives the table with the same rows and filters.

Rows are written one by one to a file on disk, so that a long list does not fill the memory; figures are numbers, days
are days, and no text becomes a formula.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from tempfile import TemporaryFile

from django.http import FileResponse, HttpRequest

from core.clock import today
from core.numbers import Unit
from core.periods import DHAKA
from core.workbooks.writing import BookWriter, Field, Look

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: What a row may hold; a `Decimal` or an integer stays a number.
Item = str | int | float | Decimal | date | datetime | None
_NO_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
_DAY, _INSTANT = "dd/mm/yyyy", "dd/mm/yyyy hh:mm"


@dataclass(frozen=True)
class Column:
    """A column with its heading; with a ``unit`` its items are stored amounts and are shown as people type them."""

    head: str
    width: float = 16
    unit: Unit | None = None


def wants_workbook(request: HttpRequest) -> bool:
    """Whether the reader asked for the list as a spreadsheet."""
    return request.GET.get("as") == "xlsx"


def table_response(name: str, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Item]]) -> FileResponse:
    """The table as a file to download; ``name`` gets the day, ``title`` stands on the sheet."""
    book = BookWriter()
    sheet = book.sheet(_NO_SHEET_NAME.sub(" ", title)[:31], [column.width for column in columns], freeze="A2")
    sheet.add([Field(column.head, Look.HEAD) for column in columns])
    for row in rows:
        sheet.add([_field(item, column.unit) for item, column in zip(row, columns, strict=True)])
    file = TemporaryFile()  # noqa: SIM115 — the response closes it
    book.save(file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}-{today().isoformat()}.xlsx", content_type=XLSX)


def _field(item: Item, unit: Unit | None) -> Field:
    if unit is not None and isinstance(item, int):
        return Field(typed_number(item, unit), form=number_form(unit))
    if isinstance(item, datetime):
        return Field(item.astimezone(DHAKA).replace(tzinfo=None), form=_INSTANT)
    if isinstance(item, date):
        return Field(item, form=_DAY)
    if isinstance(item, Decimal):
        return Field(float(item))
    return Field(item)


def typed_number(amount: int | None, unit: Unit) -> int | float | None:
    """A stored amount as it is typed on the screen: lakh for lakh, taka for taka, at most two places."""
    if amount is None:
        return None
    if unit.scale == 1:
        return amount
    places = Decimal(1).scaleb(-unit.places)
    number = (Decimal(amount) / unit.scale).quantize(places, rounding=ROUND_HALF_UP)
    return int(number) if number == number.to_integral_value() else float(number)


def number_form(unit: Unit) -> str:
    """How a spreadsheet shows a figure of a unit, with lakh and crore grouping."""
    tail = ".00" if unit.places else ""
    return f"[>=10000000]##\\,##\\,##\\,##0{tail};[>=100000]##\\,##\\,##0{tail};##,##0{tail}"
