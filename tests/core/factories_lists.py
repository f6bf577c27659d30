"""Lists filled in an office program."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from core.workbooks.lists import HEAD_ROW, IDENTITY, SHEET, identity_digest


def changed(content: bytes, change: Callable[[Any], object]) -> bytes:
    """A workbook opened, changed and saved."""
    book = load_workbook(BytesIO(content))
    change(book)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def forged(name: str, text: str) -> Callable[[Any], object]:
    """A change after which the hidden sheet says something else, with the digest that belongs to it."""

    def change(book: Any) -> None:
        cells = {row[0].value: row[1] for row in book[IDENTITY].iter_rows(max_col=2)}
        cells[name].value = text
        cells["digest"].value = identity_digest({key: cell.value for key, cell in cells.items()})

    return change


def filled_list(content: bytes, rows: Sequence[Sequence[object]]) -> bytes:
    """A list with rows typed in from its first blank row on."""

    def fill(book: Any) -> None:
        for number, row in enumerate(rows, start=HEAD_ROW + 1):
            for column, value in enumerate(row, start=1):
                book[SHEET].cell(number, column).value = value

    return changed(content, fill)


def as_upload(content: bytes, name: str = "list.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)
