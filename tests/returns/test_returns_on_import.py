"""A return that was verified on import says so wherever its state is shown; one verified otherwise never does."""

from __future__ import annotations

import io
from html import unescape
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from offices.choices import Post
from offices.models import Officer
from returns import services
from returns.consolidated import kept_of
from returns.months import month_of, sheet_of
from returns.papers.office_month import printed_columns
from returns.papers.office_return import return_paper
from returns.services.consolidation import submit_consolidation, verify_consolidation
from returns.workbooks.delivery import read_delivery
from tests.factories import make_officer
from tests.returns.factories_returns import JULY, World, after, make_world, verified
from tests.returns.factories_workbooks import filled, template

pytestmark = pytest.mark.django_db
AT = after(JULY, 4)
WORDS = "আমদানির সময় যাচাইকৃত"
OWN = "/returns/hatibandha/2023-07/"
PAGES = {
    "entry": (OWN, "district"),
    "months": ("/returns/hatibandha/", "district"),
    "home": ("/", "office"),
    "cell": (f"{OWN}cells/B03/", "district"),
    "versions of a cell": (f"{OWN}cells/B03/versions/", "district"),
    "versions": (f"{OWN}versions/", "district"),
    "annexes": (f"{OWN}annexes/", "district"),
    "receipt": (f"{OWN}receipt/", "district"),
    "queue": ("/returns/queue/", "district"),
    "month of the district": ("/months/lalmonirhat/2023-07/", "district"),
    "month of the upazila": ("/months/hatibandha/2023-07/", "district"),
    "as known on a day": ("/months/hatibandha/2023-07/?known=2023-08-20", "district"),
    "figure of the month": ("/months/lalmonirhat/2023-07/cells/B03/", "district"),
}


@pytest.fixture
def world(clock: Any) -> World:
    clock(after(JULY, 4))
    return make_world()


def imported(world: World) -> tuple[Officer, Officer]:
    """July from a file, by one administrator, verified on import by another."""
    by = make_officer(Post.SYSTEM_ADMIN, world.tree.department, username="by")
    judge = make_officer(Post.PERFORMANCE_ADMIN, world.tree.department, username="judge")
    delivery = read_delivery(filled(template(world.upazila, JULY, at=AT), {"B03": 3}), "july.xlsx")
    services.import_return(delivery, world.upazila, JULY, by=by, at=AT, submit=True, verify_by=judge)
    return by, judge


def page(client: Client, world: World, address: str, who: str) -> str:
    client.force_login(world.district_officer if who == "district" else world.officer)
    response = client.get(address)
    assert response.status_code == 200, response.status_code
    return unescape(response.content.decode())


@pytest.mark.parametrize("name", PAGES)
def test_every_page_with_the_state_says_so(world: World, client: Client, name: str) -> None:
    imported(world)
    assert WORDS in page(client, world, *PAGES[name])


@pytest.mark.parametrize("name", PAGES)
def test_no_page_says_so_of_another(world: World, client: Client, name: str) -> None:
    verified(world)
    assert "আমদানি" not in page(client, world, *PAGES[name]).replace("রিটার্ন আমদানি", "")


def test_where_there_is_room_both_hands_are_named(world: World, client: Client) -> None:
    by, judge = imported(world)
    for name in ("entry", "versions", "versions of a cell", "receipt"):
        told = page(client, world, *PAGES[name])
        assert f"ফাইল থেকে এনেছেন {by.name_bn}" in told and f"আমদানির সময় যাচাই করেছেন {judge.name_bn}" in told


def test_it_is_said_in_english_too(world: World, client: Client) -> None:
    imported(world)
    client.cookies["django_language"] = "en"
    assert "verified on import" in page(client, world, *PAGES["entry"])


@pytest.mark.parametrize("address", ["/returns/hatibandha/?as=xlsx", "/returns/queue/?as=xlsx"])
def test_spreadsheets_say_so(world: World, client: Client, address: str) -> None:
    imported(world)
    client.force_login(world.district_officer)
    content = b"".join(client.get(address).streaming_content)  # type: ignore[attr-defined]
    cells = {cell for row in load_workbook(io.BytesIO(content)).active.values for cell in row}
    assert WORDS in cells


def test_papers_say_so(world: World) -> None:
    imported(world)
    paper = return_paper(office="hatibandha", period="2023-07")
    assert paper.context["state_bn"] == "আমদানির সময় যাচাই করা"
    assert ("আমদানির সময় যাচাই করা", "verified on import") in {(fact.value_bn, fact.value_en) for fact in paper.facts}
    month = sheet_of(month_of(world.tree.district, JULY, at=AT))
    assert [column.standing for column in printed_columns(month)] == ["● যাচাই (আমদানি)"]


def test_an_accepted_one_says_both_and_the_snapshot_remembers(world: World, client: Client) -> None:
    imported(world)
    above = world.joint_registrar
    snapshot = submit_consolidation(
        world.tree.district, JULY, explanation="বন্যায় অন্য কার্যালয় বন্ধ।", by=world.district_officer, at=AT
    )
    assert kept_of(snapshot).completeness.standings[0].is_verified_on_import
    verify_consolidation(snapshot, by=above, at=AT)
    told = page(client, world, *PAGES["entry"])
    assert WORDS in told and "tag--accepted" in told
