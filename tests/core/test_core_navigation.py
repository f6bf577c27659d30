"""Navigation by post: rooms offer places, the head shows each reader their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import RequestFactory

from core import navigation
from core.navigation import Audience, Place, links_for, register_item


class Reader:
    is_authenticated = True

    def __init__(self, *rights: str) -> None:
        self.rights = rights

    def has_perm(self, code: str) -> bool:
        return code in self.rights


@pytest.fixture(autouse=True)
def only_these_items(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(navigation, "_ITEMS", {})
    register_item("reports:home", "Home", order=0)
    register_item("account_login", "Log in", audience=Audience.STRANGERS, order=9)
    register_item(own_return, "Return", right="returns.save_cells", order=5)
    register_item("no-such-page", "Nowhere", audience=Audience.EVERYONE)
    yield


def own_return(user: Any) -> str | None:
    return "/returns/hatibandha/" if "returns.save_cells" in user.rights else None


def request(path: str, user: Any) -> HttpRequest:
    made = RequestFactory().get(path)
    made.user = user
    return made


def test_a_stranger_sees_log_in_and_nothing_of_the_officers() -> None:
    links = links_for(request("/", AnonymousUser()), Place.MAIN)
    assert [link.label for link in links] == ["Log in"]


def test_an_officer_sees_what_their_rights_allow_in_order() -> None:
    assert [link.label for link in links_for(request("/", Reader()), Place.MAIN)] == ["Home"]
    links = links_for(request("/", Reader("returns.save_cells")), Place.MAIN)
    assert [link.label for link in links] == ["Home", "Return"]


def test_a_place_that_has_no_page_is_not_offered() -> None:
    assert "Nowhere" not in [link.label for link in links_for(request("/", Reader()), Place.MAIN)]


def test_the_present_place_is_marked_and_home_only_when_one_is_there() -> None:
    reader = Reader("returns.save_cells")
    below = {
        k.label: (k.is_here, k.is_exact) for k in links_for(request("/returns/hatibandha/2024-06/", reader), Place.MAIN)
    }
    assert below == {"Home": (False, False), "Return": (True, False)}
    home = {k.label: (k.is_here, k.is_exact) for k in links_for(request("/", reader), Place.MAIN)}
    assert home == {"Home": (True, True), "Return": (False, False)}


def test_what_stands_behind_more_is_not_in_sight_and_only_one_of_both_is_here() -> None:
    register_item(lambda user: "/returns/hatibandha/targets/", "Targets", place=Place.MORE)
    register_item("account_change_password", "Password", place=Place.PERSON)
    asked = request("/returns/hatibandha/targets/2026/", Reader("returns.save_cells"))
    sight, more = links_for(asked, Place.MAIN), links_for(asked, Place.MORE)
    assert [link.label for link in sight] == ["Home", "Return"]
    assert [(link.label, link.is_here) for link in more] == [("Targets", True)]
    assert not any(link.is_here for link in sight)
