"""Workbooks in and out: what was written comes back, and what may not be opened is refused in words."""

from __future__ import annotations

import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook as Book
from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from core.numbers import NumberError, Unit
from core.workbooks.reading import SheetCell, read_workbook
from core.workbooks.safety import Limits, WorkbookError
from core.workbooks.writing import BookWriter, Field, Look


def made(change: Callable[[Any], None] = lambda book: None, content: object = 5) -> bytes:
    """A workbook as an office program writes it, with one figure at B2."""
    book = Book()
    book.active.title = "রিটার্ন"
    book.active["B2"] = content
    change(book)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def repacked(content: bytes, part: str, text: bytes) -> bytes:
    """The same archive with one part replaced or added."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
        new.writestr(part, text)
    return file.getvalue()


def only_cell(content: object) -> SheetCell:
    [sheet] = read_workbook(made(content=content), "a.xlsx").sheets
    return sheet.cell(2, 2)


@pytest.mark.parametrize(
    ("content", "amount"),
    [
        (800.89, 8_008_900_000),
        ("৮০০.৮৯", 8_008_900_000),
        (12, 120_000_000),
        ("১,২৩,৪৫৬", 1_234_560_000_000),
        (None, None),
    ],
)
def test_figures_are_read_by_the_one_parser(content: object, amount: int | None) -> None:
    assert only_cell(content).amount(Unit.LAKH) == amount


def test_a_figure_with_the_tail_of_a_machine_is_what_the_spreadsheet_shows() -> None:
    assert only_cell(0.1 + 0.2).amount(Unit.LAKH) == 3_000_000
    assert only_cell(1e14).text == "100000000000000"


@pytest.mark.parametrize("content", ["বারো", True, 1.5, -1, "#REF!", 1e300, date(2026, 7, 1)])
def test_what_is_no_count_is_refused(content: object) -> None:
    with pytest.raises(NumberError):
        only_cell(content).amount(Unit.COUNT)


@pytest.mark.parametrize("content", [date(2026, 7, 1), "০১/০৭/২০২৬", "2026-07-01", "1.7.2026"])
def test_a_day_may_be_typed_as_date_or_text(content: object) -> None:
    assert only_cell(content).day() == date(2026, 7, 1)
    assert only_cell("31/02/2026").day() is None


def test_a_cell_knows_its_address_and_sheet() -> None:
    cell = only_cell(" ক\u200b  খ ")
    assert (cell.address, cell.sheet, cell.text) == ("B2", "রিটার্ন", "ক খ")


def test_what_the_portal_writes_comes_back_and_no_text_becomes_a_formula() -> None:
    writer = BookWriter()
    sheet = writer.sheet("ক", [10, 20], is_locked=True, freeze="A2")
    hostile = ["=1+1", "+88", "-5", "@SUM(A1)", "a\x0bb"]
    sheet.add(hostile)
    row = sheet.add([Field("A07", Look.LABEL), Field(7, Look.ENTRY), Field(1.5, Look.SHOWN, "#,##0.00")])
    sheet.validate(row, 2, 2, Unit.COUNT, title="সংখ্যা", text="পূর্ণ সংখ্যা লিখুন")
    writer.sheet("_id", [10], is_hidden=True).add(["form", "M/1"])
    file = BytesIO()
    writer.save(file)
    book = read_workbook(file.getvalue(), "x.xlsx", hidden=["_id"])
    assert [cell.content for cell in book.sheets[0].rows[0].cells] == [*hostile[:4], "ab"]
    assert book.sheets[0].rows[1].contents == ("A07", 7, 1.5)
    opened = load_workbook(BytesIO(file.getvalue()))
    assert [cell.data_type for cell in opened["ক"][1]] == ["s"] * 5
    assert [cell.quotePrefix for cell in opened["ক"][1]] == [True] * 4 + [False]
    assert opened["ক"].protection.sheet
    assert not opened["ক"]["B2"].protection.locked
    assert opened["ক"]["A2"].protection.locked


def bomb() -> bytes:
    """Two hundred megabytes of spaces in 200 KB."""
    return repacked(made(), "xl/worksheets/sheet1.xml", b" " * 200_000_000)


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    content = bomb()
    assert len(content) < 300_000
    tracemalloc.start()
    with pytest.raises(WorkbookError, match="বিল"):
        read_workbook(content, "বিল.xlsx")
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000


def lying_bomb() -> bytes:
    """A bomb whose directory says that it is small."""
    content, size = bomb(), (200_000_000).to_bytes(4, "little")
    return content.replace(size, (900_000).to_bytes(4, "little"))


def with_macros() -> bytes:
    return repacked(made(), "xl/vbaProject.bin", b"x")


def with_links() -> bytes:
    return repacked(made(), "xl/externalLinks/externalLink1.xml", b"<a/>")


def with_entities() -> bytes:
    return repacked(made(), "xl/workbook.xml", b'<!DOCTYPE a [<!ENTITY b "cccc">]><a>&b;</a>')


def without_sheet() -> bytes:
    return repacked(made(), "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row")


@pytest.mark.parametrize(
    "content",
    [b"", b"PK", b"office,period\n", b"\xd0\xcf\x11\xe0" + b"\0" * 600, made()[:-400], made()[:300] + made()[400:]],
)
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(WorkbookError, match="মাস"):
        read_workbook(content, "মাস.xlsx")


@pytest.mark.parametrize("make", [lying_bomb, with_macros, with_links, with_entities, without_sheet])
def test_what_may_not_be_opened_is_refused(make: Callable[[], bytes]) -> None:
    with pytest.raises(WorkbookError, match="মাস"):
        read_workbook(make(), "মাস.xlsx")


def merge(book: Any) -> None:
    book.active.merge_cells("C4:D5")


def add_formula(book: Any) -> None:
    book.active["C4"] = "=SUM(A1:A3)"


def hide(book: Any) -> None:
    book.create_sheet("C4").sheet_state = "veryHidden"


@pytest.mark.parametrize("change", [merge, add_formula, hide])
def test_formula_merged_cell_and_hidden_sheet_are_named(change: Callable[[Any], None]) -> None:
    with pytest.raises(WorkbookError, match="C4"):
        read_workbook(made(change), "a.xlsx")


@pytest.mark.parametrize("limits", [Limits(rows=1), Limits(columns=1), Limits(sheets=0), Limits(packed=100)])
def test_more_than_the_limits_is_refused(limits: Limits) -> None:
    with pytest.raises(WorkbookError):
        read_workbook(made(), "a.xlsx", limits=limits)


def test_a_row_at_the_end_of_the_sheet_does_not_fill_the_memory() -> None:
    def far(book: Any) -> None:
        book.active["A1048576"] = 1

    with pytest.raises(WorkbookError):
        read_workbook(made(far), "a.xlsx")


def test_it_reads_what_the_library_reads() -> None:
    """Every kind of content at its place, also where a program shares texts, skips cells and joins runs of one text."""

    def fill(book: Any) -> None:
        sheet = book.active
        sheet["A1"], sheet["D1"], sheet["C3"] = "এক", "এক", CellRichText("দুই ", TextBlock(InlineFont(b=True), "তিন"))
        sheet["A4"], sheet["B4"], sheet["C4"] = date(2026, 7, 1), datetime(2026, 7, 1, 9, 30), True
        sheet["A5"], sheet["B5"], sheet["C5"] = 10**15, -1.25, "a & b < c"
        sheet["A6"].number_format = "dd/mm/yyyy"
        book.create_sheet("২")["AB2"] = 7

    content = made(fill)
    theirs = load_workbook(BytesIO(content))
    ours = read_workbook(content, "a.xlsx")
    assert [sheet.name for sheet in ours.sheets] == theirs.sheetnames
    for sheet in ours.sheets:
        known = {cell.coordinate: cell.value for row in theirs[sheet.name].iter_rows() for cell in row}
        read = {cell.address: cell.content for row in sheet.rows for cell in row.cells}
        assert {k: v for k, v in read.items() if v is not None} == {k: v for k, v in known.items() if v is not None}


def test_a_text_that_no_cell_could_hold_is_refused_before_it_is_cleaned_for_each_cell_naming_it() -> None:
    read_workbook(made(content="ক" * 32_767), "a.xlsx")
    sheet = zipfile.ZipFile(BytesIO(made(content="zz"))).read("xl/worksheets/sheet1.xml")
    longer = repacked(made(), "xl/worksheets/sheet1.xml", sheet.replace(b"zz", b"x" * 32_768))
    with pytest.raises(WorkbookError, match="XLSX"):
        read_workbook(longer, "a.xlsx")
