"""Issue, revoke and open officers' signing keys."""

from __future__ import annotations

import logging
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, ngettext

from core.activity import record_activity
from core.errors import UserError
from core.periods import dhaka_date
from core.templatetags.figures import digits
from documents import authority
from documents.authority import Authority, AuthorityMissingError, Holder
from documents.keybox import WrongPassphraseError, lock_key, new_passphrase, open_key
from documents.second_factor import NoSecondFactorError, has_second_factor, matched_step
from documents.signing_models import OfficerKey
from offices.models import Officer, Posting
from offices.rights import posting_for
from offices.titles import office_title, post_title

logger = logging.getLogger(__name__)

VALID_FOR = timedelta(days=2 * 365)
MOST_TRIES = 5
LOCKED_FOR = timedelta(minutes=15)
_SECRET = "officer keys"  # noqa: S105 (names a purpose)


@dataclass(frozen=True)
class IssuedKey:
    """A new key with its passphrase, which is kept nowhere and can be shown this once only."""

    key: OfficerKey
    passphrase: str


@dataclass(frozen=True)
class OpenedKey:
    """A key ready to sign, held in memory for one act; ``step`` is the second factor's, good for one signature."""

    key: OfficerKey
    signer: Authority
    step: int


def key_of(posting: Posting) -> OfficerKey | None:
    """The key in force of a posting (it may have expired)."""
    return OfficerKey.objects.filter(posting=posting, revoked_at__isnull=True).first()


@transaction.atomic
def issue_key(*, posting: Posting, by: Officer, at: datetime) -> IssuedKey:
    """Make the officer's key for a posting in force; a key in force before is revoked in the same act.

    Only the officer may, for themselves, and needs ``documents.sign_document`` there. The passphrase is returned once.
    """
    _guard(posting, by, at)
    Posting.objects.select_for_update(no_key=True).get(pk=posting.pk)  # a second click waits here for the first
    before = OfficerKey.objects.select_for_update().filter(posting=posting, revoked_at__isnull=True).first()
    if before is not None:
        _revoke(before, reason=gettext_noop("replaced by a new key"), by=by, at=at)
    private = ec.generate_private_key(ec.SECP256R1())
    expires_at = at + VALID_FOR
    certificate = authority.issue_certificate(
        authority.root(), _holder(posting), private.public_key(), starts_at=at, ends_at=expires_at
    )
    name, passphrase = uuid.uuid4(), new_passphrase()
    key = OfficerKey.objects.create(
        officer=by,
        posting=posting,
        name=name,
        serial=f"{certificate.serial_number:x}",
        certificate=certificate.public_bytes(serialization.Encoding.PEM).decode(),
        box=lock_key(private, passphrase, secret=_secret(), bound_to=str(name)),
        issued_at=at,
        expires_at=expires_at,
    )
    _record("documents.issue_key", key, by=by, at=at)
    return IssuedKey(key, passphrase)


@transaction.atomic
def revoke_key(*, key: OfficerKey, reason: str, by: Officer, at: datetime) -> OfficerKey:
    """Let a key sign no more from ``at`` on; for its officer, and holders of ``documents.revoke_key`` there."""
    locked = OfficerKey.objects.select_for_update(of=("self",)).select_related("posting__office").get(pk=key.pk)
    may = locked.officer_id == by.pk or posting_for(by, "documents.revoke_key", locked.posting, on=dhaka_date(at))
    if not may:
        raise PermissionDenied("documents.revoke_key")
    if locked.revoked_at is not None:
        raise UserError(_("This key has been revoked already."))
    if not reason.strip():
        raise UserError(_("Say why the key is revoked."), cell="reason")
    return _revoke(locked, reason=reason.strip()[:200], by=by, at=at)


def open_signing_key(*, posting: Posting, passphrase: str, code: str, by: Officer, at: datetime) -> OpenedKey:
    """Open the officer's key with passphrase and second factor, or raise `UserError` saying what was wrong.

    A wrong try is kept whatever follows, so this runs outside of every transaction. After `MOST_TRIES` wrong tries in
    a row the key is locked for `LOCKED_FOR`. Each try is counted before it is judged: guessing in parallel gains none.
    """
    _guard(posting, by, at)
    if not has_second_factor(by):
        raise NoSecondFactorError
    secret = _secret()  # if it is lost, that is no wrong try of the officer's
    key = _count_try(posting, at)
    step = matched_step(by, code, at=at)
    try:
        private = open_key(key.box, passphrase, secret=secret, bound_to=str(key.name))
    except WrongPassphraseError as error:
        raise _wrong(key) from error
    if step is None:
        raise _wrong(key)
    OfficerKey.objects.filter(pk=key.pk).update(failed=0, locked_until=None)
    certificate = x509.load_pem_x509_certificate(key.certificate.encode())
    return OpenedKey(key, Authority(certificate, private), step)


def _guard(posting: Posting, by: Officer, at: datetime) -> None:
    """The posting is the officer's own, in force, and carries the right to sign for its office."""
    held = [p for p in by.postings_on(dhaka_date(at)) if p.pk == posting.pk]
    if not held or posting_for(by, "documents.sign_document", posting, on=dhaka_date(at)) is None:
        raise PermissionDenied("documents.sign_document")


@transaction.atomic(durable=True)
def _count_try(posting: Posting, at: datetime) -> OfficerKey:
    key = (
        OfficerKey.objects.select_for_update(of=("self",))
        .select_related("posting__office", "officer")
        .filter(posting=posting, revoked_at__isnull=True)
        .first()
    )
    if key is None:
        raise UserError(_("You have no signing key for this post. Have one made first."), cell="passphrase")
    if not key.is_in_force(at):
        raise UserError(_("Your signing key has expired. Have a new one made."), cell="passphrase")
    if key.locked_until is not None and at < key.locked_until:
        raise UserError(_locked_message(key.locked_until - at), cell="passphrase")
    key.failed = key.failed % MOST_TRIES + 1
    key.locked_until = at + LOCKED_FOR if key.failed == MOST_TRIES else None
    key.save(update_fields=["failed", "locked_until"])
    return key


def _wrong(key: OfficerKey) -> UserError:
    """One message for both secrets: it does not tell a thief which of the two was right."""
    left = MOST_TRIES - key.failed
    if left == 0:
        return UserError(_locked_message(LOCKED_FOR), cell="passphrase")
    message = ngettext(
        "The passphrase or the code is wrong. Nothing was signed. %(left)s try is left.",
        "The passphrase or the code is wrong. Nothing was signed. %(left)s tries are left.",
        left,
    )
    return UserError(message % {"left": digits(left)}, cell="passphrase")


def _locked_message(wait: timedelta) -> str:
    minutes = max(1, -(-int(wait.total_seconds()) // 60))
    return ngettext(
        "Too many wrong tries. The signing key is locked for %(minutes)s minute.",
        "Too many wrong tries. The signing key is locked for %(minutes)s minutes.",
        minutes,
    ) % {"minutes": digits(minutes)}


def _revoke(key: OfficerKey, *, reason: str, by: Officer, at: datetime) -> OfficerKey:
    key.revoked_at, key.revoked_reason = at, reason
    key.save(update_fields=["revoked_at", "revoked_reason"])
    _record("documents.revoke_key", key, by=by, at=at, reason=reason)
    return key


def _record(verb: str, key: OfficerKey, *, by: Officer, at: datetime, **after: str) -> None:
    record_activity(
        verb,
        key,
        by=by,
        at=at,
        office_path=key.posting.office.path,
        post=key.posting.post,
        after={"serial": key.serial, **after},
    )


def _holder(posting: Posting) -> Holder:
    office, officer = posting.office, posting.officer
    return Holder(
        name_bn=officer.name_bn,
        name_en=officer.name_en,
        post_bn=post_title(posting.post, office, "bn"),
        post_en=post_title(posting.post, office, "en"),
        office_bn=office_title(office, "bn"),
        office_en=office_title(office, "en"),
        reference=f"{office.code}/{posting.pk}",
    )


def _secret() -> bytes:
    try:
        return authority.drawn_secret(_SECRET)
    except AuthorityMissingError as error:
        logger.error("AuthorityMissingError: the secrets folder lacks %s; put the secrets back", error.name)
        raise
