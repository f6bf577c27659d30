"""The entry page by workbook: download, preview with a verdict a cell, consent; nothing saved before."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from returns import services
from returns.models import Remark, Return, SaveReceipt, Value
from returns.services import CellChange
from tests.returns.factories_returns import AUGUST, JULY, World, after, form_data, make_world, on, verified
from tests.returns.factories_workbooks import changed, filled
from tests.societies.factories_societies import make_society

pytestmark = pytest.mark.django_db
HOME = "/returns/hatibandha/2023-07/"
UPLOAD = f"{HOME}workbook/upload/"


@pytest.fixture
def world(clock: Any, client: Client) -> World:
    clock(after(JULY))
    made = make_world()
    client.force_login(made.clerk)
    return made


def download(client: Client, home: str = HOME) -> bytes:
    response = client.get(f"{home}workbook/")
    assert response.headers["Content-Disposition"].startswith("attachment")
    return bytes(response.content)


def send(client: Client, content: bytes, address: str = UPLOAD) -> tuple[int, str]:
    response = client.post(address, {"file": SimpleUploadedFile("হাতীবান্ধা.xlsx", content)})
    return response.status_code, unescape(response.content.decode())


def consent(client: Client, page: str) -> Any:
    token = re.search(r'name="delivery" value="([^"]+)"', page)
    assert token, page
    return client.post(UPLOAD, {"delivery": token[1]})


def test_a_workbook_is_shown_first_and_saved_on_consent_once(world: World, client: Client) -> None:
    status, page = send(client, filled(download(client), {"B03": "১২", "C10": "১,২৩৪.৫"}, blanks=None))
    assert status == 200 and "১,২৩৪.৫০" in page
    assert not Return.objects.exists()
    for _twice in range(2):
        assert consent(client, page).status_code == 302
    amounts = dict(Value.objects.values_list("cell", "amount"))
    assert amounts["B03"] == 12 and amounts["C10"] == 12_345_000_000
    assert SaveReceipt.objects.count() == 1 and Value.objects.get(cell="B03").revision == 1


def test_what_is_wrong_is_named_by_its_cell_and_nothing_can_be_saved(world: World, client: Client) -> None:
    make_society(world.upazila, reg_on=JULY.first)
    figures = {"B03": "বারো", "B04": -1, "C10": 1.234, "A02.GP": 7}
    status, page = send(client, filled(download(client), figures, blanks=None))
    assert status == 422 and 'name="delivery"' not in page
    for address in ("F10", "বারো", "ক০২"):
        assert address in page
    assert not Return.objects.exists()


def test_a_reason_and_a_remark_stand_in_their_columns(world: World, client: Client) -> None:
    make_society(world.upazila, reg_on=JULY.first)
    content = filled(
        download(client),
        {"A02.GP": 2, "A08.GP": 2, "B03": 3},
        reason={"A02.GP": "একটির সনদ পরে এসেছে", "A08.GP": "একই কারণ"},
        remark={"B03": "অন্য সদস্যরা আগস্টে"},
    )
    status, page = send(client, content)
    assert status == 200, page
    consent(client, page)
    assert Value.objects.get(cell="A02.GP").reason == "একটির সনদ পরে এসেছে"
    assert Remark.objects.get(cell="B03").text == "অন্য সদস্যরা আগস্টে"


def test_what_another_wrote_meanwhile_is_a_conflict_with_name_and_untouched_cells_stay_theirs(
    world: World, client: Client
) -> None:
    ret = services.open_return(world.upazila, JULY, by=world.clerk, at=after(JULY))
    services.save_cells(ret, [CellChange("B03", 4), CellChange("B04", 4)], key="1", by=world.clerk, at=after(JULY))
    content = download(client)
    theirs = [CellChange("B03", 9, 1), CellChange("B04", 8, 1)]
    services.save_cells(ret, theirs, key="2", by=world.officer, at=after(JULY))
    status, page = send(client, filled(content, {"B03": 5}, blanks=None))
    assert status == 422 and world.officer.name_bn in page and "৯" in page and "৫" in page
    status, page = send(client, filled(content, {"B06": 1}, blanks=None))
    assert status == 200
    consent(client, page)
    amounts = dict(Value.objects.values_list("cell", "amount"))
    assert (amounts["B03"], amounts["B04"], amounts["B06"]) == (9, 8, 1)


def test_another_office_month_or_form_is_refused_by_name(world: World, client: Client, clock: Any) -> None:
    content = download(client)
    verified(world)
    clock(after(AUGUST))
    status, page = send(client, content, "/returns/hatibandha/2023-08/workbook/upload/")
    assert status == 422 and "জুলাই ২০২৩" in page and "আগস্ট ২০২৩" in page
    services.publish_form(form_data() | {"number": 2, "valid_from": "2023-08"}, by=world.officer, at=on(2023, 9, 1))
    august = download(client, "/returns/hatibandha/2023-08/")
    services.publish_form(form_data() | {"number": 3, "valid_from": "2023-08"}, by=world.officer, at=on(2023, 9, 1))
    status, page = send(client, august, "/returns/hatibandha/2023-08/workbook/upload/")
    assert status == 422 and "MR/2" in page and "MR/3" in page


def test_a_formula_or_a_broken_file_is_refused_in_words(world: World, client: Client) -> None:
    def formula(book: Any) -> None:
        book["রিটার্ন"]["F9"].value = "=1+1"

    status, page = send(client, changed(download(client), formula))
    assert status == 422 and "F9" in page
    for content in (b"PK\x03\x04", b"x" * 100):
        status, page = send(client, content)
        assert status == 422 and "হাতীবান্ধা.xlsx" in page


def test_a_preview_of_another_officer_or_tampered_with_saves_nothing(world: World, client: Client) -> None:
    status, page = send(client, filled(download(client), {"B03": 5}, blanks=None))
    assert status == 200
    assert client.post(UPLOAD, {"delivery": "abc"}).status_code == 302
    client.force_login(world.officer)
    consent(client, page)
    assert not Value.objects.exists()


def test_a_submitted_return_takes_no_workbook(world: World, client: Client) -> None:
    verified(world)
    assert client.get(f"{HOME}workbook/").status_code == 302
    assert client.post(UPLOAD, {"delivery": "abc"}).status_code == 302
