"""Every address × every post and anonymous × own, below and foreign offices."""

from __future__ import annotations

import importlib
import os
import pkgutil
from http import HTTPStatus

import pytest
from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client
from django.urls import resolve, reverse
from pytest_django import Settings

import tests.matrix
from offices.access import Access
from offices.choices import Post
from offices.models import Office, Officer
from offices.rights import get_right
from tests.architecture.addresses import own_addresses
from tests.exemptions import MATRIX_EXEMPT, OWN_ACCESS
from tests.matrix import ROWS, Place, Row, Rule, World
from tests.matrix.world import place_of

for module in pkgutil.iter_modules(tests.matrix.__path__):
    importlib.import_module(f"tests.matrix.{module.name}")

REFUSED = (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)
# All posts are asked once, under --all; else those who fill in and those who verify, who stand closest to others' rows.
IN_FULL = bool(os.environ.get("PORTAL_TEST_ALL")) and "postgres" not in os.environ.get("DATABASE_URL", "")
POSTS = tuple(Post) if IN_FULL else (Post.UPAZILA_OFFICER, Post.DISTRICT_OFFICER)
NO_ANSWER = (*REFUSED, HTTPStatus.UNAUTHORIZED, HTTPStatus.METHOD_NOT_ALLOWED)


def test_every_address_stands_in_the_matrix() -> None:
    names = {address.name for address in own_addresses()}
    missing = sorted(names - set(ROWS) - set(MATRIX_EXEMPT))
    assert not missing, "without a row in tests/matrix/: " + ", ".join(missing)
    gone = sorted((set(ROWS) | set(MATRIX_EXEMPT)) - names)
    assert not gone, f"rows without an address: {', '.join(gone)}"


def test_every_exemption_gives_its_reason() -> None:
    assert all(len(reason) > 20 for reason in (*OWN_ACCESS.values(), *MATRIX_EXEMPT.values()))


@pytest.mark.django_db
@pytest.mark.parametrize("row", [pytest.param(row, id=name) for name, row in sorted(ROWS.items())])
@pytest.mark.logs_errors("asks for what is refused")
def test_who_gets_an_answer(row: Row, settings: Settings) -> None:
    world = World()
    settings.PORTAL_CLOCK = world.now
    asked = Asked(row, world)
    for post in POSTS:
        for office in [world.seat[post]] if row.factory is None else world.targets(post):
            asked.as_officer(post, office)
    for office in [world.tree.department] if row.factory is None else [world.tree.upazila, world.tree.district]:
        asked.as_stranger(office)
    assert asked.questions or not IN_FULL, f"{row.name}: its factory made nothing for any office"
    assert not asked.surprises, "\n".join(asked.surprises)


class Asked:
    """The questions put to one row of the matrix, and the answers that were not expected."""

    def __init__(self, row: Row, world: World) -> None:
        self.row, self.world = row, world
        self.questions = 0
        self.surprises: list[str] = []
        self.addresses: dict[str, str | None] = {}
        for office in self._all_offices():
            kwargs = row.factory(world, office) if row.factory else {}
            self.addresses[office.code] = None if kwargs is None else reverse(row.name, kwargs=kwargs)

    def _all_offices(self) -> list[Office]:
        if self.row.factory is None:
            return list({seat.code: seat for seat in self.world.seat.values()}.values())
        return list({office.code: office for post in POSTS for office in self.world.targets(post)}.values())

    def as_officer(self, post: Post, target: Office) -> None:
        address = self.addresses[target.code]
        if address is None:
            return
        holder = self.world.seat[post]
        who = f"{post.value} of {holder.code} about {target.code} ({place_of(holder, target)})"
        officer = self.world.officer(post)
        for method, rule in self.row.rules:
            status = self._ask(method, address, target, officer)
            self._note(
                f"{method.upper()} {address} as {who}", status, self._expected(address, rule, post, holder, target)
            )

    def _expected(self, address: str, rule: Rule, post: Post, holder: Office, target: Office) -> tuple[int, ...] | None:
        """The statuses of a refusal; ``None``: an answer is due."""
        may_enter = may_enter_view(address, post)
        if rule(post, holder, target):
            return None
        if place_of(holder, target) is Place.FOREIGN and may_enter:
            return (HTTPStatus.NOT_FOUND,)
        return REFUSED if may_enter else (HTTPStatus.FORBIDDEN,)

    def as_stranger(self, target: Office) -> None:
        address = self.addresses[target.code]
        if address is None:
            return
        for method, rule in self.row.rules:
            response = self._response(method, address, target, None)
            is_sent_to_login = response.status_code == HTTPStatus.FOUND and "/accounts/login/" in response["Location"]
            what = f"{method.upper()} {address} as a stranger"
            if rule.anonymous:
                self._note(what, HTTPStatus.UNAUTHORIZED if is_sent_to_login else response.status_code, None)
            elif not is_sent_to_login and response.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
                self.surprises.append(f"{what}: {response.status_code}, not the log-in page")

    def _ask(self, method: str, address: str, target: Office, officer: Officer) -> int:
        response = self._response(method, address, target, officer)
        if response.status_code == HTTPStatus.FOUND and "/accounts/login/" in response["Location"]:
            return HTTPStatus.UNAUTHORIZED
        return response.status_code

    def _response(self, method: str, address: str, target: Office, officer: Officer | None) -> HttpResponse:
        """One request; whatever it wrote is undone."""
        self.questions += 1
        data = self.row.data(self.world, target) if self.row.data and method == "post" else {}
        client = Client(raise_request_exception=False)
        with transaction.atomic():
            if officer is not None:
                client.force_login(officer, backend="allauth.account.auth_backends.AuthenticationBackend")
            response = client.get(address) if method == "get" else client.post(address, data)
            if isinstance(response, StreamingHttpResponse):
                b"".join(response.streaming_content)  # a file stays open until it is sent
            transaction.set_rollback(True)
        assert isinstance(response, HttpResponse) or response.status_code
        return response  # type: ignore[return-value]

    def _note(self, what: str, status: int, expected: tuple[int, ...] | None) -> None:
        if status == HTTPStatus.METHOD_NOT_ALLOWED and not getattr(self.row, what.split()[0].lower()):
            return
        if expected is None:
            if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in NO_ANSWER:
                self.surprises.append(f"{what}: {status}, an answer was due")
        elif status not in expected:
            wanted = " or ".join(str(int(code)) for code in expected)
            self.surprises.append(f"{what}: {status}, {wanted} was due")


def may_enter_view(address: str, post: Post) -> bool:
    """Whether the view behind an address lets the post in before it looks for a row."""
    access: Access | None = getattr(resolve(address).func, "access", None)
    if access is None:
        return False
    return access.is_public or not access.rights or any(post in get_right(code).grants for code in access.rights)
