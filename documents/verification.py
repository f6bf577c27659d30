"""Whether a PDF is as the portal and its officers signed it: from the bytes and the root's certificate alone.

Needs neither database nor network. The last word is pyHanko's difference check: other readers call a file valid
although something was appended to it. Any bytes may be handed in; the answer is a `Verdict`, never an exception.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from io import BytesIO

from asn1crypto import pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, enumerate_sig_fields
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from documents.authority import is_seal, read_holder
from documents.awaiting import awaited
from documents.bytescan import ScannedSignature, scan_signatures
from documents.codes import parse_code
from documents.verdicts import FoundDocument, FoundSignature, Reason, Trust, Verdict

_log = logging.getLogger(__name__)
MOST_BYTES = 25_000_000
_HEAD = 1024


def verify_pdf(data: bytes, *, ca_pem: bytes) -> Verdict:
    """Judge a file against the root certificates in ``ca_pem``. Raise ValueError if that holds no certificate."""
    roots = x509.load_pem_x509_certificates(ca_pem)
    refused = _refusal(data)
    if refused is not None:
        return Verdict(refused)
    verdict = Verdict(Reason.SOUND, sha256=hashlib.sha256(data).hexdigest())
    scanned = scan_signatures(data, roots)
    if not scanned:
        return verdict.because(_unsigned(data))
    doubt = _doubt(data, scanned, roots)
    if doubt is not None:
        return _doubtful(verdict, doubt, scanned)
    try:
        return awaited(_checked(verdict, data, _trust_roots(ca_pem), len(scanned)))
    except Exception:  # A reader of foreign files may fail in any way; the answer is then that it cannot be read.
        _log.warning("%s could not be checked", verdict.sha256, exc_info=True)
        return _doubtful(verdict, Reason.UNREADABLE, scanned)


def _refusal(data: bytes) -> Reason | None:
    if not data:
        return Reason.NOTHING
    if len(data) > MOST_BYTES:
        return Reason.TOO_LARGE
    return None if b"%PDF-" in data[:_HEAD] else Reason.NOT_PDF


def _unsigned(data: bytes) -> Reason:
    if b"/Encrypt" in data:
        return Reason.ENCRYPTED
    return Reason.UNSIGNED if b"%%EOF" in data[-_HEAD:] else Reason.BROKEN


def _doubt(data: bytes, scanned: Sequence[ScannedSignature], roots: Sequence[x509.Certificate]) -> Reason | None:
    """Why the bytes alone already refuse the file."""
    covered = scanned[-1].covers_to
    is_all_covered = covered == len(data)
    # Behind the last whole signature, the beginning of a revision is a lost end; anything else was put there.
    is_lost = covered > len(data) or b" obj" in data[covered:]
    if is_lost and not data.rstrip().endswith(b"%%EOF"):
        return Reason.CUT
    if all(signature.certificate is None for signature in scanned):
        return Reason.ALTERED
    if not any(signature.is_issued_by_root for signature in scanned):
        return Reason.IMITATED if any(_imitates(signature, roots) for signature in scanned) else Reason.FOREIGN
    if covered > len(data):
        return Reason.ALTERED
    if any(signature.certificate is not None and not signature.is_issued_by_root for signature in scanned):
        return Reason.MIXED
    if not all(signature.is_sound for signature in scanned):
        return Reason.ALTERED
    return None if is_all_covered else Reason.APPENDED


def _imitates(signature: ScannedSignature, roots: Sequence[x509.Certificate]) -> bool:
    certificate = signature.certificate
    if certificate is None:
        return False
    return is_seal(certificate) or any(certificate.issuer == root.subject for root in roots)


def _doubtful(verdict: Verdict, why: Reason, scanned: Sequence[ScannedSignature]) -> Verdict:
    signatures = tuple(
        FoundSignature(
            holder=read_holder(signature.certificate),
            at=None,
            trust=Trust.OWN_AUTHORITY if signature.is_issued_by_root else Trust.NONE,
            is_seal=is_seal(signature.certificate),
            serial=signature.certificate.serial_number,
        )
        for signature in scanned
        if signature.certificate is not None
    )
    return Verdict(
        why,
        intact=None if why in (Reason.FOREIGN, Reason.IMITATED) else False,
        trusted=bool(scanned) and all(signature.is_issued_by_root for signature in scanned),
        signatures=signatures,
        sha256=verdict.sha256,
    )


def _trust_roots(ca_pem: bytes) -> list[asn1_x509.Certificate]:
    return [asn1_x509.Certificate.load(der) for _kind, _headers, der in pem.unarmor(ca_pem, multiple=True)]


async def _checked(verdict: Verdict, data: bytes, trust_roots: list[asn1_x509.Certificate], expected: int) -> Verdict:
    """The full check, for a file whose every byte is under a sound signature of the authority."""
    reader = PdfFileReader(BytesIO(data))
    embedded = list(reader.embedded_signatures)
    states = [await _validated(signature, trust_roots) for signature in embedded]
    trusted = all(state.trusted for state in states)
    why = _judged(embedded, states, expected)
    if why is Reason.SOUND and any(value is None for _name, value, _reference in enumerate_sig_fields(reader)):
        why = Reason.UNFINISHED
    return Verdict(
        why,
        intact=why not in (Reason.FORBIDDEN_CHANGE, Reason.ALTERED),
        trusted=trusted,
        signatures=tuple(_found(signature, state) for signature, state in zip(embedded, states, strict=True)),
        document=_described(reader),
        sha256=verdict.sha256,
    )


async def _validated(signature: EmbeddedPdfSignature, trust_roots: list[asn1_x509.Certificate]) -> PdfSignatureStatus:
    # No outside time stamp exists at this level: the certificate must have been in force at the time it claims.
    context = ValidationContext(trust_roots=trust_roots, moment=signature.self_reported_timestamp, allow_fetching=False)
    return await async_validate_pdf_signature(signature, context)


def _judged(embedded: Sequence[EmbeddedPdfSignature], states: Sequence[PdfSignatureStatus], expected: int) -> Reason:
    if len(embedded) != expected or not embedded:
        return Reason.FORBIDDEN_CHANGE
    if not all(state.intact and state.valid for state in states):
        return Reason.ALTERED
    if not all(state.trusted for state in states):
        return Reason.OUT_OF_DATE
    if not is_seal(_certificate(embedded[0])) or embedded[0].docmdp_level is not MDPPerm.FILL_FORMS:
        return Reason.NOT_SEALED
    if not all(state.bottom_line and state.docmdp_ok for state in states):
        return Reason.FORBIDDEN_CHANGE
    return Reason.SOUND if states[-1].coverage is SignatureCoverageLevel.ENTIRE_FILE else Reason.APPENDED


def _certificate(signature: EmbeddedPdfSignature) -> x509.Certificate:
    return x509.load_der_x509_certificate(signature.signer_cert.dump())


def _found(signature: EmbeddedPdfSignature, state: PdfSignatureStatus) -> FoundSignature:
    certificate = _certificate(signature)
    return FoundSignature(
        holder=read_holder(certificate),
        at=signature.self_reported_timestamp,
        trust=Trust.OWN_AUTHORITY if state.trusted else Trust.NONE,
        is_seal=is_seal(certificate),
        serial=certificate.serial_number,
    )


def _described(reader: PdfFileReader) -> FoundDocument:
    """What the signed file says of itself: its title, and its code among the document's properties."""
    try:
        info = reader.trailer_view["/Info"].get_object()
    except KeyError:
        return FoundDocument()
    return FoundDocument(code=parse_code(str(info.get("/Subject", ""))), title=str(info.get("/Title", "")))
