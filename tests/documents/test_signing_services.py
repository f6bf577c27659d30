"""Sealing and signing documents: order, who, what is written, and that nothing is half done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from pytest_django import Settings

from core.errors import UserError
from core.models import Activity
from documents import authority
from documents.choices import DocumentState
from documents.files import read_file, store_file
from documents.keys import IssuedKey, issue_key, open_signing_key, revoke_key
from documents.known import with_records
from documents.models import Document, StoredFile
from documents.signing import seal_document, sign_document, sign_with_key, signing_turn
from documents.signing_models import SignatureRecord
from documents.verdicts import Reason, Verdict
from documents.verification import verify_pdf
from offices.models import Officer
from tests.documents.factories_documents_signing import AT, CODE, code_at, make_second_factor, plain_pdf
from tests.factories import Tree, make_head, make_tree
from tests.racing import race

pytestmark = pytest.mark.django_db


class Party:
    """A head with a key and an authenticator."""

    def __init__(self, officer: Officer) -> None:
        self.officer = officer
        self.secret = make_second_factor(officer)
        self.posting = officer.postings.select_related("office", "officer").get()
        self.issued: IssuedKey = issue_key(posting=self.posting, by=officer, at=AT)

    def sign(self, document: Document, field: str, *, at: datetime = AT, passphrase: str = "") -> SignatureRecord:
        return sign_document(
            document,
            field=field,
            by=self.officer,
            posting=self.posting,
            passphrase=passphrase or self.issued.passphrase,
            code=code_at(self.secret, at),
            at=at,
        )


@pytest.fixture(autouse=True)
def homes(tmp_path: Path, settings: Settings) -> Iterator[None]:
    settings.PORTAL_HOME = tmp_path / "home"
    settings.PORTAL_SECRETS_DIR = tmp_path / "secrets"
    yield
    authority._kept.cache_clear()


@pytest.fixture
def tree() -> Tree:
    return make_tree()


@pytest.fixture
def lower(tree: Tree) -> Party:
    return Party(make_head(tree.district))


@pytest.fixture
def upper(tree: Tree) -> Party:
    return Party(make_head(tree.division))


@pytest.fixture
def document(tree: Tree) -> Document:
    return make_document(tree)


def make_document(tree: Tree, *, code: str = CODE, supersedes: Document | None = None) -> Document:
    data, places = plain_pdf()
    return Document.objects.create(
        code=code,
        kind="tests.signing",
        subject="lalmonirhat:2023-24",
        title_bn="বার্ষিক কর্মসম্পাদন চুক্তি",
        title_en="Agreement",
        office=tree.district,
        office_path=tree.district.path,
        data_hash=code.lower(),
        data_at=AT,
        created_at=AT,
        state=DocumentState.READY,
        file=store_file(data, media_type="application/pdf", at=AT),
        boxes=places,
        supersedes=supersedes,
    )


def verdict_on(document: Document) -> Verdict:
    document.refresh_from_db()
    assert document.file is not None
    return with_records(verify_pdf(read_file(document.file), ca_pem=authority.trusted_pem()))


def signed(document: Document, lower: Party, upper: Party) -> Document:
    seal_document(document, by=lower.officer, at=AT)
    lower.sign(document, "lower")
    upper.sign(document, "upper", at=AT + timedelta(hours=2))
    return document


def test_seal_lower_party_upper_party(document: Document, lower: Party, upper: Party) -> None:
    assert signing_turn(document) is None
    seal_document(document, by=lower.officer, at=AT)
    assert signing_turn(document) == "lower"
    lower.sign(document, "lower")
    assert signing_turn(document) == "upper"
    assert verdict_on(document).why is Reason.UNFINISHED
    upper.sign(document, "upper", at=AT + timedelta(hours=2))
    assert signing_turn(document) is None
    verdict = verdict_on(document)
    assert verdict.why is Reason.SOUND
    assert [s.name for s in verdict.signers] == [lower.officer.name_bn, upper.officer.name_bn]
    assert [s.at for s in verdict.signers] == [AT, AT + timedelta(hours=2)]
    assert (verdict.document.is_current, verdict.document.is_kept) == (True, True)


def test_each_stage_stays_in_the_store_and_in_the_history(document: Document, lower: Party, upper: Party) -> None:
    first = document.file
    signed(document, lower, upper)
    records = list(SignatureRecord.objects.select_related("file"))
    assert [r.field for r in records] == ["portal-seal", "lower", "upper"]
    assert [r.officer for r in records] == [None, lower.officer, upper.officer]
    stages = [read_file(stored) for stored in [first, *(r.file for r in records)] if stored]
    assert all(later.startswith(earlier) for earlier, later in pairwise(stages))
    assert document.file == records[-1].file
    acts = Activity.objects.filter(verb="documents.sign_document").order_by("pk")
    assert [act.after["sha256"] for act in acts] == [r.file.sha256 for r in records[1:]]
    assert [act.post for act in acts] == ["district_officer", "joint_registrar"]


def test_out_of_turn_is_refused_and_nothing_is_written(document: Document, lower: Party, upper: Party) -> None:
    files = StoredFile.objects.count()
    with pytest.raises(UserError):
        lower.sign(document, "lower")
    seal_document(document, by=lower.officer, at=AT)
    with pytest.raises(UserError):
        upper.sign(document, "upper")
    with pytest.raises(UserError):
        lower.sign(document, "nowhere", at=AT + timedelta(minutes=5))
    assert (SignatureRecord.objects.count(), StoredFile.objects.count()) == (1, files + 1)
    lower.sign(document, "lower", at=AT + timedelta(minutes=10))
    with pytest.raises(UserError):
        lower.sign(document, "lower", at=AT + timedelta(minutes=20))
    assert SignatureRecord.objects.count() == 2


def test_sealing_twice_keeps_the_first_seal(document: Document, lower: Party) -> None:
    first = seal_document(document, by=lower.officer, at=AT)
    assert seal_document(document, by=lower.officer, at=AT + timedelta(days=1)) == first
    assert SignatureRecord.objects.count() == 1


def test_a_wrong_passphrase_signs_nothing_and_is_counted(document: Document, lower: Party) -> None:
    seal_document(document, by=lower.officer, at=AT)
    before = document.file
    with pytest.raises(UserError):
        lower.sign(document, "lower", passphrase="0000-0000-0000")
    document.refresh_from_db()
    lower.issued.key.refresh_from_db()
    assert (document.file, lower.issued.key.failed) == (before, 1)
    assert not Activity.objects.filter(verb="documents.sign_document").exists()


def test_a_code_of_the_second_factor_signs_once(tree: Tree, document: Document, lower: Party) -> None:
    other = make_document(tree, code="A" * 16, supersedes=document)
    for each in (document, other):
        seal_document(each, by=lower.officer, at=AT)
    lower.sign(document, "lower")
    with pytest.raises(UserError) as refused:
        lower.sign(other, "lower")
    assert refused.value.cell == "code"
    assert not other.signatures.filter(field="lower").exists()
    lower.sign(other, "lower", at=AT + timedelta(minutes=2))


@pytest.mark.parametrize("later", [timedelta(seconds=7), timedelta(seconds=29), timedelta(seconds=31)])
def test_a_code_replayed_in_its_step_or_the_next_signs_nothing(
    tree: Tree, document: Document, lower: Party, later: timedelta
) -> None:
    other = make_document(tree, code="8" * 16, supersedes=document)
    for one in (document, other):
        seal_document(one, by=lower.officer, at=AT)
    lower.sign(document, "lower")
    code = code_at(lower.secret, AT)
    with pytest.raises(UserError):
        sign_document(
            other,
            field="lower",
            by=lower.officer,
            posting=lower.posting,
            passphrase=lower.issued.passphrase,
            code=code,
            at=AT + later,
        )
    assert SignatureRecord.objects.filter(document=other).count() == 1


def test_a_key_revoked_between_its_opening_and_the_signature_signs_nothing(document: Document, lower: Party) -> None:
    seal_document(document, by=lower.officer, at=AT)
    code = code_at(lower.secret, AT)
    opened = open_signing_key(
        posting=lower.posting, passphrase=lower.issued.passphrase, code=code, by=lower.officer, at=AT
    )
    revoke_key(key=lower.issued.key, reason="lost", by=lower.officer, at=AT)
    with pytest.raises(UserError):
        sign_with_key(document, field="lower", opened=opened, by=lower.officer, at=AT)
    assert signing_turn(document) == "lower"


@pytest.mark.logs_errors("the file is gone, or the secrets are")
@pytest.mark.parametrize("lost", ["home/files", "secrets"])
def test_without_files_or_secrets_nothing_is_signed_and_the_officer_is_told(
    document: Document, lower: Party, tmp_path: Path, settings: Settings, lost: str
) -> None:
    seal_document(document, by=lower.officer, at=AT)
    if lost == "secrets":
        settings.PORTAL_SECRETS_DIR = tmp_path / "empty"
    else:
        assert document.file is not None
        default_storage.delete(document.file.path)
    with pytest.raises(UserError):
        lower.sign(document, "lower")
    lower.issued.key.refresh_from_db()
    assert lower.issued.key.failed == 0, "that was no wrong try of the officer's"
    assert SignatureRecord.objects.filter(document=document).count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_code_pressed_in_two_sessions_at_once_signs_one_document(
    tree: Tree, document: Document, lower: Party
) -> None:
    documents = [document, make_document(tree, code="8" * 16, supersedes=document)]
    for one in documents:
        seal_document(one, by=lower.officer, at=AT)
    said = race(*[partial(lower.sign, one, "lower") for one in documents])
    assert sorted(word == "done" for word in said) == [False, True], said
    assert SignatureRecord.objects.filter(officer=lower.officer).count() == 1


def test_the_database_refuses_the_same_code_twice_whatever_the_service_saw(document: Document, lower: Party) -> None:
    seal_document(document, by=lower.officer, at=AT)
    record = lower.sign(document, "lower")
    record.pk, record.field = None, "upper"
    with pytest.raises(IntegrityError), transaction.atomic():
        record.save(force_insert=True)


def test_a_key_signs_only_in_its_officers_hand(document: Document, lower: Party, upper: Party) -> None:
    seal_document(document, by=lower.officer, at=AT)
    opened = open_signing_key(
        posting=lower.posting,
        passphrase=lower.issued.passphrase,
        code=code_at(lower.secret, AT),
        by=lower.officer,
        at=AT,
    )
    with pytest.raises(PermissionDenied):
        sign_with_key(document, field="lower", opened=opened, by=upper.officer, at=AT)


def test_signature_and_record_and_activity_stand_or_fall_together(document: Document, lower: Party) -> None:
    seal_document(document, by=lower.officer, at=AT)
    before = document.file
    with pytest.raises(RuntimeError), transaction.atomic():
        lower.sign(document, "lower")
        raise RuntimeError
    document.refresh_from_db()
    assert document.file == before
    assert not SignatureRecord.objects.filter(field="lower").exists()
    assert not Activity.objects.filter(verb="documents.sign_document").exists()


def test_the_verdict_names_what_supersedes_the_paper(
    tree: Tree, document: Document, lower: Party, upper: Party
) -> None:
    signed(document, lower, upper)
    make_document(tree, code="B" * 16, supersedes=document)
    verdict = verdict_on(document)
    assert verdict.is_valid
    assert (verdict.document.is_current, verdict.document.superseded_by) == (False, "B" * 16)


def test_a_key_revoked_later_leaves_what_it_signed(document: Document, lower: Party, upper: Party) -> None:
    signed(document, lower, upper)
    revoke_key(key=lower.issued.key, reason="হারিয়েছে", by=lower.officer, at=AT + timedelta(days=3))
    assert verdict_on(document).is_valid
    lower.issued.key.refresh_from_db()
    lower.issued.key.revoked_at = AT - timedelta(days=1)
    lower.issued.key.save(update_fields=["revoked_at"])
    assert verdict_on(document).why is Reason.REVOKED
