"""Documents as one ZIP: what stands in it, what is left out, whose it is, and that it can be made again."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from core.errors import UserError
from documents import bundles, census
from documents.bundle_models import Bundle
from documents.bundles import KEPT_FOR, let_go_of_bundles, request_bundle
from documents.choices import DocumentState
from documents.files import read_file, store_stream
from documents.models import Document, StoredFile
from documents.packing import CONTENTS, DAMAGED, SUMS, pack_documents
from jobs.choices import JobState
from jobs.models import Job
from jobs.services import execute_job, run_waiting_jobs
from offices.choices import Post
from offices.models import Officer
from tests.documents.factories_centre import OCTOBER, made_documents, notes_of_month
from tests.documents.factories_documents import AT, KIND
from tests.factories import Tree, make_officer, make_tree

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


def bundle_of(documents: list[Document], tree: Tree, by: Officer) -> Bundle:
    return request_bundle(office=tree.district, period=OCTOBER, documents=[d.pk for d in documents], by=by, at=AT)


def packed(documents: list[Document], tree: Tree, by: Officer) -> Bundle:
    bundle = bundle_of(documents, tree, by)
    run_waiting_jobs()
    bundle.refresh_from_db()
    return bundle


def opened(bundle: Bundle) -> zipfile.ZipFile:
    assert bundle.file is not None
    return zipfile.ZipFile(io.BytesIO(read_file(bundle.file)))


def contents(archive: zipfile.ZipFile) -> list[list[str]]:
    return list(csv.reader(io.StringIO(archive.read(CONTENTS).decode("utf-8-sig"))))


def damage(document: Document) -> None:
    assert document.file is not None
    default_storage.delete(document.file.path)
    default_storage.save(document.file.path, io.BytesIO(b"eaten"))


def test_the_zip_holds_the_papers_and_a_list_that_proves_them(tree: Tree, officer: Officer) -> None:
    documents = made_documents([tree.upazila, tree.sibling, tree.district])
    archive = opened(packed(documents, tree, officer))
    head, *rows = contents(archive)
    assert len(head) == 13
    assert [row[3] for row in rows] == ["lalmonirhat (বাংলা)", "hatibandha (বাংলা)", "patgram (বাংলা)"]
    for row in rows:
        assert row[1].isascii()
        assert hashlib.sha256(archive.read(row[1])).hexdigest() == row[10]
        assert f"{row[10]}  {row[1]}\n" in archive.read(SUMS).decode()
        assert row[11].endswith(f"/v/{row[2].replace('-', '')}/")
    assert rows[1][5] == "অক্টোবর ২০২৬ (2026-10)"
    assert sorted(archive.namelist()) == sorted([CONTENTS, SUMS, *(row[1] for row in rows)])


def test_the_same_selection_gives_the_same_bytes(tree: Tree, officer: Officer) -> None:
    documents = made_documents([tree.upazila, tree.sibling])
    first = packed(documents, tree, officer)
    assert packed(documents[::-1], tree, officer).pk == first.pk, "asked for again, it is not packed again"
    assert Job.objects.filter(kind=bundles.PACK).count() == 1
    twice = []
    for _time in range(2):
        pack_documents(documents, out := io.BytesIO())
        twice.append(out.getvalue())
    assert twice[0] == twice[1]
    assert packed(documents[:1], tree, officer).pk != first.pk


@pytest.mark.logs_errors("one of fifty files is damaged")
def test_one_damaged_file_of_fifty_is_named_and_the_others_go_in(
    tree: Tree, officer: Officer, officer_client: Client
) -> None:
    documents = made_documents([tree.upazila], count=50)
    damage(documents[17])
    bundle = packed(documents, tree, officer)
    archive = opened(bundle)
    rows = contents(archive)[1:]
    assert sum(name.endswith(".pdf") for name in archive.namelist()) == 49
    assert [row[2] for row in rows if row[12] == DAMAGED] == [documents[17].printed_code]
    assert len(rows) == 50
    assert bundle.left_out == [documents[17].pk]
    shown = officer_client.get(reverse("documents:bundle", args=[bundle.pk])).content.decode()
    assert documents[17].printed_code in shown
    assert documents[16].printed_code not in shown


def test_a_worker_killed_in_the_middle_leaves_nothing_and_another_finishes(
    tree: Tree, officer: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = bundle_of(made_documents([tree.upazila], count=5), tree, officer)
    files = StoredFile.objects.count()

    def die(document: Any) -> bytes:
        raise SystemExit

    with monkeypatch.context() as killed:
        killed.setattr("documents.packing.read_file", die)
        with pytest.raises(SystemExit):
            execute_job(bundle.job_id or 0)
    bundle.refresh_from_db()
    assert (bundle.state, StoredFile.objects.count()) == (DocumentState.MAKING, files)
    assert not execute_job(bundle.job_id or 0), "its lease still holds"
    Job.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert execute_job(bundle.job_id or 0)
    bundle.refresh_from_db()
    assert len(contents(opened(bundle))) == 6
    assert StoredFile.objects.count() == files + 1


def test_a_worker_that_lost_its_lease_writes_nothing(
    tree: Tree, officer: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = bundle_of(made_documents([tree.upazila], count=3), tree, officer)

    def taken_over(*_arguments: Any, **_more: Any) -> StoredFile:
        Job.objects.update(lease="another")
        return store_stream(*_arguments, **_more)

    monkeypatch.setattr("documents.bundles.store_stream", taken_over)
    execute_job(bundle.job_id or 0)
    bundle.refresh_from_db()
    assert bundle.file is None


def test_an_empty_selection_and_papers_without_a_file_are_refused(
    tree: Tree, officer: Officer, officer_client: Client
) -> None:
    making = made_documents([tree.upazila], state=DocumentState.MAKING, file=None)
    for documents in ([], making):
        with pytest.raises(UserError):
            bundle_of(documents, tree, officer)
    address = reverse("documents:pack-papers", args=["lalmonirhat", OCTOBER])
    for data in ({}, {"pick": f"{KIND}|hatibandha"}, {"pick": "nonsense"}, {"every": "1"}):
        assert officer_client.post(address, data)["Location"] == "/papers/lalmonirhat/2026-10/"
    assert not Bundle.objects.exists()


def test_papers_of_other_offices_never_go_in(tree: Tree, officer: Officer, officer_client: Client) -> None:
    own = made_documents([tree.upazila])
    foreign = made_documents([tree.foreign_upazila, tree.division])
    assert packed([*own, *foreign], tree, officer).members == [own[0].pk]
    picks = [f"{KIND}|{office}" for office in ("hatibandha", "balaganj", "rangpur-division")]
    address = reverse("documents:pack-papers", args=["lalmonirhat", OCTOBER])
    officer_client.post(address, {"pick": picks})
    assert Bundle.objects.get().members == [own[0].pk]


def test_papers_above_the_office_asked_for_stay_out(tree: Tree) -> None:
    registrar = make_officer(Post.REGISTRAR, tree.department)
    documents = made_documents([tree.upazila, tree.division, tree.foreign_upazila])
    assert packed(documents, tree, registrar).members == [documents[0].pk]


def test_the_file_is_streamed_to_those_who_see_the_office(tree: Tree, officer: Officer, client: Client) -> None:
    bundle = packed(made_documents([tree.upazila]), tree, officer)
    address = reverse("documents:bundle-file", args=[bundle.pk])
    client.force_login(officer, backend=BACKEND)
    response: Any = client.get(address)
    assert response.streaming
    assert bundle.file
    assert hashlib.sha256(b"".join(response.streaming_content)).hexdigest() == bundle.file.sha256
    assert bundle.file_name in response["Content-Disposition"]
    client.force_login(make_officer(Post.UPAZILA_OFFICER, tree.upazila), backend=BACKEND)
    assert client.get(address).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.logs_errors("the ZIP itself is damaged")
def test_a_damaged_zip_is_not_handed_out_and_can_be_made_again(
    tree: Tree, officer: Officer, officer_client: Client
) -> None:
    bundle = packed(made_documents([tree.upazila]), tree, officer)
    assert bundle.file
    default_storage.delete(bundle.file.path)
    page = reverse("documents:bundle", args=[bundle.pk])
    assert officer_client.get(reverse("documents:bundle-file", args=[bundle.pk]))["Location"] == page
    officer_client.post(reverse("documents:bundle-again", args=[bundle.pk]))
    run_waiting_jobs()
    response: Any = officer_client.get(reverse("documents:bundle-file", args=[bundle.pk]))
    assert zipfile.is_zipfile(io.BytesIO(b"".join(response.streaming_content)))


def test_an_old_zip_is_let_go_of_and_made_again_with_the_same_bytes(
    tree: Tree,
    officer: Officer,
    officer_client: Client,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    documents = made_documents([tree.upazila])
    bundle = packed(documents, tree, officer)
    assert bundle.file
    assert bundle.ready_at
    before, path = bundle.file.sha256, bundle.file.path
    assert let_go_of_bundles(at=bundle.ready_at + KEPT_FOR) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert let_go_of_bundles(at=bundle.ready_at + KEPT_FOR + timedelta(seconds=1)) == 1
    assert not default_storage.exists(path)
    assert not StoredFile.objects.filter(sha256=before).exists()
    assert documents[0].file
    assert default_storage.exists(documents[0].file.path)
    shown = officer_client.get(reverse("documents:bundle", args=[bundle.pk])).content.decode()
    assert reverse("documents:bundle-again", args=[bundle.pk]) in shown
    again = packed(documents, tree, officer)
    assert again.pk == bundle.pk
    assert again.file
    assert again.file.sha256 == before


def test_a_failed_packing_says_why(tree: Tree, officer: Officer, officer_client: Client) -> None:
    bundle = bundle_of(made_documents([tree.upazila]), tree, officer)
    Job.objects.update(state=JobState.FAILED, error={"bn": "জায়গা নেই।", "en": "No room left."})
    assert "জায়গা নেই।" in officer_client.get(reverse("documents:bundle", args=[bundle.pk])).content.decode()


@pytest.mark.full
def test_six_hundred_papers_are_packed_one_at_a_time(tree: Tree, officer: Officer) -> None:
    bundle = packed(made_documents([tree.upazila, tree.sibling], count=300), tree, officer)
    names = opened(bundle).namelist()
    assert len(names) == 602
    assert names[:600] == sorted(names[:600])
