"""Becoming one of the demonstration's people by one click."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from demo.accounts import make_people
from demo.people import PEOPLE
from offices.models import Officer
from offices.tree import load_offices

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(settings: Settings) -> dict[str, Officer]:
    settings.PORTAL_DEMO = True
    load_offices()
    return make_people()


def test_five_people_of_five_posts_can_be_become(client: Client, people: dict[str, Officer]) -> None:
    open_people = [person for person in PEOPLE if person.is_open]
    assert len({person.post for person in open_people}) == len(open_people) == 5
    for person in open_people:
        answer = client.post(reverse("demo:become"), {"username": person.username})
        assert answer.status_code == 302
        assert client.session["_auth_user_id"] == str(people[person.username].pk)
        client.logout()


@pytest.mark.parametrize("username", ["admin.bd", "registrar.bd", "", "nobody"])
def test_nobody_else_can(client: Client, people: dict[str, Officer], username: str) -> None:
    assert client.post(reverse("demo:become"), {"username": username}).status_code == 404


def test_a_real_officer_of_that_name_cannot_be_become(client: Client, people: dict[str, Officer]) -> None:
    Officer.objects.filter(username="ai.hatibandha").update(is_demo=False)
    assert client.post(reverse("demo:become"), {"username": "ai.hatibandha"}).status_code == 404


def test_the_log_in_page_shows_them_and_the_story(client: Client, people: dict[str, Officer]) -> None:
    page = client.get(reverse("account_login")).content.decode()
    for person in PEOPLE:
        assert (f'value="{person.username}"' in page) == person.is_open


def test_making_people_twice_changes_nothing(people: dict[str, Officer]) -> None:
    before = Officer.objects.count()
    make_people()
    assert Officer.objects.count() == before
