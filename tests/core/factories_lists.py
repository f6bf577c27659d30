"""Lists filled in an office program."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from core.workbooks.lists import HEAD_ROW, SHEET


def changed(content: bytes, change: Callable[[Any], object]) -> bytes:
    """A workbook opened, changed and saved."""
    book = load_workbook(BytesIO(content))
    change(book)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def filled_list(content: bytes, rows: Sequence[Sequence[object]]) -> bytes:
    """A list with rows typed in from its first blank row on."""

    def fill(book: Any) -> None:
        for number, row in enumerate(rows, start=HEAD_ROW + 1):
            for column, value in enumerate(row, start=1):
                book[SHEET].cell(number, column).value = value

    return changed(content, fill)


def as_upload(content: bytes, name: str = "list.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)
