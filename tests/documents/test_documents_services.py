"""A document is asked for once, rendered once, and supersedes the one before it."""

from __future__ import annotations

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction

from documents.choices import DocumentState
from documents.files import DamagedFileError, read_file, store_file
from documents.models import Document, StoredFile
from documents.registry import UnknownPaperError
from documents.services import OVERTAKEN, render_document, request_document
from jobs.models import Job
from jobs.registry import LeaseLostError
from jobs.services import run_waiting_jobs
from offices.choices import Post
from tests.documents.factories_documents import AT, KIND, SAID, make_document
from tests.factories import make_officer, make_tree

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=1)


class Steps:
    """A job's progress; ``lost`` tells it that another worker has taken over."""

    def __init__(self, lost: bool = False) -> None:
        self.lost = lost

    def step(self, done: int, of: int) -> None: ...

    def confirm(self) -> None:
        if self.lost:
            raise LeaseLostError


def test_a_document_is_made_by_its_job() -> None:
    tree = make_tree()
    officer = make_officer(Post.UPAZILA_OFFICER, tree.upazila)
    document = make_document(tree.upazila, officer, ready=False)
    assert document.state == DocumentState.MAKING
    assert document.file is None
    run_waiting_jobs()
    document.refresh_from_db()
    assert document.is_ready
    assert document.file is not None
    data = read_file(document.file)
    assert data.startswith(b"%PDF-1.7")
    assert (document.pages, document.requested_by, document.office) == (1, officer, tree.upazila)
    assert set(document.boxes) == {"sign-here"}
    assert document.shown_facts == [("মাস", "অক্টোবর ২০২৬")]


def test_what_has_not_changed_is_not_rendered_again() -> None:
    tree = make_tree()
    first = make_document(tree.upazila)
    again = make_document(tree.upazila, at=LATER)
    assert again == first
    assert (Document.objects.count(), Job.objects.count(), StoredFile.objects.count()) == (1, 1, 1)


def test_new_figures_make_a_version_that_supersedes() -> None:
    tree = make_tree()
    first = make_document(tree.upazila)
    SAID["hatibandha"] = {"words": "নতুন অঙ্ক", "at": LATER}
    second = make_document(tree.upazila, at=LATER)
    assert second.supersedes == first
    assert second.code != first.code
    assert second.file != first.file
    assert list(Document.objects.about(KIND, "hatibandha").current()) == [second]
    assert Document.objects.get(pk=first.pk).superseded_by == second


def test_other_offices_papers_have_their_own_line_of_versions() -> None:
    tree = make_tree()
    assert make_document(tree.upazila).supersedes is None
    assert make_document(tree.sibling).supersedes is None


def test_asked_for_twice_before_it_is_made() -> None:
    tree = make_tree()
    first = make_document(tree.upazila, ready=False)
    second = make_document(tree.upazila, ready=False)
    assert first == second
    assert (Document.objects.count(), Job.objects.count()) == (1, 1)


def test_the_database_holds_one_row_a_hash_and_one_line_of_versions() -> None:
    tree = make_tree()
    first = make_document(tree.upazila)
    twin = Document.objects.get(pk=first.pk)
    for changes in ({"data_hash": first.data_hash}, {"data_hash": "other"}):
        twin.pk, twin.code = None, f"{len(changes['data_hash']):016d}"
        twin.data_hash = changes["data_hash"]
        with pytest.raises(IntegrityError), transaction.atomic():
            twin.save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=first.pk).update(file=None)


def test_only_who_may_read_the_office_may_ask() -> None:
    tree = make_tree()
    stranger = make_officer(Post.DISTRICT_OFFICER, tree.foreign_district)
    with pytest.raises(PermissionDenied):
        make_document(tree.upazila, stranger)
    assert not Document.objects.exists()
    assert make_document(tree.upazila, make_officer(Post.JOINT_REGISTRAR, tree.division)).is_ready


def test_nobody_prints_an_unknown_kind() -> None:
    with pytest.raises(UnknownPaperError):
        request_document(kind="tests.unknown", arguments={}, by=None, at=AT)


def test_a_worker_killed_after_storing_leaves_nothing_half() -> None:
    """The file lies there, the row still says it is being made; the next try ends in the same file."""
    tree = make_tree()
    document = make_document(tree.upazila, ready=False)
    with pytest.raises(LeaseLostError):
        render_document(document.pk, progress=Steps(lost=True), at=AT)
    document.refresh_from_db()
    assert document.state == DocumentState.MAKING
    assert StoredFile.objects.count() == 1
    run_waiting_jobs()
    document.refresh_from_db()
    assert document.is_ready
    assert StoredFile.objects.count() == 1


def test_a_worker_killed_while_storing_leaves_a_half_file_that_is_written_anew() -> None:
    data = b"%PDF whole"
    path = StoredFile(sha256=hashlib.sha256(data).hexdigest()).path
    default_storage.save(path, ContentFile(b"%PDF wh"))
    stored = store_file(data, media_type="application/pdf", at=AT)
    assert stored.path == path
    assert read_file(stored) == data


def test_a_damaged_or_lost_file_is_noticed() -> None:
    stored = store_file(b"whole", media_type="application/pdf", at=AT)
    default_storage.delete(stored.path)
    with pytest.raises(DamagedFileError):
        read_file(stored)
    default_storage.save(stored.path, ContentFile(b"other"))
    with pytest.raises(DamagedFileError):
        read_file(stored)


def test_rendering_twice_changes_nothing() -> None:
    tree = make_tree()
    document = make_document(tree.upazila)
    before = Document.objects.values().get()
    render_document(document.pk, progress=Steps(), at=LATER)
    assert Document.objects.values().get() == before


def test_figures_that_change_before_the_job_runs_are_the_ones_printed() -> None:
    tree = make_tree()
    document = make_document(tree.upazila, ready=False)
    asked_for = document.data_hash
    SAID["hatibandha"] = {"words": "পরে বদলানো", "at": LATER}
    run_waiting_jobs()
    document.refresh_from_db()
    assert document.is_ready
    assert document.data_at == LATER
    assert document.data_hash != asked_for
    assert make_document(tree.upazila) == document


def test_a_row_overtaken_by_a_newer_one_says_so_and_is_not_made() -> None:
    tree = make_tree()
    first = make_document(tree.upazila, ready=False)
    SAID["hatibandha"] = {"words": "নতুন", "at": LATER}
    second = make_document(tree.upazila)
    first.refresh_from_db()
    assert second.is_ready
    assert (first.state, first.error) == (DocumentState.FAILED, OVERTAKEN)


def test_a_document_whose_job_failed_is_sent_again_when_asked_for() -> None:
    tree = make_tree()
    document = make_document(tree.upazila, ready=False)
    Job.objects.update(state="failed")
    again = make_document(tree.upazila)
    assert again == document
    assert again.is_ready


def test_sources_are_kept_with_the_document(django_assert_num_queries: Any) -> None:
    tree = make_tree()
    document = make_document(tree.upazila)
    assert document.shown_sources == [{"label": "রিটার্ন", "version": "1", "is_number": True, "at": AT}]


@pytest.mark.django_db(transaction=True)
def test_asked_for_by_many_at_once_there_is_one_row_and_one_job() -> None:
    tree = make_tree()
    start = threading.Barrier(4)

    def ask() -> str:
        try:
            start.wait()
            return make_document(tree.upazila, ready=False).code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        codes = {future.result() for future in [pool.submit(ask) for _ in range(4)]}
    assert len(codes) == 1
    assert (Document.objects.count(), Job.objects.filter(kind="documents.render").count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_end_in_one_file() -> None:
    tree = make_tree()
    document = make_document(tree.upazila, ready=False)
    start = threading.Barrier(2)

    def work() -> None:
        try:
            start.wait()
            render_document(document.pk, progress=Steps(), at=AT)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(work) for _ in range(2)]:
            future.result()
    document.refresh_from_db()
    assert document.is_ready
    assert StoredFile.objects.count() == 1
