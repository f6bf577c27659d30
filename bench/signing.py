"""How long the seal with two visible signatures takes, with opening both keys; and verifying the file."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from documents.authority import Authority, Holder, ca_pem, issue_certificate, make_root, make_seal, read_holder
from documents.boxes import signature_boxes
from documents.engine import render_pdf
from documents.keybox import lock_key, new_passphrase, open_key
from documents.registry import Attachment
from documents.signatures import box_size, prepare_pdf, seal_pdf, sign_pdf
from documents.stamps import draw_stamp
from documents.verification import verify_pdf

ROUNDS = 5
PAGES = 20
AT = datetime(2023, 7, 5, 4, 30, tzinfo=UTC)
SECRET = b"b" * 32
HOLDER = Holder(
    name_bn="মোঃ আব্দুল্লাহ আল মামুন চৌধুরী",
    name_en="Md Abdullah Al Mamun Chowdhury",
    post_bn="জেলা সমবায় অফিসার",
    post_en="District cooperative officer",
    office_bn="জেলা সমবায় কার্যালয়, লালমনিরহাট",
    office_en="District Cooperative Office, Lalmonirhat",
    reference="bench",
)


class Party:
    """An officer's certificate with its closed key, as the database holds them."""

    def __init__(self, root: Authority) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        ends_at = AT + timedelta(days=700)
        self.certificate = issue_certificate(root, HOLDER, key.public_key(), starts_at=AT, ends_at=ends_at)
        self.passphrase = new_passphrase()
        self.box = lock_key(key, self.passphrase, secret=SECRET, bound_to="bench")

    def open(self) -> Authority:
        return Authority(self.certificate, open_key(self.box, self.passphrase, secret=SECRET, bound_to="bench"))


def paper() -> tuple[bytes, dict[str, Any]]:
    """Twenty pages of Bangla tables with data attached and two places to sign, as large as an agreement."""
    row = "<tr>" + "<td>জেলা সমবায় কার্যালয়ের বার্ষিক লক্ষ্যমাত্রা ১২৩</td>" * 4 + "</tr>"
    page = f'<table style="break-after: page; width: 100%">{row * 24}</table>'
    sign = "".join(f'<div id="sign-{field}" style="width: 70mm; height: 34mm"></div>' for field in ("lower", "upper"))
    carried = Attachment(name="data.json", content=b'{"targets": [' + b"1," * 5000 + b"1]}")
    rendered = render_pdf(
        f'<html lang="bn"><body>{page * (PAGES - 1)}{sign}</body></html>', at=AT, attachments=[carried]
    )
    return rendered.data, {name: asdict(box) for name, box in rendered.boxes.items()}


def seal_and_sign(data: bytes, places: dict[str, Any], root: Authority, seal: Authority, parties: list[Party]) -> bytes:
    """What the portal does from the finished paper to the signed one."""
    signed = seal_pdf(prepare_pdf(data, signature_boxes(places)), seal, at=AT)
    for field, party in zip(("lower", "upper"), parties, strict=True):
        signer = party.open()
        width, height = box_size(signed, field)
        stamp = draw_stamp(read_holder(signer.certificate), width=width, height=height, at=AT)
        signed = sign_pdf(signed, field, signer, chain=root, stamp=stamp, at=AT)
    return signed


def _median_ms(act: Callable[[], object]) -> float:
    act()
    rounds = []
    for _round in range(ROUNDS):
        begun = time.perf_counter()
        act()
        rounds.append((time.perf_counter() - begun) * 1000)
    return round(statistics.median(rounds), 1)


def run() -> dict[str, Any]:
    """Milliseconds, warm, median of five."""
    root = make_root()
    seal, parties = make_seal(root), [Party(root), Party(root)]
    data, places = paper()
    signed = seal_and_sign(data, places, root, seal, parties)
    if not verify_pdf(signed, ca_pem=ca_pem(root)).is_valid:
        raise RuntimeError("the signed paper is not valid")
    return {
        "seal and two visible signatures, ms": _median_ms(lambda: seal_and_sign(data, places, root, seal, parties)),
        "of that, opening one key, ms": _median_ms(parties[0].open),
        "verification, ms": _median_ms(lambda: verify_pdf(signed, ca_pem=ca_pem(root))),
        "size of the signed paper, KB": len(signed) // 1024,
    }
