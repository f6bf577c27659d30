"""Signing: the lower party first, then its superior, on one file that anyone can verify."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from contracts.choices import AgreementState
from contracts.framework import framework_file
from contracts.models import Agreement, Framework, ScoreSnapshot
from contracts.services import agree_agreement, import_agreement, load_framework
from contracts.signing import request_agreement_document, sign_agreement
from core.errors import UserError
from core.models import Activity
from core.periods import DHAKA, FiscalYear
from documents import authority
from documents.choices import DocumentState
from documents.files import read_file, store_file
from documents.keys import issue_key
from documents.models import Document
from documents.verification import verify_pdf
from jobs.services import run_waiting_jobs
from offices.choices import Post
from offices.models import Officer
from returns.models import LineTarget
from returns.services.forms import FORM_FILE, publish_form
from tests.contracts.factories_contracts import make_agreed_agreement, make_preparer, real_file
from tests.documents.factories_documents_signing import code_at, make_second_factor, plain_pdf
from tests.factories import Tree, make_head, make_officer, make_tree
from tests.racing import race

pytestmark = pytest.mark.django_db
AT = datetime(2024, 7, 3, 11, 0, tzinfo=DHAKA)
LATER = AT + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def homes(tmp_path: Path, settings: Settings) -> Iterator[None]:
    settings.PORTAL_HOME = tmp_path / "home"
    settings.PORTAL_SECRETS_DIR = tmp_path / "secrets"
    yield
    authority._kept.cache_clear()


class Party:
    """A head with a key and an authenticator."""

    def __init__(self, officer: Officer) -> None:
        self.officer = officer
        self.secret = make_second_factor(officer)
        posting = officer.postings.select_related("office", "officer").get()
        self.passphrase = issue_key(posting=posting, by=officer, at=AT).passphrase

    def sign(self, agreement: Agreement, at: datetime, passphrase: str = "") -> Agreement:
        return sign_agreement(
            agreement=Agreement.objects.with_names().get(pk=agreement.pk),
            by=self.officer,
            passphrase=passphrase or self.passphrase,
            code=code_at(self.secret, at),
            at=at,
        )


@pytest.fixture
def tree() -> Tree:
    return make_tree()


@pytest.fixture
def lower(tree: Tree) -> Party:
    return Party(make_head(tree.district))


@pytest.fixture
def superior(tree: Tree) -> Party:
    return Party(make_head(tree.division))


@pytest.fixture
def agreement(tree: Tree, lower: Party, superior: Party) -> Agreement:
    publish_form(FORM_FILE, by=make_preparer(tree), at=AT)
    return make_agreed_agreement(tree, lower=lower.officer, superior=superior.officer, at=AT)


def test_both_sign_in_order_and_a_stranger_verifies_the_file(
    agreement: Agreement, lower: Party, superior: Party, tmp_path: Path
) -> None:
    with pytest.raises(UserError):
        lower.sign(agreement, AT)  # the document is still being made
    run_waiting_jobs()
    with pytest.raises(PermissionDenied):
        superior.sign(agreement, AT)  # not the superior's turn
    with pytest.raises(UserError):
        lower.sign(agreement, AT, passphrase="not the words")
    once = lower.sign(agreement, LATER)
    assert once.state == AgreementState.AGREED
    twice = superior.sign(agreement, LATER)
    assert twice.state == AgreementState.SIGNED
    assert twice.document is not None and twice.document.file is not None
    document = Document.objects.select_related("file").get(pk=twice.document.pk)
    assert document.file is not None
    report = verify_pdf(read_file(document.file), ca_pem=authority.ca_pem(authority.root()))
    assert report.is_valid
    assert len(report.signatures) >= 2
    with pytest.raises(UserError):
        superior.sign(agreement, LATER + timedelta(minutes=5))
    out = tmp_path / "signed.pdf"
    call_command("export_agreement", "lalmonirhat", "2023-24", "--out", str(out))
    assert out.read_bytes() == read_file(document.file)


@pytest.mark.full
def test_signing_freezes_the_framework_writes_own_targets_and_keeps_a_score(
    agreement: Agreement, lower: Party, superior: Party
) -> None:
    run_waiting_jobs()
    lower.sign(agreement, AT)
    assert Framework.objects.get().frozen_at is None
    assert not LineTarget.objects.exists()
    superior.sign(agreement, AT)
    assert Framework.objects.get().frozen_at == AT
    targets = {t.cell: t.amount for t in LineTarget.objects.filter(office=agreement.office)}
    assert (targets["D01"], targets["A02"]) == (566, 16)
    assert set(LineTarget.objects.values_list("office__code", "fiscal_year")) == {("lalmonirhat", FiscalYear(2023))}
    assert ScoreSnapshot.objects.filter(agreement=agreement).count() == 1
    acts = Activity.objects.filter(verb="contracts.sign_agreement").order_by("pk")
    assert [act.after["side"] for act in acts] == ["lower", "superior"]


@pytest.mark.full
def test_one_person_does_not_sign_for_both(tree: Tree, agreement: Agreement, lower: Party, superior: Party) -> None:
    run_waiting_jobs()
    lower.sign(agreement, AT)
    Agreement.objects.update(lower_signed_by=superior.officer)
    with pytest.raises(UserError):
        superior.sign(agreement, AT)


@pytest.mark.full
def test_a_paper_is_not_made_twice_and_what_was_signed_stays(
    agreement: Agreement, lower: Party, superior: Party
) -> None:
    run_waiting_jobs()
    document = request_agreement_document(agreement=agreement, by=lower.officer, at=LATER)
    assert Document.objects.count() == 1
    lower.sign(agreement, LATER)
    assert request_agreement_document(agreement=agreement, by=lower.officer, at=LATER) == document


def test_a_signed_agreement_is_not_replaced_by_a_file(agreement: Agreement, tree: Tree) -> None:
    changed = real_file().replace(b"[566, 509, 453, 396, 340]", b"[560, 509, 453, 396, 340]")
    with pytest.raises(UserError):
        import_agreement(content=changed, by=make_preparer(tree), at=AT)


def test_what_waits_for_signatures_keeps_its_framework(tree: Tree, agreement: Agreement) -> None:
    """The paper that is to be signed was made from it; nobody changes it in between."""
    changed = framework_file(agreement.framework.code).read_bytes() + b"\n[note]\nen = 'changed'\n"
    with pytest.raises(UserError):
        load_framework(content=changed, by=make_preparer(tree), at=LATER)
    Agreement.objects.update(state=AgreementState.DRAFT, agreed_at=None)
    assert load_framework(content=changed, by=make_preparer(tree), at=LATER).digest != agreement.framework.digest


def test_an_office_that_moved_is_not_signed_for_by_its_new_superior(
    tree: Tree, agreement: Agreement, lower: Party, superior: Party
) -> None:
    """The agreement names the office with which it was agreed; another one's head signs no such promise."""
    Agreement.objects.update(superior=tree.foreign_division, lower_signed_at=AT, lower_signed_by=lower.officer)
    with pytest.raises(UserError, match="sylhet"):
        superior.sign(agreement, AT)
    Agreement.objects.update(lower_signed_at=None, lower_signed_by=None, state=AgreementState.PROPOSED)
    with pytest.raises(UserError, match="sylhet"):
        agree_agreement(agreement=agreement, by=superior.officer, at=AT)


@pytest.mark.full
def test_a_head_whose_posting_ended_between_the_signatures_gives_way_to_the_successor(
    tree: Tree, agreement: Agreement, lower: Party, superior: Party
) -> None:
    run_waiting_jobs()
    lower.sign(agreement, AT)
    yesterday = AT.date() - timedelta(days=1)
    superior.officer.postings.update(ends_on=yesterday)
    with pytest.raises((UserError, PermissionDenied)):
        superior.sign(agreement, LATER)
    row = Agreement.objects.get(pk=agreement.pk)
    assert row.lower_signed_at == AT and row.superior_signed_at is None, "what was signed stays, nothing is added"
    successor = Party(make_officer(Post.JOINT_REGISTRAR, tree.division, username="successor", starts_on=AT.date()))
    signed = successor.sign(agreement, LATER)
    assert signed.superior_signed_by == successor.officer and signed.lower_signed_by == lower.officer


@pytest.mark.django_db(transaction=True)
def test_two_sessions_that_press_sign_at_once_sign_once(agreement: Agreement, lower: Party) -> None:
    data, places = plain_pdf()
    file = store_file(data, media_type="application/pdf", at=AT)
    Document.objects.update(state=DocumentState.READY, file=file, boxes=places)
    said = race(*[partial(lower.sign, agreement, AT), partial(lower.sign, agreement, AT + timedelta(seconds=30))])
    assert sorted(word == "done" for word in said) == [False, True], said
    assert Document.objects.get().signatures.exclude(officer=None).count() == 1


@pytest.mark.full
def test_the_page_says_late_asks_both_secrets_and_explains_a_wrong_one(
    agreement: Agreement, lower: Party, superior: Party, settings: Settings
) -> None:
    settings.PORTAL_CLOCK = LATER
    run_waiting_jobs()
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(lower.officer, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = "/agreements/lalmonirhat/2023-24/sign/"
    page = client.get(address).content.decode()
    assert "signing late is allowed" in page
    wrong = client.post(address, {"passphrase": "no such words", "code": code_at(lower.secret, LATER)})
    assert wrong.status_code == 422
    assert "wrong" in wrong.content.decode()
    assert "no such words" not in wrong.content.decode()
    right = client.post(address, {"passphrase": lower.passphrase, "code": code_at(lower.secret, LATER)})
    assert right.status_code == 302
    page = client.get(address).content.decode()
    assert "waits for the signature of Joint registrar" in page
    assert 'name="passphrase"' not in page


@pytest.mark.full
def test_a_double_click_signs_once_and_is_told_for_whom_it_waits(
    agreement: Agreement, lower: Party, superior: Party, settings: Settings
) -> None:
    settings.PORTAL_CLOCK = LATER
    run_waiting_jobs()
    address = "/agreements/lalmonirhat/2023-24/"
    secrets = {"passphrase": lower.passphrase, "code": code_at(lower.secret, LATER)}
    for party in (superior, lower, lower):  # the superior comes too early, the lower party presses twice
        client = Client()
        client.cookies["django_language"] = "en"
        client.force_login(party.officer, backend="allauth.account.auth_backends.AuthenticationBackend")
        pressed = client.post(f"{address}sign/", secrets)
        assert pressed["Location"] == address
    assert "waits for the signature of Joint registrar" in client.get(address).content.decode()
    assert Document.objects.get().signatures.exclude(officer=None).count() == 1
