"""A portal on its first day: offices and people, but no form, or a form and no baseline. Every address answers."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from offices.choices import Post
from returns import services
from returns.services.forms import FORM_FILE
from tests.architecture.addresses import Address, own_addresses
from tests.matrix import World

WORDS = {
    "period": "2026-10", "fiscal_year": "2026-27", "cell": "A07", "code": "none", "format": "xlsx", "pk": 1,
    "number": 1, "posting": 1, "key": "nothing", "sha": "0" * 64,
}  # fmt: skip
TYPED = {
    "reason": "কারণ", "office": "hatibandha", "on": "2026-10-15", "value": "5", "do": "submit", "section": "A",
    "cell:A07.GP": "5", "base:A07.GP": "0", "agree": "1", "name_bn": "সমিতি", "passphrase": "some words",
    "code": "123456", "period": "2026-10", "until": "2026-11-20", "zeros": "A",
}  # fmt: skip
# Posts differ in their rights, not in their database: this one alone is asked on PostgreSQL, too.
QUICK = (Post.DISTRICT_OFFICER, False)
# Without a form a post is much like its neighbours, and one that only helps much like the one it helps.
BARE = (Post.DISTRICT_OFFICER, Post.SYSTEM_ADMIN)
HELPERS = (Post.ASSISTANT_INSPECTOR, Post.DISTRICT_INSPECTOR)
CASES = [
    pytest.param(post, has_form, marks=() if (post, has_form) == QUICK else pytest.mark.sqlite)
    for post in Post
    for has_form in (False, True)
    if (post not in HELPERS if has_form else post in BARE)
]


@pytest.mark.full
@pytest.mark.django_db
@pytest.mark.logs_errors("asks for what is not there")
@pytest.mark.parametrize(("post", "has_form"), CASES)
def test_every_address_answers_before_there_is_anything(post: Post, has_form: bool, settings: Settings) -> None:
    world = World()
    settings.PORTAL_CLOCK = world.now
    if has_form:
        services.publish_form(FORM_FILE, by=world.officer(Post.SYSTEM_ADMIN), at=world.now)
    client, broken = _client(world, post), []
    for path in (path for address in own_addresses() for path in _paths(address, world, post)):
        for method, data in ((client.get, {}), (client.post, {}), (client.post, TYPED)):
            with transaction.atomic():
                status = method(path, data).status_code
                transaction.set_rollback(True)
            if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                broken.append(f"{method.__name__} {path} with {len(data)} fields: {status}")
    assert not broken, "\n".join(broken)


def _client(world: World, post: Post) -> Client:
    client = Client(raise_request_exception=False)
    client.cookies["django_language"] = "en"
    client.force_login(world.officer(post), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _paths(address: Address, world: World, post: Post) -> Iterator[str]:
    """The address about the own office and one below; once, where it names no office."""
    for office in world.targets(post)[: 2 if "office" in address.arguments else 1]:
        words = WORDS | {"office": office.code}
        yield reverse(address.name, kwargs={name: words[name] for name in address.arguments})


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["baseline", "targets/2026-27"])
def test_what_asks_by_the_form_says_that_there_is_none(page: str, settings: Settings) -> None:
    world = World()
    settings.PORTAL_CLOCK = world.now
    answer = _client(world, Post.DISTRICT_OFFICER).get(f"/returns/hatibandha/{page}/", follow=True)
    assert "No form has been published for this period" in answer.content.decode()
