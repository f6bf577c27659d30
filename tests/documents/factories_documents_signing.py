"""Papers, officers' keys and authorities for the tests of signing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.utils import encrypt
from cryptography.hazmat.primitives.asymmetric import ec
from weasyprint import HTML, Attachment

from documents.authority import Authority, Holder, issue_certificate, make_root, make_seal
from documents.boxes import signature_boxes
from documents.second_factor import code_of_step, step_of
from documents.signatures import prepare_pdf, seal_pdf, sign_pdf
from offices.models import Officer

AT = datetime(2023, 7, 5, 4, 30, tzinfo=UTC)
CODE = "7K3M9QZT7K3M9QZT"
PAGE = """<html lang="bn"><head><meta charset="utf-8"><title>বার্ষিক কর্মসম্পাদন চুক্তি</title>
<meta name="description" content="7K3M-9QZT-7K3M-9QZT">
<style>@page {size: A4} body {font: 11pt "Noto Sans Bengali", "Noto Sans"} .box {width: 240px; height: 90px}
.next {break-before: page}</style></head>
<body><h1>বার্ষিক কর্মসম্পাদন চুক্তি ২০২৩-২৪</h1><p>লালমনিরহাট</p>
<section class="next"><div class="box" id="sign-lower"></div>
<div class="box" id="sign-upper"></div></section></body></html>
"""
STAMP = """<html lang="bn"><style>@page {size: 180pt 68pt; margin: 3pt} body {font: 8pt "Noto Sans Bengali"}</style>
<p>মোঃ রহিম উদ্দিন, ০৫/০৭/২০২৩</p></html>"""


@dataclass(frozen=True)
class Hand:
    """An authority and two officers who sign under it."""

    root: Authority
    seal: Authority
    lower: Authority
    upper: Authority

    @property
    def ca(self) -> bytes:
        from documents.authority import ca_pem

        return ca_pem(self.root)


def make_holder(name_bn: str = "মোঃ রহিম উদ্দিন", name_en: str = "Md Rahim Uddin", post: str = "district") -> Holder:
    return Holder(
        name_bn=name_bn,
        name_en=name_en,
        post_bn="জেলা সমবায় কর্মকর্তা",
        post_en=post,
        office_bn="জেলা সমবায় কার্যালয়, লালমনিরহাট",
        office_en="District Cooperative Office, Lalmonirhat",
        reference="lalmonirhat/1",
    )


def make_signer(root: Authority, holder: Holder | None = None, *, starts_at: datetime = AT) -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    ends_at = starts_at + timedelta(days=730)
    return Authority(
        issue_certificate(root, holder or make_holder(), key.public_key(), starts_at=starts_at, ends_at=ends_at), key
    )


def make_hand() -> Hand:
    root = make_root()
    upper = make_holder("সালমা বেগম", "Salma Begum", "joint registrar")
    return Hand(root, make_seal(root), make_signer(root), make_signer(root, upper))


@cache
def plain_pdf() -> tuple[bytes, dict[str, Any]]:
    """A two-page PDF/A-3u with data attached, and the places its layout leaves, as the engine reports them."""
    document = HTML(string=PAGE).render()
    places = {
        name: {
            "page": number,
            "left": x1 * 0.75,
            "bottom": (page.height - y2) * 0.75,
            "right": x2 * 0.75,
            "top": (page.height - y1) * 0.75,
        }
        for number, page in enumerate(document.pages, start=1)
        for name, (x1, y1, x2, y2) in page.anchors.items()
    }
    carried = Attachment(file_obj=BytesIO(b'{"marks": 70}'), name="data.json", relationship="Data")
    data: bytes = HTML(string=PAGE).write_pdf(pdf_variant="pdf/a-3u", attachments=[carried])
    return data, places


@cache
def stamp_pdf() -> bytes:
    drawn: bytes = HTML(string=STAMP).write_pdf(pdf_variant="pdf/a-3u")
    return drawn


def sealed_pdf(hand: Hand) -> bytes:
    data, places = plain_pdf()
    return seal_pdf(prepare_pdf(data, signature_boxes(places)), hand.seal, at=AT)


def signed_by(data: bytes, field: str, signer: Authority, hand: Hand, *, at: datetime = AT) -> bytes:
    return sign_pdf(data, field, signer, chain=hand.root, stamp=stamp_pdf(), at=at)


def signed_pdf(hand: Hand) -> bytes:
    """Sealed, then signed by the lower and the upper party."""
    lower = signed_by(sealed_pdf(hand), "lower", hand.lower, hand)
    return signed_by(lower, "upper", hand.upper, hand, at=AT + timedelta(hours=2))


def make_second_factor(officer: Officer) -> str:
    """An authenticator app for the officer; returns its secret."""
    secret: str = generate_totp_secret()
    Authenticator.objects.create(user=officer, type=Authenticator.Type.TOTP, data={"secret": encrypt(secret)})
    return secret


def code_at(secret: str, at: datetime) -> str:
    return code_of_step(secret, step_of(at))
