"""Pages of documents: whose they are, what they say while one is made, and what a stranger may read."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from documents.codes import group_code
from documents.misses import ALLOWED_MISSES
from documents.models import Document
from jobs.models import Job
from offices.choices import Post
from tests.documents.factories_documents import AT, SAID, make_document
from tests.factories import Tree, make_officer, make_tree

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def tree() -> Tree:
    return make_tree()


@pytest.fixture
def officer_client(tree: Tree, client: Client) -> Client:
    client.force_login(make_officer(Post.DISTRICT_OFFICER, tree.district), backend=BACKEND)
    return client


def page(client: Client, name: str, *args: str, status: int = HTTPStatus.OK, **query: str) -> str:
    response = client.get(reverse(f"documents:{name}", args=args), query)
    assert response.status_code == status
    return response.content.decode()


def test_the_list_shows_the_officers_offices_and_current_versions(tree: Tree, officer_client: Client) -> None:
    first = make_document(tree.upazila)
    SAID["hatibandha"] = {"words": "নতুন", "at": AT + timedelta(days=1)}
    second = make_document(tree.upazila)
    foreign = make_document(tree.foreign_upazila)
    shown = page(officer_client, "documents")
    assert second.printed_code in shown
    assert first.printed_code not in shown
    assert foreign.printed_code not in shown
    assert first.printed_code in page(officer_client, "documents", every="on")


def test_the_list_is_narrowed_by_kind_office_title_and_code(tree: Tree, officer_client: Client) -> None:
    one, other = make_document(tree.upazila), make_document(tree.sibling)
    for words in ("hatibandha", one.printed_code.lower()):
        shown = page(officer_client, "documents", words=words)
        assert one.printed_code in shown
        assert other.printed_code not in shown
    assert other.printed_code in page(officer_client, "documents", words="মাসিক রিটার্ন")
    assert one.printed_code not in page(officer_client, "documents", kind="other.kind")


def test_the_list_asks_the_same_number_of_questions_however_long(tree: Tree, officer_client: Client) -> None:
    counts = []
    for office in (tree.upazila, tree.sibling, tree.third):
        make_document(office)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page(officer_client, "documents")
        counts.append(len(queries))
    assert counts[0] == counts[2] <= 6


def test_the_page_says_what_a_document_is_drawn_from(tree: Tree, officer_client: Client) -> None:
    first = make_document(tree.upazila)
    SAID["hatibandha"] = {"words": "নতুন", "at": AT + timedelta(days=1)}
    second = make_document(tree.upazila)
    assert reverse("documents:document", args=[second.code]) in page(officer_client, "document", first.code)
    shown = page(officer_client, "document", second.code)
    assert first.printed_code in shown
    assert second.data_hash in shown
    assert "রিটার্ন" in shown
    assert "অক্টোবর ২০২৬" in shown


def test_another_offices_document_is_not_found(tree: Tree, officer_client: Client) -> None:
    foreign = make_document(tree.foreign_upazila)
    above = make_document(tree.division)
    for document in (foreign, above):
        page(officer_client, "document", document.code, status=HTTPStatus.NOT_FOUND)
        page(officer_client, "file", document.code, status=HTTPStatus.NOT_FOUND)


def test_nonsense_in_the_address_is_not_found(officer_client: Client) -> None:
    page(officer_client, "document", "no-such-code", status=HTTPStatus.NOT_FOUND)


def test_while_it_is_made_the_page_comes_again_and_the_file_waits(tree: Tree, officer_client: Client) -> None:
    document = make_document(tree.upazila, ready=False)
    address = reverse("documents:document", args=[document.code])
    response = officer_client.get(address)
    assert response["Refresh"]
    assert "Refresh" not in officer_client.get(f"{address}?still").headers
    assert officer_client.get(f"{address}file/")["Location"] == address
    Job.objects.update(state="failed", error={"bn": "ভেঙে গেছে", "en": "broke"})
    response = officer_client.get(address)
    assert "Refresh" not in response.headers
    assert "ভেঙে গেছে" in response.content.decode()


def test_the_file_is_sent_whole_under_its_name(tree: Tree, officer_client: Client) -> None:
    document = make_document(tree.upazila)
    assert document.file is not None
    response = officer_client.get(
        reverse("documents:file", args=[document.code]), headers={"accept-encoding": "gzip, deflate"}
    )
    data = response.content
    assert data.startswith(b"%PDF-1.7")
    assert response["Content-Type"] == "application/pdf"
    assert int(response["Content-Length"]) == len(data) == document.file.size
    assert f'inline; filename="tests-note_hatibandha_{document.code[:8]}.pdf"' == response["Content-Disposition"]
    assert response["X-Content-Type-Options"] == "nosniff"
    saved = officer_client.get(reverse("documents:file", args=[document.code]), {"save": ""})
    assert saved["Content-Disposition"].startswith("attachment")


@pytest.mark.logs_errors("a damaged file is for the administrator to know")
def test_a_damaged_file_is_not_handed_out(tree: Tree, officer_client: Client) -> None:
    document = make_document(tree.upazila)
    assert document.file is not None
    default_storage.delete(document.file.path)
    response: Any = officer_client.get(reverse("documents:file", args=[document.code]), follow=True)
    assert response.redirect_chain
    assert "%PDF" not in response.content.decode()


def test_a_stranger_learns_what_the_paper_is_and_no_more(tree: Tree, client: Client) -> None:
    officer = make_officer(Post.UPAZILA_OFFICER, tree.upazila)
    document = make_document(tree.upazila, officer)
    shown = page(client, "public", document.code)
    for part in (document.printed_code, "অক্টোবর ২০২৬", document.data_hash, document.title_bn):
        assert part in shown
    assert officer.name_bn not in shown
    assert "ক্রমপুঞ্জিভূত" not in shown
    assert reverse("documents:file", args=[document.code]) not in shown


def test_a_stranger_learns_of_the_newer_version(tree: Tree, client: Client) -> None:
    first = make_document(tree.upazila)
    SAID["hatibandha"] = {"words": "নতুন", "at": AT + timedelta(days=1)}
    make_document(tree.upazila)
    SAID["hatibandha"] = {"words": "আরও নতুন", "at": AT + timedelta(days=2)}
    third = make_document(tree.upazila)
    assert third.printed_code in page(client, "public", first.code)
    assert Document.objects.count() == 3


def test_a_code_may_be_typed_in_any_way(tree: Tree, client: Client) -> None:
    document = make_document(tree.upazila)
    typed = group_code(document.code).lower()
    response: Any = client.get(reverse("documents:find"), {"code": f" {typed} "}, follow=True)
    assert response.status_code == HTTPStatus.OK
    assert document.printed_code in response.content.decode()
    assert client.get(f"/v/{typed}/")["Location"] == reverse("documents:public", args=[document.code])


def test_an_unknown_code_is_answered_kindly_and_guessing_is_slowed(tree: Tree, client: Client) -> None:
    document = make_document(tree.upazila)
    assert "XYZ" in page(client, "public", "XYZ", status=HTTPStatus.NOT_FOUND)
    for _time in range(ALLOWED_MISSES):
        client.get(reverse("documents:public", args=["0" * 16]))
    page(client, "public", "0" * 16, status=HTTPStatus.TOO_MANY_REQUESTS)
    assert page(client, "find")
    assert document.printed_code in page(Client(REMOTE_ADDR="127.0.0.9"), "public", document.code)


def test_guessing_is_counted_by_the_visitor_behind_a_trusted_proxy_and_by_nobodys_word(
    client: Client, settings: Settings
) -> None:
    address = reverse("documents:public", args=["0" * 16])

    def guess(number: int) -> int:
        noted = {"X-Forwarded-For": f"198.51.100.{number}, 203.0.113.{number % 2}"}
        return client.get(address, headers=noted).status_code

    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(2 * ALLOWED_MISSES):  # two visitors; what they claim of themselves does not count
        assert guess(number) == HTTPStatus.NOT_FOUND
    assert guess(0) == guess(1) == HTTPStatus.TOO_MANY_REQUESTS
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    assert [guess(number) for number in range(ALLOWED_MISSES + 1)][-1] == HTTPStatus.TOO_MANY_REQUESTS
    assert client.head(reverse("documents:find")).status_code == HTTPStatus.OK


def test_the_public_page_asks_few_questions(tree: Tree, client: Client, django_assert_max_num_queries: Any) -> None:
    document = make_document(tree.upazila)
    with django_assert_max_num_queries(3):
        page(client, "public", document.code)


def test_the_administration_shows_documents_and_changes_none(tree: Tree, client: Client) -> None:
    admin = make_officer(Post.SYSTEM_ADMIN, tree.department)
    admin.is_staff = True
    admin.save(update_fields=["is_staff"])
    client.force_login(admin, backend=BACKEND)
    document = make_document(tree.upazila)
    assert document.printed_code in client.get("/admin/documents/document/").content.decode()
    assert client.get("/admin/documents/document/add/").status_code == HTTPStatus.FORBIDDEN
    assert client.post(f"/admin/documents/document/{document.pk}/change/").status_code == HTTPStatus.FORBIDDEN
    assert client.post(f"/admin/documents/document/{document.pk}/delete/").status_code == HTTPStatus.FORBIDDEN


def test_a_hash_keeps_its_digits_and_a_number_has_the_readers(tree: Tree, officer_client: Client) -> None:
    document = make_document(tree.upazila)
    sources = [{"key": "a:1", "version": version, "at": AT.isoformat()} for version in ("12", "89ab12")]
    Document.objects.update(sources=sources)
    officer_client.cookies["django_language"] = "bn"
    shown = page(officer_client, "document", document.code)
    assert "<td>১২</td>" in shown and "<code>89ab12</code>" in shown
