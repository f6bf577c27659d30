"""Our workbooks: written row by row to the file, in the portal's look, safe to open.

A text never becomes a formula: it is written as text whatever it starts with, and keeps being text when it is edited.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from core.numbers import MAX_AMOUNT, Unit

#: A face with Bangla letters that every Windows since 8 has; elsewhere the office program takes its own.
FACE = "Nirmala UI"
_INK, _MUTED, _GREEN, _GREEN_PALE, _SLATE_PALE, _PAPER = "15231C", "56625A", "00513B", "E5F0EA", "E8EEF5", "F7F4EC"
_HAIR = Border(*[Side(style="thin", color="7F887D")] * 4)
_UNSAFE = ("=", "+", "-", "@", "\t", "\r")


class Look(Enum):
    """How a cell looks: text and figures of tables, headings, labels, what is typed into, what is only shown."""

    PLAIN = "plain"
    TITLE = "title"
    HEAD = "head"
    SECTION = "section"
    LABEL = "label"
    NOTE = "note"
    ENTRY = "entry"
    SHOWN = "shown"


_FONTS = {
    Look.TITLE: Font(name=FACE, size=14, bold=True, color=_GREEN),
    Look.HEAD: Font(name=FACE, size=10, bold=True, color="FFFFFF"),
    Look.SECTION: Font(name=FACE, size=11, bold=True, color=_GREEN),
    Look.NOTE: Font(name=FACE, size=9, color=_MUTED),
}
_PLAIN_FONT = Font(name=FACE, size=10, color=_INK)
_FILLS = {
    Look.HEAD: PatternFill("solid", fgColor=_GREEN),
    Look.SECTION: PatternFill("solid", fgColor=_GREEN_PALE),
    Look.SHOWN: PatternFill("solid", fgColor=_SLATE_PALE),
    Look.LABEL: PatternFill("solid", fgColor=_PAPER),
}
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_OPEN = Protection(locked=False)


@dataclass(frozen=True)
class Field:
    """A cell to write. ``form`` is a spreadsheet's number format, such as ``#,##0.00``."""

    content: str | int | float | date | datetime | None
    look: Look = Look.PLAIN
    form: str = ""


class SheetWriter:
    """A sheet that is written from the top down; the whole book is saved by `BookWriter.save`."""

    def __init__(self, sheet: Any) -> None:
        self._sheet = sheet
        self._styles: dict[tuple[Look, str, type, bool], StyleArray] = {}
        self.row = 0

    def add(self, fields: Iterable[Field | str | int | None]) -> int:
        """Write a row and return its number; a bare value looks plain."""
        self._sheet.append([self._cell(one if isinstance(one, Field) else Field(one)) for one in fields])
        self.row += 1
        return self.row

    def _cell(self, field: Field) -> Any:
        content = field.content
        if content is None and field.look is Look.PLAIN:
            return None
        cell = WriteOnlyCell(self._sheet)
        if isinstance(content, str):
            content = ILLEGAL_CHARACTERS_RE.sub("", content)
            cell.value = content
            cell.data_type = "s"
        else:
            cell.value = content
        is_unsafe = isinstance(content, str) and content.startswith(_UNSAFE)
        # Dressing a cell costs more than all else here; cells that look alike share one style (dates bring their own).
        key = (field.look, field.form, type(content), is_unsafe)
        if key not in self._styles:
            self._dress(cell, field, is_unsafe=is_unsafe)
            self._styles[key] = cell._style
        cell._style = self._styles[key]
        return cell

    def _dress(self, cell: Any, field: Field, *, is_unsafe: bool) -> None:
        cell.quotePrefix = is_unsafe
        cell.font = _FONTS.get(field.look, _PLAIN_FONT)
        if fill := _FILLS.get(field.look):
            cell.fill = fill
        if field.look in (Look.ENTRY, Look.SHOWN):
            cell.border = _HAIR
        if field.look in (Look.HEAD, Look.LABEL):
            cell.alignment = _WRAPPED
        if field.look is Look.ENTRY:
            cell.protection = _OPEN
        if field.form:
            cell.number_format = field.form

    def validate(self, row: int, first: int, last: int, unit: Unit, *, title: str, text: str) -> None:
        """Let cells of a row take figures of a unit only.

        Text passes: Bangla digits are text to a spreadsheet, and the portal's own parser judges them on arrival.
        """
        cell = f"{get_column_letter(first)}{row}"
        most = MAX_AMOUNT // unit.scale
        rule = f"OR(ISTEXT({cell}),AND({cell}>=0,{cell}<={most},{cell}=ROUND({cell},{unit.places})))"
        check = DataValidation(type="custom", formula1=rule, allow_blank=True, errorTitle=title[:32], error=text[:255])
        check.showErrorMessage = True
        check.add(f"{cell}:{get_column_letter(last)}{row}")
        self._sheet.data_validations.append(check)

    def choose(self, column: int, first: int, last: int, source: str) -> None:
        """Let the cells of a column take the words of a range (``_words!$A$1:$A$9``) only."""
        check = DataValidation(type="list", formula1=source, allow_blank=True)
        check.showErrorMessage = True
        letter = get_column_letter(column)
        check.add(f"{letter}{first}:{letter}{last}")
        self._sheet.data_validations.append(check)


class BookWriter:
    """A workbook in the making; nothing of it stays in memory but what the library needs to end it."""

    def __init__(self) -> None:
        self._book = Workbook(write_only=True)

    def sheet(
        self, name: str, widths: Sequence[float], *, is_hidden: bool = False, is_locked: bool = False, freeze: str = ""
    ) -> SheetWriter:
        """A new sheet with the widths of its columns in letters. A locked one may be typed into where cells are
        `Look.ENTRY`; ``freeze`` is the first cell that scrolls."""
        sheet = self._book.create_sheet(name)
        for number, width in enumerate(widths, start=1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        if is_hidden:
            sheet.sheet_state = "hidden"
        if is_locked:
            sheet.protection.sheet = True
            sheet.protection.formatColumns = False
        if freeze:
            sheet.freeze_panes = freeze
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = 9
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        return SheetWriter(sheet)

    def save(self, file: IO[bytes]) -> None:
        """Write the book to an open file, once."""
        self._book.save(file)
