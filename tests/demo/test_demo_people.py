"""Becoming one of the demonstration's people by one click."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from core.clock import now
from demo.accounts import PASSWORD, keep_secrets, make_people, read_secrets
from demo.people import PEOPLE
from documents.second_factor import matched_step
from jobs.models import Job
from jobs.services import enqueue_job
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


def test_the_printed_code_is_what_the_second_factor_takes(people: dict[str, Officer]) -> None:
    out = io.StringIO()
    call_command("demo_code", "do.lalmonirhat", stdout=out)
    assert matched_step(people["do.lalmonirhat"], out.getvalue().strip(), at=now()) is not None
    with pytest.raises(CommandError, match=r"cell\.bd has no second factor"):
        call_command("demo_code", "cell.bd")


def test_accounts_are_described_at_once_and_what_jobs_make_when_they_are_done(people: dict[str, Officer]) -> None:
    keep_secrets(read_secrets() | {"passphrases": {"do.lalmonirhat": "abcd-efgh-jkmn"}})
    job = enqueue_job(kind="demo.print_papers", arguments={"until": "2026-10"}, key="papers")
    assert "ai.hatibandha" in described() and PASSWORD in described()
    assert "papers follow" in described() and "abcd-efgh-jkmn" not in described()
    Job.objects.filter(pk=job.pk).update(state="done", finished_at=now())
    assert "abcd-efgh-jkmn" in described() and "papers follow" not in described()


def described() -> str:
    out = io.StringIO()
    call_command("describe_demo", stdout=out)
    return out.getvalue()
