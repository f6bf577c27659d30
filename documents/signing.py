"""Seal and sign documents: each act writes the next state of the file, its record and its activity, or nothing."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.activity import Actor, record_activity
from core.errors import UserError
from documents import authority
from documents.boxes import signature_boxes
from documents.choices import SEAL_FIELD
from documents.files import DamagedFileError, read_file, store_file
from documents.keys import OpenedKey, open_signing_key
from documents.models import Document, StoredFile
from documents.signatures import SigningOrderError, box_size, next_field, prepare_pdf, seal_pdf, sign_pdf
from documents.signing_models import OfficerKey, SignatureRecord
from documents.stamps import draw_stamp
from offices.models import Officer, Posting

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

logger = logging.getLogger(__name__)


@transaction.atomic
def seal_document(document: Document, *, by: Actor, at: datetime) -> SignatureRecord:
    """Put the portal's seal on a ready document, with an empty field at each box its layout left for a signature.

    From here on only those fields can be filled. A document sealed before keeps its seal.
    """
    locked = _locked(document)
    sealed = locked.signatures.filter(field=SEAL_FIELD).first()
    if sealed is not None:
        return sealed
    prepared = prepare_pdf(_bytes_of(locked), signature_boxes(locked.boxes))
    data = seal_pdf(prepared, authority.seal(), at=at)
    record = SignatureRecord.objects.create(document=locked, field=SEAL_FIELD, at=at, file=_moved_on(locked, data, at))
    record_activity(
        "documents.seal_document", locked, by=by, at=at, office_path=locked.office_path, after=_after(record)
    )
    document.refresh_from_db(fields=["file"])
    return record


def sign_document(
    document: Document,
    *,
    field: str,
    by: Officer,
    posting: Posting,
    passphrase: str,
    code: str,
    at: datetime,
) -> SignatureRecord:
    """Sign a field of a sealed document as ``by`` in ``posting``, with the passphrase and the second factor's code.

    Raise `UserError` for a wrong passphrase or code (counted, nothing written), a field out of turn or signed already.
    Call it outside of a transaction; inside one, call `documents.keys.open_signing_key` before it begins and
    `sign_with_key` in it. Whether this posting is the party whom the field awaits is the calling room's question.
    """
    opened = open_signing_key(posting=posting, passphrase=passphrase, code=code, by=by, at=at)
    return sign_with_key(document, field=field, opened=opened, by=by, at=at)


@transaction.atomic
def sign_with_key(document: Document, *, field: str, opened: OpenedKey, by: Officer, at: datetime) -> SignatureRecord:
    """Sign with a key opened just before; for callers who write their own rows in the same transaction."""
    if opened.key.officer_id != by.pk:
        raise PermissionDenied("documents.sign_document")
    key = _still_in_force(opened.key, at)
    locked = _locked(document)
    if SignatureRecord.objects.filter(officer=by, step=opened.step).exists():
        raise UserError(_("This code has signed once already. Wait for the next one."), cell="code")
    data = _signed(locked, field, opened, at)
    record = SignatureRecord.objects.create(
        document=locked,
        field=field,
        officer=by,
        posting=key.posting,
        key=key,
        step=opened.step,
        at=at,
        file=_moved_on(locked, data, at),
    )
    record_activity(
        "documents.sign_document",
        locked,
        by=by,
        at=at,
        office_path=key.posting.office.path,
        post=key.posting.post,
        after=_after(record),
    )
    document.refresh_from_db(fields=["file"])
    return record


def _still_in_force(key: OfficerKey, at: datetime) -> OfficerKey:
    """The key as it stands now: it may have been revoked since it was opened.

    Its officer is held with it, so that two acts with one code of the second factor come one after the other.
    """
    rows = OfficerKey.objects.select_for_update(of=("self", "officer"), no_key=True)
    held = rows.select_related("officer", "posting__office").get(pk=key.pk)
    if not held.is_in_force(at):
        raise UserError(_("This key has been revoked already."), cell="passphrase")
    return held


def signing_turn(document: Document) -> str | None:
    """The field that is to be signed next; None before the seal and after the last signature."""
    return next_field(_bytes_of(document)) if document.file else None


def _signed(document: Document, field: str, opened: OpenedKey, at: datetime) -> bytes:
    data = _bytes_of(document)
    try:
        width, height = box_size(data, field)
        stamp = draw_stamp(authority.read_holder(opened.signer.certificate), width=width, height=height, at=at)
        return sign_pdf(data, field, opened.signer, chain=authority.root(), stamp=stamp, at=at)
    except SigningOrderError as error:
        raise UserError(_order_message(document, field)) from error


def _order_message(document: Document, field: str) -> StrPromise:
    fields = set(document.signatures.values_list("field", flat=True))
    if field in fields:
        return _("This place has been signed already.")
    if SEAL_FIELD not in fields:
        return _("The document does not bear the portal's seal yet; it cannot be signed.")
    return _("Another party signs first. Your turn comes after that signature.")


def _locked(document: Document) -> Document:
    locked = Document.objects.select_for_update(of=("self",)).select_related("file").get(pk=document.pk)
    if not locked.is_ready:
        raise UserError(_("The document is still being made. Try again in a moment."))
    return locked


def _bytes_of(document: Document) -> bytes:
    if document.file is None:
        raise UserError(_("The document is still being made. Try again in a moment."))
    try:
        return read_file(document.file)
    except DamagedFileError as error:
        logger.exception("the file of document %s is damaged or lost", document.code)
        raise UserError(_("The stored file is damaged and is not handed out. Tell the administrator.")) from error


def _moved_on(document: Document, data: bytes, at: datetime) -> StoredFile:
    """Store the next state and let the document point to it; the earlier state stays in the store."""
    document.file = store_file(data, media_type="application/pdf", at=at)
    document.save(update_fields=["file"])
    return document.file


def _after(record: SignatureRecord) -> dict[str, str]:
    return {"field": record.field, "sha256": record.file.sha256}
