"""What the portal's records add to a verdict that the bytes alone gave: newer versions, and keys revoked in time."""

from __future__ import annotations

from dataclasses import replace

from documents.models import Document, StoredFile
from documents.signing_models import OfficerKey
from documents.verdicts import FoundDocument, Reason, Verdict


def with_records(verdict: Verdict) -> Verdict:
    """The verdict with what the database knows. It can turn valid into invalid, never the other way."""
    if verdict.is_valid and _has_revoked_key(verdict):
        verdict = verdict.because(Reason.REVOKED)
    return replace(verdict, document=_recorded(verdict))


def _recorded(verdict: Verdict) -> FoundDocument:
    found = verdict.document
    document = Document.objects.filter(code=found.code).first() if found.code else None
    if document is None:
        return found
    newest = Document.objects.about(document.kind, document.subject).current().first()
    is_current = newest is None or newest.pk == document.pk
    return replace(
        found,
        title=document.title,
        is_current=is_current,
        superseded_by=None if is_current or newest is None else newest.code,
        is_kept=StoredFile.objects.filter(sha256=verdict.sha256).exists(),
    )


def _has_revoked_key(verdict: Verdict) -> bool:
    signed_at = {f"{signature.serial:x}": signature.at for signature in verdict.signers}
    revoked = OfficerKey.objects.filter(serial__in=signed_at, revoked_at__isnull=False)
    return any((at := signed_at[key.serial]) is not None and not key.is_in_force(at) for key in revoked)
