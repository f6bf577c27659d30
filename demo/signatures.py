"""The demonstration's signatures: keys for the two heads, and agreements signed by both at their historic instants."""

from __future__ import annotations

from datetime import datetime

from contracts.choices import AgreementState
from contracts.models import Agreement
from contracts.signing import request_agreement_document, sign_agreement
from demo.accounts import keep_secrets, read_secrets
from documents.keys import issue_key, key_of
from documents.second_factor import code_of_step, step_of
from jobs.services import finish_jobs
from offices.models import Officer

Hand = tuple[Officer, datetime]
"""Who signs, and when."""
PATIENCE = 120.0
"""Seconds that the agreement's PDF may take."""


def sign_by_both(agreement: Agreement, lower: Hand, superior: Hand) -> Agreement:
    """Make the agreement's paper, and sign it for each party by its officer at an instant; what is signed stays."""
    for hand, has_lower_signed in ((lower, False), (superior, True)):
        agreement.refresh_from_db()
        if agreement.state == AgreementState.AGREED and bool(agreement.lower_signed_at) == has_lower_signed:
            _finish_paper(agreement, *hand)
            _sign(agreement, *hand)
    agreement.refresh_from_db()
    return agreement


def make_usable_key(officer: Officer, at: datetime) -> str:
    """The passphrase of the officer's key in force at an instant; a new key where none is. Kept beside the instance.

    A real officer keeps the passphrase; here it is printed with the accounts, so that whoever tries the
    demonstration can sign.
    """
    posting = officer.postings.in_force(at.date()).select_related("office", "officer").get()
    key, secrets = key_of(posting), read_secrets()
    if key is None or not key.is_in_force(at) or officer.username not in secrets["passphrases"]:
        secrets["passphrases"][officer.username] = issue_key(posting=posting, by=officer, at=at).passphrase
        keep_secrets(secrets)
    return str(secrets["passphrases"][officer.username])


def _finish_paper(agreement: Agreement, officer: Officer, at: datetime) -> None:
    document = request_agreement_document(agreement=agreement, by=officer, at=at)
    if document.job_id is not None and not document.is_ready:
        finish_jobs([document.job_id], patience=PATIENCE)
    agreement.refresh_from_db()


def _sign(agreement: Agreement, officer: Officer, at: datetime) -> None:
    secret = read_secrets()["totp"][officer.username]
    sign_agreement(
        agreement=agreement,
        by=officer,
        passphrase=make_usable_key(officer, at),
        code=code_of_step(secret, step_of(at)),
        at=at,
    )
