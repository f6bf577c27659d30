"""Nothing typed is lost when the log-in has ended, or begun anew, between opening a form and sending it."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from offices.middleware import UNSENT
from returns.models import Value
from tests.factories import PASSWORD
from tests.returns.factories_returns import AUGUST, World, after, make_world, verified
from tests.returns.test_returns_pages import posted

pytestmark = pytest.mark.django_db
HERE = "/returns/hatibandha/2023-08/"
OWN_PAGE = {"Origin": "http://testserver"}


@pytest.fixture
def world(settings: Settings) -> World:
    settings.PORTAL_CLOCK = after(AUGUST)
    world = make_world()
    verified(world)
    return world


def hidden(page: str) -> dict[str, list[str]]:
    """The fields of the form that sends again."""
    form = page[page.index(f'action="{HERE}"') :]
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'name="([^"]+)" value="([^"]*)"', form[: form.index("</form>")]):
        fields.setdefault(html.unescape(name), []).append(html.unescape(value))
    return fields


def log_in(client: Client, world: World, leads_to: str, **more: Any) -> Any:
    data = {"login": world.officer.username, "password": PASSWORD, "next": leads_to} | more
    return client.post("/accounts/login/", data, headers=OWN_PAGE)


def test_a_form_sent_after_the_log_in_has_ended_waits_behind_the_next_one(world: World) -> None:
    client = Client()
    client.force_login(world.officer)
    typed = posted(client.get(HERE).content.decode(), G02="৫")
    client.session.flush()
    sent = client.post(HERE, typed)
    assert sent["Location"] == "/accounts/login/?next=/resume/"
    assert not Value.objects.filter(cell="G02", version__ret__period=AUGUST, amount=5).exists()
    assert log_in(client, world, "/resume/")["Location"] == "/resume/"
    again = hidden(client.get("/resume/").content.decode())
    assert again["G02"] == ["৫"]
    assert client.post(HERE, again)["Location"].startswith(HERE)
    assert Value.objects.filter(cell="G02", version__ret__period=AUGUST, amount=5).exists()
    assert UNSENT not in client.session
    assert client.get("/resume/")["Location"] == "/start/"


def test_a_form_opened_before_another_log_in_is_sent_again_by_one_press(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.officer)
    typed = posted(client.get(HERE).content.decode(), G02="৫")
    page = client.get("/accounts/logout/").content.decode()
    client.post("/accounts/logout/", posted(page), headers=OWN_PAGE)
    token = posted(client.get("/accounts/login/").content.decode())["csrfmiddlewaretoken"]
    assert log_in(client, world, "/", csrfmiddlewaretoken=token).status_code == 302
    stranger = client.post(HERE, typed)
    assert stranger.status_code == 403 and b"G02" not in stranger.content, "another site may have sent this"
    refused = client.post(HERE, typed, headers=OWN_PAGE)
    assert refused.status_code == 403
    sent = client.post(HERE, hidden(refused.content.decode()), headers=OWN_PAGE)
    assert sent["Location"].startswith(HERE)
    assert Value.objects.filter(cell="G02", version__ret__period=AUGUST, amount=5).exists()


def test_secrets_and_endless_forms_are_not_kept(client: Client) -> None:
    for data in ({"passphrase": "abcd-efgh", "code": "123456"}, {"remark": "x" * 300_000}):
        sent = client.post(HERE, data)
        assert sent["Location"] == f"/accounts/login/?next={HERE}"
        assert UNSENT not in client.session
