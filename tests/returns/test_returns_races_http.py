"""The same crossings through the pages: every press is answered, one of them counts, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

import pytest
from django.test import Client
from pytest_django import Settings

from offices.choices import Post
from offices.models import Officer
from returns import services
from returns.choices import ReturnState
from returns.forms import base_of
from returns.models import Return, ReturnVersion, Value
from tests.factories import make_officer
from tests.racing import race
from tests.returns.factories_returns import JULY, World, after, fill, make_world, submitted

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "/returns/hatibandha/2023-07/"


@pytest.fixture
def world(settings: Settings) -> World:
    settings.PORTAL_CLOCK = after(JULY, 4)
    return make_world()


class Presses:
    """What each press was answered with; an error of the server ends the test."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, str]] = []

    def by(self, officer: Officer, path: str, **data: str) -> Callable[[], None]:
        """The press, ready: logged in before the race begins."""
        client = Client()
        client.cookies["django_language"] = "en"
        client.force_login(officer, backend="allauth.account.auth_backends.AuthenticationBackend")

        def press() -> None:
            answer = client.post(path, data)
            self.answers.append((answer.status_code, answer.content.decode()))

        return press


def test_submit_pressed_four_times_at_once(world: World) -> None:
    ret = services.open_return(world.upazila, JULY, by=world.clerk, at=after(JULY))
    fill(ret, by=world.clerk, at=after(JULY))
    presses = Presses()
    race(*[presses.by(world.officer, f"{ADDRESS}check/") for _press in range(4)])
    assert [status for status, _page in presses.answers] == [HTTPStatus.FOUND] * 4
    assert Return.objects.get().state == ReturnState.SUBMITTED
    assert ReturnVersion.objects.count() == 1


def test_submit_crosses_with_sending_back_and_with_verifying(world: World) -> None:
    ret = submitted(world)
    presses = Presses()
    verdict = f"{ADDRESS}verdict/"
    race(
        presses.by(world.officer, f"{ADDRESS}check/"),
        presses.by(world.district_officer, verdict, seen="1", send_back="1", reason="চালান মিলিয়ে দেখুন।"),
        presses.by(world.district_officer, verdict, seen="1", verify="1"),
    )
    assert {status for status, _page in presses.answers} == {HTTPStatus.FOUND}
    ret.refresh_from_db()
    newest = ReturnVersion.objects.filter(ret=ret).order_by("-number")[0]
    assert newest.number == (1 if ret.state == ReturnState.VERIFIED else 2)
    assert newest.values.filter(amount__isnull=False).exists()


def test_two_assistants_save_one_section_at_once(world: World) -> None:
    """Cells that only one of them typed are all kept; at the one both typed, the second is told both figures."""
    services.open_return(world.upazila, JULY, by=world.clerk, at=after(JULY))
    other = make_officer(Post.ASSISTANT_INSPECTOR, world.upazila, username="second-inspector")
    base = base_of({})
    presses = Presses()
    race(
        presses.by(world.clerk, ADDRESS, key="one", base=base, do="save:G", G02="7", G03="1"),
        presses.by(other, ADDRESS, key="two", base=base, do="save:G", G02="8", G06="2"),
    )
    kept = dict(Value.objects.values_list("cell", "amount"))
    assert (kept["G03"], kept["G06"]) == (1, 2)
    assert kept["G02"] in (7, 8)
    (told,) = [page for status, page in presses.answers if status == HTTPStatus.UNPROCESSABLE_ENTITY]
    assert "has meanwhile written" in told
