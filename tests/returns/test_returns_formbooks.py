"""The form by workbook: there and back unchanged, differences, faults by cell, last month under it, publishing."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from core.errors import UserError
from core.workbooks.safety import WorkbookError
from jobs.services import run_waiting_jobs
from offices.choices import Post
from returns.catalogue import Catalogue
from returns.formbooks.books import read_formbook, write_formbook
from returns.formbooks.differences import Change, differences
from returns.formbooks.trial import try_form
from returns.models import Form
from returns.reading import read_catalogue
from returns.services.forms import publish_edited_form
from tests.factories import make_officer
from tests.returns.factories_returns import JULY, after, form_data, make_world, verified, with_a_new_line
from tests.returns.factories_workbooks import changed


def edited(change: Any) -> tuple[dict[str, Any], Catalogue]:
    return read_formbook(changed(write_formbook(form_data()), change), "ছক.xlsx")


def row_of(sheet: Any, code: str, column: str = "code") -> Any:
    heads = {cell.value: number for number, cell in enumerate(sheet[1])}
    return next(row for row in sheet.iter_rows(min_row=2) if row[heads[column]].value == code), heads


def put(book: Any, sheet: str, code: str, column: str, value: object) -> str:
    row, heads = row_of(book[sheet], code)
    row[heads[column]].value = value
    return str(row[heads[column]].coordinate)


@pytest.mark.parametrize("data", [form_data(), with_a_new_line()], ids=["shipped", "with a new line"])
def test_there_and_back_unchanged_is_no_difference(data: dict[str, Any]) -> None:
    read, catalogue = read_formbook(write_formbook(data), "ছক.xlsx")
    assert differences(data, read) == []
    assert read == data
    assert catalogue == read_catalogue(data)


def test_an_office_program_that_saves_it_changes_nothing() -> None:
    assert edited(lambda book: None)[0] == form_data()


def test_lines_and_rules_added_removed_and_changed_are_told() -> None:
    def change(book: Any) -> None:
        put(book, "lines", "B03", "help_bn", "নতুন সাহায্য")
        put(book, "form", "MR", "due_day", "৭")
        book["rules"].delete_rows(row_of(book["rules"], "V09.new")[0][0].row)
        book["lines"].append(["K", "K09", "flow", "গণশুনানি", "Hearings", "গণশুনানি", "Hearings held"])

    data, catalogue = edited(change)
    assert "K09" in catalogue.lines and catalogue.due_day == 7
    found = {(one.sheet, one.code): one for one in differences(form_data(), data)}
    assert found.keys() == {("form", ""), ("lines", "B03"), ("lines", "K09"), ("rules", "V09.new")}
    assert found["lines", "K09"].change is Change.ADDED and found["rules", "V09.new"].change is Change.REMOVED
    assert found["form", ""].fields == (("due_day", "5", "7"),)
    with translation.override("en"):
        labels = {one.code: one.label for one in differences(form_data(), data)}
    assert (labels["K09"], found["lines", "K09"].label) == ("Hearings", "গণশুনানি")
    ((name, _before, now),) = found["lines", "B03"].fields
    assert (name, now) == ("help_bn", "নতুন সাহায্য")


@pytest.mark.parametrize(
    ("sheet", "code", "column", "value"),
    [
        ("lines", "B03", "kind", "stream"),
        ("lines", "B03", "levels", "upazila, village"),
        ("lines", "A07", "formula", "A01 +"),
        ("lines", "A07", "formula", "A01 + Z09"),
        ("rules", "V09", "condition", "B09 >= Q01"),
        ("rules", "V09", "severity", "maybe"),
        ("parts", "ASHRAYAN", "limits", "ceiling: 5"),
        ("form", "MR", "due_day", "fifth"),
        ("lines", "B03", "code", None),
    ],
)
def test_a_fault_is_named_by_sheet_and_cell(sheet: str, code: str, column: str, value: object) -> None:
    places: list[str] = []
    with pytest.raises(WorkbookError) as error:
        edited(lambda book: places.append(put(book, sheet, code, column, value)))
    row = re.sub("[A-Z]+", "", places[0])
    assert sheet in str(error.value) and re.search(rf"[A-Z]{row}\b", str(error.value)), str(error.value)


@pytest.mark.django_db
def test_last_month_under_it_names_the_offices_and_writes_nothing() -> None:
    world = make_world()
    verified(world, B03=5)
    data = with_a_new_line()
    data["rules"].append(
        {"code": "X02", "severity": "block", "cell": "B03", "condition": "B03 <= 4", "bn": "{B03}", "en": "{B03}"}
    )
    trial = try_form(read_catalogue(data))
    assert trial is not None and (trial.period, trial.returns) == ("2023-07", 1)
    assert trial.rules["X02"] == [world.upazila.name] and trial.lines == {"K09": [world.upazila.name]}
    assert Form.objects.count() == 1


@pytest.mark.django_db
def test_a_period_that_somebody_has_opened_keeps_its_form() -> None:
    world = make_world()
    verified(world)
    admin = make_officer(Post.PERFORMANCE_ADMIN, world.tree.department)
    with pytest.raises(UserError, match="জুলাই ২০২৩"):
        publish_edited_form(with_a_new_line() | {"number": 2}, by=admin, at=after(JULY))
    form = publish_edited_form(with_a_new_line() | {"number": 2, "valid_from": "2023-08"}, by=admin, at=after(JULY))
    assert str(form) == "MR/2"


@pytest.mark.django_db
def test_an_administrator_edits_tries_and_publishes(client: Client, clock: Any) -> None:
    world = make_world()
    verified(world, B03=5)
    clock(after(JULY, 6))
    client.force_login(make_officer(Post.PERFORMANCE_ADMIN, world.tree.department))
    download = client.get("/forms/MR/1/workbook/")

    def change(book: Any) -> None:
        put(book, "form", "MR", "number", 2)
        put(book, "form", "MR", "valid_from", "2023-08")
        book["lines"].append(["K", "K09", "flow", "গণশুনানি", "Hearings", "গণশুনানি", "Hearings held"])

    broken = changed(bytes(download.content), lambda book: put(book, "lines", "B03", "kind", "stream"))
    response = client.post("/forms/", {"file": SimpleUploadedFile("ছক.xlsx", broken)})
    assert response.status_code == 422 and "stream" in response.content.decode()
    file = SimpleUploadedFile("ছক.xlsx", changed(bytes(download.content), change))
    draft = client.post("/forms/", {"file": file}).headers["Location"]
    page = unescape(client.get(draft).content.decode())
    assert "K09" in page and "গণশুনানি" in page
    client.post(draft, {"do": "try"})
    run_waiting_jobs()
    page = unescape(client.get(draft).content.decode())
    assert "K09" in page and world.upazila.name_bn in page
    client.cookies["django_language"] = "en"
    assert "Tried on 1 verified return of July 2023" in client.get(draft).content.decode()
    client.post(draft, {"do": "publish"})
    assert [str(form) for form in Form.objects.order_by("number")] == ["MR/1", "MR/2"]
