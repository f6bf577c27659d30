"""A list as a spreadsheet: figures as numbers, days as days, text never a formula, flat memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from core.numbers import Unit
from core.workbooks.tables import Column, Item, number_form, table_response, typed_number


def opened(rows: Iterator[list[Item]] | list[list[Item]], *columns: Column) -> Any:
    response: Any = table_response("list", "তালিকা: সব/নতুন", columns, rows)
    content = b"".join(response.streaming_content)
    response.file_to_stream.close()
    return load_workbook(BytesIO(content)).active


def test_items_keep_their_kind() -> None:
    columns = [Column("টাকা", unit=Unit.TAKA), Column("দিন"), Column("কখন"), Column("নম্বর"), Column("নাম")]
    at = datetime(2026, 7, 1, 20, 30, tzinfo=UTC)
    sheet = opened([[12_345_050, date(2026, 7, 1), at, Decimal("88.25"), "=HYPERLINK(1)"]], *columns)
    assert [cell.value for cell in sheet[1]] == ["টাকা", "দিন", "কখন", "নম্বর", "নাম"]
    money, day, instant, score, name = sheet[2]
    assert (money.value, score.value) == (123_450.5, 88.25)
    assert day.value == datetime(2026, 7, 1) and instant.value == datetime(2026, 7, 2, 2, 30)
    assert name.value == "=HYPERLINK(1)" and name.data_type == "s" and name.quotePrefix


def test_amounts_are_typed_as_on_the_screen() -> None:
    assert typed_number(8_008_951_234, Unit.LAKH) == 800.9
    assert typed_number(500, Unit.TAKA) == 5 and typed_number(None, Unit.COUNT) is None
    assert "##\\,##\\,##" in number_form(Unit.COUNT)


def test_a_long_list_does_not_fill_the_memory() -> None:
    rows: Iterator[list[Item]] = ([number, "সমিতি"] for number in range(8_000))
    tracemalloc.start()
    response: Any = table_response("list", "ক", [Column("১"), Column("২")], rows)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    response.file_to_stream.close()
    assert peak < 6_000_000, peak
