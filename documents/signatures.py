"""Signatures on bytes: empty fields, the portal's certification seal, then officers in order. Pure but for keys given.

Each step takes a PDF and gives a longer one that begins with the same bytes. All signatures are PAdES baseline B: no
outside time stamp and no revocation data are embedded, so the time is the portal's word and a certificate must have
been in force at that time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.content import ImportedPdfPage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, InnerScaling, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter, append_signature_field, enumerate_sig_fields
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from documents.authority import Authority
from documents.awaiting import awaited
from documents.boxes import SignatureBox
from documents.choices import SEAL_FIELD


class SigningOrderError(Exception):
    """The step does not follow: sealed twice, signed before the seal, out of order, or a field that is not there."""


def prepare_pdf(data: bytes, boxes: Sequence[SignatureBox]) -> bytes:
    """The PDF with an empty signature field at each box, in signing order; nothing is signed yet."""
    writer = IncrementalPdfFileWriter(BytesIO(data))
    append_signature_field(writer, SigFieldSpec(SEAL_FIELD))
    for box in boxes:
        append_signature_field(
            writer,
            SigFieldSpec(
                box.field,
                on_page=box.page - 1,
                box=(box.left, box.bottom, box.right, box.top),
                # PDF/A asks every visible annotation for an appearance, an empty field too.
                empty_field_appearance=True,
            ),
        )
    return _written(writer)


def seal_pdf(data: bytes, seal: Authority, *, at: datetime) -> bytes:
    """Certify a prepared PDF as the portal's own: from here on nothing but its signature fields may be filled."""
    fields = field_states(data)
    if fields.get(SEAL_FIELD) is not False or any(fields.values()):
        raise SigningOrderError(SEAL_FIELD)
    metadata = PdfSignatureMetadata(
        field_name=SEAL_FIELD,
        certify=True,
        docmdp_permissions=MDPPerm.FILL_FORMS,
        subfilter=SigSeedSubFilter.PADES,
        md_algorithm="sha256",
    )
    return _signed(data, metadata, seal, at)


def sign_pdf(data: bytes, field: str, signer: Authority, *, chain: Authority, stamp: bytes, at: datetime) -> bytes:
    """Sign one field of a sealed PDF, with ``stamp`` (a one-page PDF) drawn into its box.

    Raise `SigningOrderError` unless the seal and every earlier field are filled and this one is empty.
    """
    if next_field(data) != field:
        raise SigningOrderError(field)
    metadata = PdfSignatureMetadata(field_name=field, subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256")
    return _signed(data, metadata, signer, at, chain=chain, stamp=stamp)


def field_states(data: bytes) -> dict[str, bool]:
    """Each signature field in signing order, and whether it is filled."""
    reader = PdfFileReader(BytesIO(data))
    return {name: value is not None for name, value, _reference in enumerate_sig_fields(reader)}


def next_field(data: bytes) -> str | None:
    """The first empty field of a sealed PDF; None before the seal and when all have signed."""
    fields = field_states(data)
    if not fields.pop(SEAL_FIELD, False):
        return None
    return next((name for name, is_filled in fields.items() if not is_filled), None)


def box_size(data: bytes, field: str) -> tuple[int, int]:
    """Width and height of a field's box in points."""
    reader = PdfFileReader(BytesIO(data))
    for name, _value, reference in enumerate_sig_fields(reader):
        if name == field:
            x1, y1, x2, y2 = (float(number) for number in reference.get_object()["/Rect"])
            return round(abs(x2 - x1)), round(abs(y2 - y1))
    raise SigningOrderError(field)


class _DatedSigner(PdfSigner):
    """Signs at the instant of the act, which in a demonstration lies in the past."""

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._at = at

    def init_signing_session(self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False) -> Any:
        session = super().init_signing_session(pdf_out, existing_fields_only=existing_fields_only)
        session.system_time = self._at
        return session


class _DrawnStamp(ImportedPdfPage):
    """The first page of a PDF held in memory, as the content of a stamp."""

    def __init__(self, data: bytes) -> None:
        super().__init__(file_name="")  # type: ignore[no-untyped-call]
        self._data = data

    def render(self) -> bytes:
        drawn = self._ensure_writer.import_page_as_xobject(PdfFileReader(BytesIO(self._data)))
        self.resources.xobject["/DrawnStamp"] = drawn
        x1, y1, x2, y2 = (float(number) for number in drawn.get_object()["/BBox"])
        self.box = BoxConstraints(width=abs(x2 - x1), height=abs(y2 - y1))
        return b"/DrawnStamp Do"


def _stamp_style(stamp: bytes | None) -> StaticStampStyle | None:
    if stamp is None:
        return None
    whole_box = SimpleBoxLayoutRule(
        x_align=AxisAlignment.ALIGN_MID,
        y_align=AxisAlignment.ALIGN_MID,
        margins=Margins.uniform(0),
        inner_content_scaling=InnerScaling.STRETCH_TO_FIT,
    )
    return StaticStampStyle(
        border_width=0, background=_DrawnStamp(stamp), background_layout=whole_box, background_opacity=1.0
    )


def _signed(
    data: bytes,
    metadata: PdfSignatureMetadata,
    signer: Authority,
    at: datetime,
    *,
    chain: Authority | None = None,
    stamp: bytes | None = None,
) -> bytes:
    signing = _DatedSigner(metadata, _simple_signer(signer, chain), stamp_style=_stamp_style(stamp), at=at)
    out = BytesIO()
    writer = IncrementalPdfFileWriter(BytesIO(data))
    awaited(signing.async_sign_pdf(writer, existing_fields_only=True, output=out))
    return out.getvalue()


def _simple_signer(signer: Authority, chain: Authority | None) -> SimpleSigner:
    registry = SimpleCertificateStore()
    if chain is not None:
        registry.register(_asn1_certificate(chain))
    private = signer.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return SimpleSigner(
        signing_cert=_asn1_certificate(signer),
        signing_key=asn1_keys.PrivateKeyInfo.load(private),
        cert_registry=registry,
        embed_roots=True,
    )


def _asn1_certificate(authority: Authority) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(authority.certificate.public_bytes(serialization.Encoding.DER))


def _written(writer: IncrementalPdfFileWriter) -> bytes:
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
