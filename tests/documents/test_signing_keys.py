"""Officers' keys: issued to oneself, opened with three things at once, locked after wrong tries, revoked for good."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import Settings

from core.errors import UserError
from core.models import Activity
from core.numbers import to_bangla_digits
from documents import authority
from documents.authority import read_holder
from documents.keys import LOCKED_FOR, MOST_TRIES, IssuedKey, issue_key, key_of, open_signing_key, revoke_key
from documents.second_factor import NoSecondFactorError
from offices.choices import Post
from offices.models import Officer, Posting
from tests.documents.factories_documents_signing import AT, code_at, make_second_factor
from tests.factories import Tree, make_head, make_officer, make_tree

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def secrets_dir(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    settings.PORTAL_HOME = tmp_path / "home"
    settings.PORTAL_SECRETS_DIR = tmp_path / "secrets"
    yield settings.PORTAL_SECRETS_DIR
    authority._kept.cache_clear()


@pytest.fixture
def tree() -> Tree:
    return make_tree()


@pytest.fixture
def head(tree: Tree) -> Officer:
    return make_head(tree.district)


@pytest.fixture
def posting(head: Officer) -> Posting:
    return head.postings.select_related("office", "officer").get()


@pytest.fixture
def issued(posting: Posting, head: Officer) -> IssuedKey:
    return issue_key(posting=posting, by=head, at=AT)


def opened(issued: IssuedKey, *, passphrase: str = "", code: str, at: datetime = AT) -> object:
    key = issued.key
    return open_signing_key(
        posting=key.posting, passphrase=passphrase or issued.passphrase, code=code, by=key.officer, at=at
    )


def test_a_key_names_officer_post_and_office_and_only_its_passphrase_leaves(issued: IssuedKey, head: Officer) -> None:
    key = issued.key
    holder = read_holder(x509.load_pem_x509_certificate(key.certificate.encode()))
    assert (holder.name_bn, holder.name_en) == (head.name_bn, head.name_en)
    assert "lalmonirhat" in holder.office_en
    assert "PRIVATE KEY" not in str(key.box) and issued.passphrase not in str(key.box)
    assert key.expires_at - key.issued_at <= timedelta(days=731)
    assert Activity.objects.get(verb="documents.issue_key").after == {"serial": key.serial}


def test_passphrase_and_second_factor_open_it(issued: IssuedKey, head: Officer) -> None:
    secret = make_second_factor(head)
    key = opened(issued, code=code_at(secret, AT))
    assert key.signer.key.public_key() == key.signer.certificate.public_key()  # type: ignore[attr-defined]


def test_a_copy_of_database_and_files_cannot_sign(issued: IssuedKey, head: Officer, secrets_dir: Path) -> None:
    secret = make_second_factor(head)
    authority._kept.cache_clear()
    (secrets_dir / "pepper").write_text("00" * 32)
    with pytest.raises(UserError):
        opened(issued, code=code_at(secret, AT))


def test_without_a_second_factor_the_officer_is_told_where_to_set_one_up(issued: IssuedKey) -> None:
    with pytest.raises(NoSecondFactorError) as refused:
        opened(issued, code="123456")
    assert refused.value.address.startswith("/accounts/")
    issued.key.refresh_from_db()
    assert issued.key.failed == 0


@pytest.mark.parametrize("wrong", ["passphrase", "code"])
def test_either_secret_wrong_gives_one_message_and_counts(issued: IssuedKey, head: Officer, wrong: str) -> None:
    secret = make_second_factor(head)
    code = code_at(secret, AT + timedelta(hours=5)) if wrong == "code" else code_at(secret, AT)
    with pytest.raises(UserError) as refused:
        opened(issued, passphrase="wrong" if wrong == "passphrase" else "", code=code)
    assert to_bangla_digits(str(MOST_TRIES - 1)) in str(refused.value.message)
    issued.key.refresh_from_db()
    assert issued.key.failed == 1


def test_wrong_tries_lock_the_key_for_a_while_and_a_right_one_starts_anew(issued: IssuedKey, head: Officer) -> None:
    secret = make_second_factor(head)
    for _ in range(MOST_TRIES):
        with pytest.raises(UserError):
            opened(issued, passphrase="wrong", code=code_at(secret, AT))
    later = AT + LOCKED_FOR - timedelta(seconds=1)
    with pytest.raises(UserError):
        opened(issued, code=code_at(secret, later), at=later)
    after = AT + LOCKED_FOR
    opened(issued, code=code_at(secret, after), at=after)
    issued.key.refresh_from_db()
    assert (issued.key.failed, issued.key.locked_until) == (0, None)


def test_a_new_key_revokes_the_old_one_in_the_same_act(issued: IssuedKey, posting: Posting, head: Officer) -> None:
    secret = make_second_factor(head)
    later = AT + timedelta(days=1)
    second = issue_key(posting=posting, by=head, at=later)
    issued.key.refresh_from_db()
    assert issued.key.revoked_at == later
    assert key_of(posting) == second.key
    with pytest.raises(UserError):
        opened(issued, code=code_at(secret, later), at=later)
    opened(second, code=code_at(secret, later), at=later)


def test_nobody_makes_a_key_for_another_or_for_a_post_that_does_not_sign(
    tree: Tree, posting: Posting, head: Officer
) -> None:
    superior, inspector = make_head(tree.division), make_officer(Post.ASSISTANT_INSPECTOR, tree.upazila)
    with pytest.raises(PermissionDenied):
        issue_key(posting=posting, by=superior, at=AT)
    with pytest.raises(PermissionDenied):
        issue_key(posting=inspector.postings.get(), by=inspector, at=AT)


def test_a_key_sleeps_with_its_posting_and_its_time(issued: IssuedKey, posting: Posting, head: Officer) -> None:
    secret = make_second_factor(head)
    expired = issued.key.expires_at
    with pytest.raises(UserError):
        opened(issued, code=code_at(secret, expired), at=expired)
    posting.ends_on = (AT + timedelta(days=30)).date()
    posting.save(update_fields=["ends_on"])
    gone = AT + timedelta(days=40)
    with pytest.raises(PermissionDenied):
        opened(issued, code=code_at(secret, gone), at=gone)


def test_who_may_revoke(tree: Tree, issued: IssuedKey, head: Officer) -> None:
    key, at = issued.key, AT + timedelta(days=1)
    with pytest.raises(PermissionDenied):
        revoke_key(key=key, reason="x", by=make_head(tree.division), at=at)
    with pytest.raises(UserError):
        revoke_key(key=key, reason=" ", by=head, at=at)
    administrator = make_officer(Post.SYSTEM_ADMIN, tree.department)
    revoke_key(key=key, reason="ফোন হারিয়েছে", by=administrator, at=at)
    key.refresh_from_db()
    assert (key.revoked_at, key.revoked_reason) == (at, "ফোন হারিয়েছে")
    with pytest.raises(UserError):
        revoke_key(key=key, reason="x", by=head, at=at)
    assert key.is_in_force(AT) and not key.is_in_force(at)


def test_the_database_holds_one_key_in_force_a_posting(issued: IssuedKey) -> None:
    key = issued.key
    key.pk, key.serial, key.name = None, "ff", "00000000-0000-0000-0000-000000000001"
    with pytest.raises(IntegrityError), transaction.atomic():
        key.save(force_insert=True)


def test_the_administration_shows_keys_without_their_boxes_and_revokes_them(
    tree: Tree, issued: IssuedKey, client: Client, clock: Callable[[datetime], None]
) -> None:
    clock(AT + timedelta(days=1))
    administrator = make_officer(Post.SYSTEM_ADMIN, tree.department)
    administrator.is_staff = True
    administrator.save(update_fields=["is_staff"])
    client.force_login(administrator, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(f"/admin/documents/officerkey/{issued.key.pk}/change/").content.decode()
    assert issued.key.serial in page and "aes256gcm" not in page
    client.post("/admin/documents/officerkey/", {"action": "revoke", "_selected_action": [issued.key.pk]})
    issued.key.refresh_from_db()
    assert issued.key.revoked_at == AT + timedelta(days=1)
