"""An uploaded XLSX as frozen rows of cells, with every cell's address for messages.

Refused in words: what is no workbook, swells beyond measure, hides a sheet, merges cells, holds a formula, links or
macros. Data come as they were typed; figures are read by the one number parser, so that Bangla digits and lakh commas
count alike.
"""

from __future__ import annotations

import math
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from core.numbers import Unit, parse_amount, to_ascii_digits
from core.templatetags.figures import digits
from core.text import clean_text
from core.workbooks.parts import BookParts, SheetPart, TooLargeError, read_book, read_rows
from core.workbooks.safety import DEFAULT_LIMITS, Limits, WorkbookError, check_archive, check_sheet, damaged

#: What a cell may hold.
Content = str | int | float | bool | datetime | date | None


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A cell as it was typed; ``address`` is its place, like ``C14``."""

    sheet: str
    row: int
    column: int
    content: Content

    @property
    def address(self) -> str:
        return f"{get_column_letter(self.column)}{self.row}"

    @property
    def place(self) -> str:
        """Sheet and address, for messages."""
        return _("Sheet “%(sheet)s”, cell %(cell)s") % {"sheet": self.sheet, "cell": self.address}

    @property
    def is_blank(self) -> bool:
        return self.text == ""

    @property
    def text(self) -> str:
        """What stands there as clean text; numbers in ASCII digits as a spreadsheet shows them, days as 2026-07-01."""
        content = self.content
        if content is None:
            return ""
        if isinstance(content, bool):
            return "TRUE" if content else "FALSE"
        if isinstance(content, int):
            return str(content)
        if isinstance(content, float):
            return _number_text(content)
        if isinstance(content, date):  # a datetime too
            return content.strftime("%Y-%m-%d")
        return clean_text(content)

    def amount(self, unit: Unit) -> int | None:
        """The figure as its stored integer, None for a blank; `core.numbers.NumberError` for anything else."""
        return parse_amount(self.text, unit)

    def day(self) -> date | None:
        """The day, typed as a date or as ``০১/০৭/২০২৬``; None for a blank or for what is no day."""
        if isinstance(self.content, datetime):
            return self.content.date()
        if isinstance(self.content, date):
            return self.content
        text = to_ascii_digits(self.text)
        for form in ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"):
            try:
                return datetime.strptime(text, form).date()
            except ValueError:
                continue
        return None


def _number_text(number: float) -> str:
    """Fifteen digits, as a spreadsheet shows it: what a machine adds behind them was typed by nobody."""
    if not math.isfinite(number):
        return str(number)
    shown = f"{Decimal(f'{number:.15g}'):f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


@dataclass(frozen=True)
class SheetRow:
    """A row with its number; cells beyond the last filled one are blank."""

    sheet: str
    number: int
    contents: tuple[Content, ...]

    def cell(self, column: int) -> SheetCell:
        """The cell of a column, counted from 1."""
        content = self.contents[column - 1] if column <= len(self.contents) else None
        return SheetCell(self.sheet, self.number, column, content)

    @property
    def cells(self) -> tuple[SheetCell, ...]:
        return tuple(self.cell(column) for column in range(1, len(self.contents) + 1))


@dataclass(frozen=True)
class Sheet:
    """A sheet with its filled rows."""

    name: str
    rows: tuple[SheetRow, ...]

    def cell(self, row: int, column: int) -> SheetCell:
        """The cell of a row and column, counted from 1; blank where nothing stands."""
        for one in self.rows:
            if one.number == row:
                return one.cell(column)
        return SheetCell(self.name, row, column, None)


@dataclass(frozen=True)
class Workbook:
    """A workbook with its sheets in order; ``name`` is that of the file."""

    name: str
    sheets: tuple[Sheet, ...]

    def sheet(self, name: str) -> Sheet | None:
        return next((sheet for sheet in self.sheets if sheet.name == name), None)


def read_workbook(
    source: bytes | Path | IO[bytes],
    name: str,
    *,
    hidden: Collection[str] = (),
    only: Collection[str] = (),
    limits: Limits = DEFAULT_LIMITS,
) -> Workbook:
    """Read a workbook; ``name`` is what messages call the file, ``hidden`` are sheets that may be hidden. Without
    ``only``, some sheets, it is read whole.

    `WorkbookError` for anything that `core.workbooks.safety` refuses, and beyond the limits of sheets, rows, columns.
    """
    if isinstance(source, bytes):
        return _read(BytesIO(source), name, hidden, only, limits)
    if isinstance(source, Path):
        with source.open("rb") as file:
            return _read(file, name, hidden, only, limits)
    return _read(source, name, hidden, only, limits)


def _read(file: IO[bytes], name: str, hidden: Collection[str], only: Collection[str], limits: Limits) -> Workbook:
    check_archive(file, name, limits)
    try:
        with zipfile.ZipFile(file) as archive:
            book = read_book(archive)
            _check_sheets(book, name, hidden, limits)
            parts = [part for part in book.sheets if not only or part.name in only]
            return Workbook(name, tuple(_read_sheet(archive, book, part, limits) for part in parts))
    except WorkbookError:
        raise
    except Exception as error:  # a broken workbook breaks in many ways: bad numbers and addresses, parts not there
        raise damaged(name) from error


def _check_sheets(book: BookParts, name: str, hidden: Collection[str], limits: Limits) -> None:
    if len(book.sheets) > limits.sheets:
        raise WorkbookError(
            _("“%(file)s” has more than %(most)s sheets. Send only the filled workbook.")
            % {"file": name, "most": digits(limits.sheets)}
        )
    for sheet in book.sheets:
        if sheet.is_hidden and sheet.name not in hidden:
            raise WorkbookError(
                _("“%(file)s” has a hidden sheet, “%(sheet)s”. Show it or delete it.")
                % {"file": name, "sheet": sheet.name}
            )


def _read_sheet(archive: zipfile.ZipFile, book: BookParts, part: SheetPart, limits: Limits) -> Sheet:
    content = archive.read(part.member)
    check_sheet(content, part.name)
    try:
        found = read_rows(content, book, rows=limits.rows, columns=limits.columns)
        return Sheet(part.name, tuple(SheetRow(part.name, number, contents) for number, contents in found))
    except TooLargeError as error:
        raise WorkbookError(
            _("Sheet “%(sheet)s” has more than %(rows)s rows or %(columns)s columns. Send only the filled part.")
            % {"sheet": part.name, "rows": digits(limits.rows), "columns": digits(limits.columns)}
        ) from error
