"""A paper whose file is lost or damaged never reads as up to date, and is made again unless it was sealed or signed."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from documents import census
from documents.centre import Line, lines_of
from documents.choices import DocumentState, Standing
from documents.files import is_whole, read_file
from documents.models import Document
from documents.services import request_document
from documents.signing import seal_document
from jobs.models import Job
from jobs.services import run_waiting_jobs
from offices.choices import Post
from offices.models import Officer
from tests.documents.factories_centre import OCTOBER, notes_of_month
from tests.documents.factories_documents import AT, KIND, SAID, make_document
from tests.factories import Tree, make_officer, make_tree

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def notes(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    monkeypatch.setattr(census, "_CENSUSES", [notes_of_month])
    settings.PORTAL_CLOCK = AT


@pytest.fixture
def tree() -> Tree:
    return make_tree()


@pytest.fixture
def officer(tree: Tree) -> Officer:
    return make_officer(Post.DISTRICT_OFFICER, tree.district)


def lose(document: Document, how: str) -> None:
    """Remove its file, cut it off, or change one byte of it."""
    assert document.file is not None
    data = read_file(document.file)
    default_storage.delete(document.file.path)
    other = {"cut off": data[:-1], "changed": data[:-1] + bytes([data[-1] ^ 1])}
    if how in other:
        default_storage.save(document.file.path, ContentFile(other[how]))


def line_of(officer: Officer, tree: Tree) -> Line:
    return next(one for one in lines_of(officer, tree.district, OCTOBER) if one.possible.office == tree.upazila)


def page(client: Client, officer: Officer, address: str) -> str:
    client.force_login(officer, backend=BACKEND)
    client.cookies["django_language"] = "en"
    return client.get(address).content.decode()


@pytest.mark.parametrize("how", ["lost", "cut off", "changed"])
def test_it_says_so_and_the_second_try_brings_it_back_under_its_code(
    tree: Tree, officer: Officer, client: Client, how: str
) -> None:
    document = make_document(tree.upazila)
    assert line_of(officer, tree).standing == Standing.CURRENT
    lose(document, how)
    line = line_of(officer, tree)
    assert (line.standing, line.is_ready, line.is_due) == (Standing.LOST, False, True)
    own = reverse("documents:document", args=[document.code])
    assert "is lost or damaged" in page(client, officer, own)
    centre = reverse("documents:centre", args=["lalmonirhat", OCTOBER])
    assert "Try again" in page(client, officer, centre)
    client.post(reverse("documents:make-papers", args=["lalmonirhat", OCTOBER]), {"pick": f"{KIND}|hatibandha"})
    run_waiting_jobs()
    again = Document.objects.get()
    assert (again.code, again.state, again.file) == (document.code, DocumentState.READY, document.file)
    assert again.file is not None and read_file(again.file).startswith(b"%PDF")
    assert line_of(officer, tree).standing == Standing.CURRENT
    assert "Open PDF" in page(client, officer, own)


def test_what_was_sealed_is_not_made_again(tree: Tree, officer: Officer, client: Client) -> None:
    document = make_document(tree.upazila)
    seal_document(document, by=officer, at=AT)
    document.refresh_from_db()
    lose(document, "lost")
    jobs = Job.objects.count()
    assert request_document(kind=KIND, arguments={"office": "hatibandha"}, by=officer, at=AT) == document
    document.refresh_from_db()
    assert (document.state, Job.objects.count()) == (DocumentState.READY, jobs)
    line = line_of(officer, tree)
    assert (line.standing, line.is_ready, line.is_due) == (Standing.LOST, False, False)
    own = page(client, officer, reverse("documents:document", args=[document.code]))
    assert "a backup has it" in own and "Open PDF" not in own


def test_newer_data_than_the_lost_file_gives_a_new_paper(tree: Tree, officer: Officer) -> None:
    document = make_document(tree.upazila)
    lose(document, "lost")
    SAID["hatibandha"] = {"words": "অন্য"}
    newer = make_document(tree.upazila)
    assert newer.supersedes == document and newer.file is not None and is_whole(newer.file)


def test_a_code_never_comes_to_say_something_else_than_it_was_issued_for(tree: Tree, officer: Officer) -> None:
    document = make_document(tree.upazila)
    said = (document.code, document.data_hash, document.title_bn, document.facts)
    lose(document, "lost")
    request_document(kind=KIND, arguments={"office": "hatibandha"}, by=officer, at=AT)
    SAID["hatibandha"] = {"words": "অন্য"}  # before a worker comes to it
    run_waiting_jobs()
    document.refresh_from_db()
    assert (document.code, document.data_hash, document.title_bn, document.facts) == said
    assert document.state == DocumentState.READY and document.file is not None and not is_whole(document.file)
    newer = make_document(tree.upazila)
    assert newer.supersedes == document and newer.file is not None and is_whole(newer.file)


def test_other_sources_make_it_out_of_date_whatever_their_time(tree: Tree, officer: Officer) -> None:
    make_document(tree.upazila)
    told: list[Any] = []
    for versions in (
        None,
        {("tests.row:1", "1")},
        {("tests.row:1", "2")},
        {("tests.row:1", "1"), ("tests.row:2", "1")},
    ):
        SAID["hatibandha"] = {"versions": versions and frozenset(versions)}
        told.append(line_of(officer, tree).standing)
    assert told == [Standing.CURRENT, Standing.CURRENT, Standing.OUTDATED, Standing.OUTDATED]
