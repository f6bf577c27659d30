"""A first look at a PDF's signatures by its bytes alone, without reading the PDF.

A stranger may hand in anything, and a PDF reader can be kept busy or fed a bomb. So only a file all of whose bytes lie
under sound signatures of the portal's authority is given to the full check; whatever else comes is answered here,
in time linear to its size. This look refuses, it never accepts.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

MOST_SIGNATURES = 20
MOST_ENVELOPE = 100_000
_BYTE_RANGE = re.compile(
    rb"/ByteRange\s{0,9}\[\s{0,9}(\d{1,12})\s{1,9}(\d{1,12})\s{1,9}(\d{1,12})\s{1,9}(\d{1,12})\s{0,9}\]"
)


@dataclass(frozen=True)
class ScannedSignature:
    """One signature as the bytes show it: how far it covers the file, who signed, and what is sound about it."""

    covers_to: int
    certificate: x509.Certificate | None
    is_issued_by_root: bool
    is_sound: bool


def scan_signatures(data: bytes, roots: list[x509.Certificate]) -> list[ScannedSignature]:
    """The signatures in the order in which they cover the file; at most `MOST_SIGNATURES` are looked at."""
    found = []
    for number, match in enumerate(_BYTE_RANGE.finditer(data)):
        if number == MOST_SIGNATURES:
            break
        first, length, second, rest = (int(group) for group in match.groups())
        found.append(_scanned(data, roots, first, length, second, rest))
    return sorted(found, key=lambda signature: signature.covers_to)


def _scanned(
    data: bytes, roots: list[x509.Certificate], first: int, length: int, second: int, rest: int
) -> ScannedSignature:
    end = second + rest
    if first != 0 or not length < second <= end <= len(data) or second - length > MOST_ENVELOPE:
        return ScannedSignature(end, None, False, False)
    try:
        hexadecimal = data[length:second].removeprefix(b"<").removesuffix(b">")
        contents = bytes.fromhex(hexadecimal.decode("ascii"))
        envelope = cms.ContentInfo.load(contents)
        signed = envelope["content"]
        signer = signed["signer_infos"][0]
        certificate = _signer_certificate(signed, signer)
        is_plain = hexadecimal == contents.hex().upper().encode() and _is_as_written(contents, signed, signer, roots)
        digest = hashlib.sha256(memoryview(data)[:length])
        digest.update(memoryview(data)[second:end])
        is_sound = _is_sound(signer, certificate, digest.digest())
    except Exception:  # Foreign bytes may fail in any way; whatever cannot be read is not sound.
        return ScannedSignature(end, None, False, False)
    return ScannedSignature(
        end, certificate, any(_is_issued(certificate, root) for root in roots), is_sound and is_plain
    )


def _signer_certificate(signed: cms.SignedData, signer: cms.SignerInfo) -> x509.Certificate:
    serial = signer["sid"].chosen["serial_number"].native
    for choice in signed["certificates"]:
        if choice.chosen.serial_number == serial:
            certificate = x509.load_der_x509_certificate(choice.chosen.dump())
            # Names are parsed when first read; an unreadable one must show here.
            _names = certificate.subject, certificate.issuer
            return certificate
    raise LookupError(serial)


def _is_as_written(
    contents: bytes, signed: cms.SignedData, signer: cms.SignerInfo, roots: list[x509.Certificate]
) -> bool:
    """Whether the envelope around the signature has this portal's form to the byte, zeros behind it.

    A PDF's digest leaves the envelope out; one that differs anywhere has been touched, though no reader would mind.
    """
    known = [root.public_bytes(Encoding.DER) for root in roots]
    serial = signer["sid"].chosen["serial_number"].native
    carried = [choice.chosen for choice in signed["certificates"]]
    certificate = next(c for c in carried if c.serial_number == serial)
    if any(c.dump() not in known for c in carried if c is not certificate):
        return False
    written = _envelope(certificate, carried, signer).dump()
    return contents.startswith(written) and not any(contents[len(written) :])


def _envelope(
    certificate: asn1_x509.Certificate, carried: list[asn1_x509.Certificate], signer: cms.SignerInfo
) -> cms.ContentInfo:
    algorithm = {"algorithm": "sha256"}
    identity = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    only_signer = {
        "version": "v1",
        "sid": {"issuer_and_serial_number": identity},
        "digest_algorithm": algorithm,
        "signature_algorithm": {"algorithm": "sha256_ecdsa"},
        "signed_attrs": signer["signed_attrs"],
        "signature": signer["signature"].native,
    }
    content = {
        "version": "v1",
        "encap_content_info": {"content_type": "data"},
        "digest_algorithms": [algorithm],
        "certificates": carried,
        "signer_infos": [cms.SignerInfo(only_signer)],
    }
    return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(content)})


def _is_sound(signer: cms.SignerInfo, certificate: x509.Certificate, digest: bytes) -> bool:
    """Whether the certificate's key signed these bytes (ECDSA with SHA-256, the only kind this portal makes)."""
    attributes = {attribute["type"].native: attribute["values"] for attribute in signer["signed_attrs"]}
    key = certificate.public_key()
    if attributes["message_digest"][0].native != digest or not isinstance(key, ec.EllipticCurvePublicKey):
        return False
    try:
        key.verify(signer["signature"].native, signer["signed_attrs"].untag().dump(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def _is_issued(certificate: x509.Certificate, root: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(root)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True
