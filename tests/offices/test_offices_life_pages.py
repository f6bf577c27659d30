"""Opening, closing and moving an office on pages: nothing happens before what follows was shown and confirmed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.periods import DHAKA
from offices.choices import OfficeKind, Post
from offices.models import FormerPlace, Office
from tests.factories import Tree, make_office, make_officer, make_tree

pytestmark = pytest.mark.django_db
HERE = "/offices/hatibandha/"


@pytest.fixture
def tree(clock: Callable[[datetime], None]) -> Tree:
    clock(datetime(2026, 11, 3, 11, tzinfo=DHAKA))
    return make_tree()


@pytest.fixture
def admin(tree: Tree, client: Client) -> Client:
    client.force_login(make_officer(Post.SYSTEM_ADMIN, tree.department))
    client.cookies["django_language"] = "en"
    return client


def test_a_move_is_foreseen_then_confirmed_and_its_history_shown(admin: Client, tree: Tree) -> None:
    wanted = {"parent": "sylhet", "first": "2026-10"}
    page = admin.post(f"{HERE}move/", wanted).content.decode()
    assert "From October 2026 on it stands below District Cooperative Office, sylhet" in page
    assert "Totals up to September 2026 stay under District Cooperative Office, lalmonirhat" in page
    tree.upazila.refresh_from_db()
    assert tree.upazila.parent == tree.district and not FormerPlace.objects.exists(), "nothing has moved yet"
    shown = admin.post(f"{HERE}move/", wanted | {"confirm": "1"}, follow=True).content.decode()
    assert Office.objects.get(code="hatibandha").parent == tree.foreign_district
    assert (
        "Up to September 2026" in shown and "/offices/lalmonirhat/" in shown and "office moved (October 2026)" in shown
    )


def test_a_district_says_how_many_move_along(admin: Client) -> None:
    page = admin.post("/offices/lalmonirhat/move/", {"parent": "sylhet-division", "first": "2026-11"})
    assert "3 offices below it move along" in page.content.decode()
    assert not FormerPlace.objects.exists()


def test_what_cannot_be_is_said_before_anything_follows(admin: Client) -> None:
    refused = admin.post("/offices/lalmonirhat/close/", {"closed_on": "০১/১১/২০২৬", "confirm": "1"})
    assert refused.status_code == 422 and "still works below" in refused.content.decode()
    assert admin.post(f"{HERE}move/", {"parent": "lalmonirhat", "first": "2026-10"}).status_code == 422
    assert admin.post(f"{HERE}move/", {"parent": "sylhet", "first": "2026-12"}).status_code == 422
    taken = {"kind": "upazila", "code": "Patgram", "name_bn": "ক", "name_en": "K", "opened_on": "01/11/2026"}
    answer = admin.post("/offices/lalmonirhat/open/", taken | {"confirm": "1"})
    assert "taken for ever" in answer.content.decode() and Office.objects.filter(name_en="K").count() == 0


def test_an_office_opens_below_its_district_and_closes_again(admin: Client, tree: Tree) -> None:
    facts = {"kind": "upazila", "code": "ulipur", "name_bn": "উলিপুর", "name_en": "Ulipur", "opened_on": "01/11/2026"}
    assert "ulipur" in admin.post("/offices/lalmonirhat/open/", facts).content.decode()
    assert not Office.objects.filter(code="ulipur").exists()
    admin.post("/offices/lalmonirhat/open/", facts | {"confirm": "1"})
    made = Office.objects.get(code="ulipur")
    assert made.parent == tree.district and made.kind == OfficeKind.UPAZILA
    make_officer(Post.UPAZILA_OFFICER, made)
    page = admin.post("/offices/ulipur/close/", {"closed_on": "02/11/2026"}).content.decode()
    assert "1 officer still holds a post there" in page
    closed = admin.post("/offices/ulipur/close/", {"closed_on": "02/11/2026", "confirm": "1"}, follow=True)
    assert (
        "its last day was 02/11/2026" in closed.content.decode()
        and "/offices/ulipur/move/" not in closed.content.decode()
    )


def test_the_page_asks_no_more_for_more_offices_below(admin: Client, tree: Tree) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            admin.get("/offices/lalmonirhat/")
        return len(asked)

    queries()
    before = queries()
    for number in range(3):
        make_office(f"new-{number}", parent=tree.district)
    assert queries() == before


@pytest.mark.parametrize("act", ["move", "close"])
def test_the_top_of_all_offices_neither_moves_nor_closes(admin: Client, act: str) -> None:
    answer = admin.get(f"/offices/bd/{act}/", follow=True)
    assert answer.redirect_chain == [("/offices/bd/", 302)] and "neither moved nor closed" in answer.content.decode()
    posted = {"closed_on": "01/11/2026", "parent": "sylhet", "first": "2026-10", "confirm": "1"}
    assert admin.post(f"/offices/bd/{act}/", posted).status_code == 302
    assert Office.objects.get(code="bd").closed_on is None
