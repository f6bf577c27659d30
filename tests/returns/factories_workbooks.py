"""Filled workbooks as an office would send them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from core.periods import Period
from offices.models import Office
from returns.models import Return, ReturnVersion
from returns.published import form_for
from returns.sheet import load_sheet
from returns.workbooks.layout import SHEET, Column
from returns.workbooks.template import write_template


def template(office: Office, period: Period, *, at: datetime) -> bytes:
    """The template of a month, opened or not."""
    version = ReturnVersion.objects.filter(ret__office=office, ret__period=period).order_by("-number").first()
    ret = version.ret if version else Return(office=office, period=period, form=form_for(period))
    sheet = load_sheet(ret, version or ReturnVersion(ret=ret, number=1))
    return write_template(sheet, at=at)


def changed(content: bytes, change: Callable[[Any], object]) -> bytes:
    """A workbook opened in an office program, changed and saved."""
    book = load_workbook(BytesIO(content))
    change(book)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def filled(content: bytes, figures: Mapping[str, object], *, blanks: object = 0, **columns: Mapping[str, str]) -> bytes:
    """A template with figures typed in by cell; open cells that are not named get ``blanks`` where nothing stands.

    ``columns`` are further texts by column: ``reason={"A02.GP": "…"}``.
    """

    def fill(book: Any) -> None:
        sheet = book[SHEET]
        for row in sheet.iter_rows(min_row=4):
            code, now = row[Column.CODE - 1].value, row[Column.NOW - 1]
            if not code or now.protection.locked:
                continue
            if code in figures:
                now.value = figures[code]
            elif now.value is None:
                now.value = blanks
            for name, texts in columns.items():
                if code in texts:
                    row[Column[name.upper()] - 1].value = texts[code]

    return changed(content, fill)
