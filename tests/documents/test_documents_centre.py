"""The report centre: how the papers of a month stand, and many of them asked for in one request."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from pytest_django import Settings

from documents import census
from documents.centre import Line, lines_of
from documents.choices import DocumentState, Standing
from documents.making import MAKE
from documents.models import Document
from jobs.choices import JobState
from jobs.models import Job
from jobs.services import execute_job, run_waiting_jobs
from offices.choices import Post
from offices.models import Officer
from tests.documents.factories_centre import OCTOBER, made_documents, notes_of_month
from tests.documents.factories_documents import AT, KIND, SAID, make_document
from tests.factories import Tree, make_office, make_officer, make_tree

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def notes(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    monkeypatch.setattr(census, "_CENSUSES", [notes_of_month])
    settings.PORTAL_CLOCK = AT + timedelta(days=5)


@pytest.fixture
def tree() -> Tree:
    return make_tree()


@pytest.fixture
def officer(tree: Tree) -> Officer:
    return make_officer(Post.DISTRICT_OFFICER, tree.district)


@pytest.fixture
def officer_client(officer: Officer, client: Client) -> Client:
    client.force_login(officer, backend=BACKEND)
    return client


def centre(client: Client, office: str = "lalmonirhat", status: int = HTTPStatus.OK, **query: str) -> str:
    response = client.get(reverse("documents:centre", args=[office, OCTOBER]), query)
    assert response.status_code == status
    return response.content.decode()


def make(client: Client, office: str = "lalmonirhat", **data: Any) -> HttpResponse:
    response: Any = client.post(reverse("documents:make-papers", args=[office, OCTOBER]), data)
    assert response.status_code in (HTTPStatus.FOUND, HTTPStatus.NOT_FOUND)
    return response  # type: ignore[no-any-return]


def by_office(officer: Officer, tree: Tree) -> dict[str, Line]:
    return {line.possible.office.code: line for line in lines_of(officer, tree.district, OCTOBER)}


def test_every_paper_says_how_it_stands(tree: Tree, officer: Officer) -> None:
    make_document(tree.upazila)
    make_document(tree.sibling)
    SAID["patgram"] = {"at": AT + timedelta(days=1)}
    make_document(tree.third, ready=False)
    SAID["lalmonirhat"] = {"reason": "nothing verified"}
    lines = by_office(officer, tree)
    assert {code: line.standing for code, line in lines.items()} == {
        "hatibandha": Standing.CURRENT,
        "patgram": Standing.OUTDATED,
        "aditmari": Standing.MAKING,
        "lalmonirhat": Standing.NOT_YET,
    }
    assert lines["lalmonirhat"].why == "nothing verified"
    assert [code for code, line in lines.items() if line.is_due] == ["patgram"]


def test_a_failed_paper_says_why_and_is_made_at_the_second_try(
    tree: Tree, officer: Officer, officer_client: Client
) -> None:
    document = make_document(tree.upazila, ready=False)
    why = {"bn": "জায়গা নেই।", "en": "No room left."}
    Job.objects.update(state=JobState.FAILED, error=why)
    assert why["bn"] in centre(officer_client)
    with translation.override("en"):
        assert by_office(officer, tree)["hatibandha"].why == why["en"]
    make(officer_client, pick=f"{KIND}|hatibandha")
    run_waiting_jobs()
    document.refresh_from_db()
    assert document.state == DocumentState.READY
    assert by_office(officer, tree)["hatibandha"].standing == Standing.CURRENT


def test_a_second_click_starts_no_second_request(officer_client: Client) -> None:
    for _click in range(2):
        make(officer_client, every="1")
    job = Job.objects.get(kind=MAKE)
    assert centre(officer_client, standing="making").count("tag--submitted") == 5
    Job.objects.update(state=JobState.RUNNING, lease="held", leased_until=AT + timedelta(days=9999))
    make(officer_client, every="1")
    assert Job.objects.filter(kind=MAKE).count() == 1
    assert f"/jobs/{job.pk}/" in centre(officer_client)


def test_papers_of_a_district_are_asked_for_at_once_and_each_is_made_by_itself(officer_client: Client) -> None:
    make(officer_client, every="1")
    run_waiting_jobs()
    assert Document.objects.filter(state=DocumentState.READY).count() == 4
    make(officer_client, every="1")
    assert Job.objects.filter(kind=MAKE).count() == 1, "nothing is left to be made"


@pytest.mark.logs_errors("one paper's builder has a fault")
def test_one_paper_with_a_fault_harms_no_other(tree: Tree, officer: Officer, officer_client: Client) -> None:
    SAID["patgram"] = {"fault": ZeroDivisionError()}
    make(officer_client, every="1")
    run_waiting_jobs()
    assert Document.objects.filter(state=DocumentState.READY).count() == 3
    line = by_office(officer, tree)["patgram"]
    assert (line.standing, line.document) == (Standing.FAILED, None)
    assert line.is_due
    assert line.why in centre(officer_client)
    del SAID["patgram"]
    make(officer_client, pick=f"{KIND}|patgram")
    run_waiting_jobs()
    assert by_office(officer, tree)["patgram"].standing == Standing.CURRENT


def test_a_request_that_came_to_nothing_is_told_until_it_is_made_again(officer_client: Client) -> None:
    make(officer_client, every="1")
    Job.objects.update(state=JobState.FAILED, error={"bn": "জায়গা নেই।", "en": "No room left."})
    assert "জায়গা নেই।" in centre(officer_client)
    make(officer_client, every="1")
    run_waiting_jobs()
    assert "জায়গা নেই।" not in centre(officer_client)
    assert Document.objects.filter(state=DocumentState.READY).count() == 4


def test_an_officer_who_left_meanwhile_gets_nothing(tree: Tree, officer: Officer, officer_client: Client) -> None:
    make(officer_client, every="1")
    officer.postings.all().delete()
    assert execute_job(Job.objects.get(kind=MAKE).pk)
    assert not Document.objects.exists()
    assert len(Job.objects.get(kind=MAKE).result["refused"]) == 4


def test_other_offices_are_neither_listed_nor_made(tree: Tree, officer_client: Client) -> None:
    foreign = made_documents([tree.foreign_upazila, tree.division])
    shown = centre(officer_client, every="1", words="")
    assert all(one.printed_code not in shown and one.office.name_bn not in shown for one in foreign)
    for code in ("balaganj", "rangpur-division"):
        make(officer_client, pick=f"{KIND}|{code}")
        assert make(officer_client, office=code, every="1").status_code == HTTPStatus.NOT_FOUND
        centre(officer_client, office=code, status=HTTPStatus.NOT_FOUND)
    assert not Job.objects.exists()


def test_nothing_chosen_is_told(officer_client: Client) -> None:
    make(officer_client)
    assert not Job.objects.exists()
    assert "notice--error" in centre(officer_client)


def test_only_what_can_be_done_with_a_choice_is_offered(tree: Tree, officer_client: Client) -> None:
    make, pack = "বাছাই করাগুলো তৈরি করুন", "বাছাই করাগুলো জিপে"
    assert make in centre(officer_client)
    assert pack not in centre(officer_client)
    make_document(tree.upazila)
    ready = centre(officer_client, standing="current")
    assert make not in ready
    assert pack in ready


def test_the_list_is_narrowed_and_paged(tree: Tree, officer_client: Client) -> None:
    make_document(tree.upazila)
    shown = centre(officer_client, standing="absent")
    assert "hatibandha (বাংলা)</a>" not in shown
    assert "patgram (বাংলা)" in shown
    assert "patgram (বাংলা)<span" not in centre(officer_client, words="Hatibandha")
    assert centre(officer_client, kind="other.kind").count('name="pick"') == 0
    for number in range(60):
        make_office(f"more-{number}", parent=tree.district)
    assert centre(officer_client).count('name="pick"') == 50
    assert centre(officer_client, page="2").count('name="pick"') == 14


def test_the_list_asks_the_same_number_of_questions_however_long(tree: Tree, officer_client: Client) -> None:
    counts = []
    for many in (1, 30):
        offices = [make_office(f"more-{many}-{number}", parent=tree.district) for number in range(many)]
        made_documents(offices)
        with CaptureQueriesContext(connection) as queries:
            centre(officer_client)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 14


def test_the_list_goes_out_as_a_spreadsheet(tree: Tree, officer_client: Client) -> None:
    document = make_document(tree.upazila)
    address = reverse("documents:centre", args=["lalmonirhat", OCTOBER])
    response: Any = officer_client.get(address, {"as": "xlsx", "standing": "current"})
    rows = list(openpyxl.load_workbook(BytesIO(b"".join(response.streaming_content))).active.values)
    assert len(rows) == 2
    assert document.printed_code in rows[1]
    assert document.file
    assert document.file.sha256 in rows[1]


def test_the_page_looks_again_only_while_something_is_made(tree: Tree, officer_client: Client) -> None:
    address = reverse("documents:centre", args=["lalmonirhat", OCTOBER])
    assert "Refresh" not in officer_client.get(address)
    make_document(tree.upazila, ready=False)
    assert officer_client.get(address)["Refresh"] == "5"
    assert "Refresh" not in officer_client.get(address, {"still": "1"})


def test_posts_above_the_leaf_find_the_centre_in_the_head_and_an_upazila_its_documents(
    tree: Tree, officer_client: Client, client: Client
) -> None:
    assert f'href="{reverse("documents:find-centre")}"' in officer_client.get("/").content.decode()
    assert reverse("documents:documents") in centre(officer_client)
    client.force_login(make_officer(Post.UPAZILA_OFFICER, tree.upazila), backend=BACKEND)
    shown = client.get("/").content.decode()
    assert f'href="{reverse("documents:documents")}"' in shown
    assert f'href="{reverse("documents:find-centre")}"' not in shown


def test_a_month_not_begun_has_no_centre_and_none_named_is_the_last_full_one(officer_client: Client) -> None:
    assert officer_client.get("/papers/lalmonirhat/2027-01/").status_code == HTTPStatus.NOT_FOUND
    for query in ({}, {"period": "never"}, {"period": "2026-10", "office": "lalmonirhat"}):
        response = officer_client.get(reverse("documents:find-centre"), query)
        assert response["Location"] == "/papers/lalmonirhat/2026-10/"
