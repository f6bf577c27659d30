"""The page on which officers make and revoke their own keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from documents import authority
from documents.signing_models import OfficerKey
from offices.models import Officer
from tests.documents.factories_documents_signing import make_second_factor
from tests.factories import make_head, make_tree

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def homes(tmp_path: Path, settings: Settings) -> Iterator[None]:
    settings.PORTAL_HOME = tmp_path / "home"
    settings.PORTAL_SECRETS_DIR = tmp_path / "secrets"
    yield
    authority._kept.cache_clear()


@pytest.fixture
def head(client: Client) -> Officer:
    officer = make_head(make_tree().district)
    client.force_login(officer, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.cookies["django_language"] = "en"
    return officer


def address(officer: Officer, act: str) -> str:
    return f"/keys/{officer.postings.get().pk}/{act}/"


def passphrase_on(page: str) -> str:
    return page.partition('<p class="passphrase"><code>')[2].partition("</code>")[0]


def test_the_passphrase_is_shown_once_and_kept_nowhere(client: Client, head: Officer) -> None:
    make_second_factor(head)
    answer = client.post(address(head, "make"))
    phrase = passphrase_on(answer.content.decode())
    assert len(phrase) == 14
    assert "no-store" in answer["Cache-Control"]
    assert phrase not in client.get("/keys/").content.decode()
    assert phrase not in str(dict(client.session)) + str(OfficerKey.objects.values_list())


def test_without_a_second_factor_no_key_is_made_and_the_way_is_shown(client: Client, head: Officer) -> None:
    client.post(address(head, "make"))
    assert not OfficerKey.objects.exists()
    assert "/accounts/2fa/" in client.get("/keys/").content.decode()


def test_a_key_is_revoked_with_a_reason(client: Client, head: Officer) -> None:
    make_second_factor(head)
    client.post(address(head, "make"))
    page = client.post(address(head, "revoke"), {"reason": "  "}).content.decode()
    assert 'id="id_reason_error"' in page
    assert OfficerKey.objects.filter(revoked_at__isnull=True).exists()
    client.post(address(head, "revoke"), {"reason": "the note was lost"})
    assert "the note was lost" in client.get("/keys/").content.decode()
    assert not OfficerKey.objects.filter(revoked_at__isnull=True).exists()


def test_why_the_portal_revoked_a_key_is_said_in_the_readers_language(client: Client, head: Officer) -> None:
    make_second_factor(head)
    for _n in range(2):
        client.post(address(head, "make"))
    assert "replaced by a new key" in client.get("/keys/").content.decode()
    client.cookies["django_language"] = "bn"
    assert "replaced by a new key" not in client.get("/keys/").content.decode()
