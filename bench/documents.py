"""The agreement's paper; its seal and two visible signatures; judging the signed file."""

from __future__ import annotations

from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric import ec

from bench.suite import Calibration, Measure, bench, median_of, seconds_of
from contracts.models import Agreement
from contracts.papers import KIND
from core import clock
from documents.authority import Authority, Holder, ca_pem, issue_certificate, make_root, make_seal
from documents.boxes import signature_boxes
from documents.engine import Rendered, render_paper
from documents.registry import build_paper
from documents.signatures import box_size, next_field, prepare_pdf, seal_pdf, sign_pdf
from documents.stamps import draw_stamp
from documents.verification import verify_pdf

CODE = "7K3M9QZT7K3M9QZT"


def holder(name_bn: str, name_en: str) -> Holder:
    """An invented head of an office."""
    return Holder(
        name_bn=name_bn,
        name_en=name_en,
        post_bn="জেলা সমবায় কর্মকর্তা",
        post_en="District cooperative officer",
        office_bn="জেলা সমবায় কার্যালয়, লালমনিরহাট",
        office_en="District Cooperative Office, Lalmonirhat",
        reference="bench/1",
    )


HOLDERS = (holder("মোঃ রহিম উদ্দিন", "Md Rahim Uddin"), holder("সালমা বেগম", "Salma Begum"))


def signed(rendered: Rendered, root: Authority, seal: Authority, signers: list[Authority]) -> bytes:
    """The file sealed and signed by both parties, each with a stamp drawn for its box."""
    at = clock.now()
    data = seal_pdf(prepare_pdf(rendered.data, signature_boxes(rendered.boxes_as_json())), seal, at=at)
    for signer, who in zip(signers, HOLDERS, strict=True):
        field = next_field(data)
        assert field is not None
        width, height = box_size(data, field)
        stamp = draw_stamp(who, width=width, height=height, at=at)
        data = sign_pdf(data, field, signer, chain=root, stamp=stamp, at=at)
    return data


@bench
def agreement(calibration: Calibration) -> list[Measure]:
    """The demonstration's first agreement, from rows to verified signatures."""
    row = Agreement.objects.order_by("pk").first()
    assert row is not None, "the demonstration holds no agreement"
    paper = build_paper(KIND, {"agreement": row.pk})
    made: list[Rendered] = []
    drawing = median_of(lambda: seconds_of(lambda: made.append(render_paper(paper, code=CODE))))
    root = make_root()
    seal, starts_at = make_seal(root), clock.now() - timedelta(days=1)
    signers = []
    for who in HOLDERS:
        key = ec.generate_private_key(ec.SECP256R1())
        ends_at = starts_at + timedelta(days=365)
        certificate = issue_certificate(root, who, key.public_key(), starts_at=starts_at, ends_at=ends_at)
        signers.append(Authority(certificate, key))
    files: list[bytes] = []
    signing = median_of(lambda: seconds_of(lambda: files.append(signed(made[-1], root, seal, signers))))
    ca = ca_pem(root)
    verdict = verify_pdf(files[-1], ca_pem=ca)
    assert verdict.is_valid, verdict
    verifying = median_of(lambda: seconds_of(lambda: verify_pdf(files[-1], ca_pem=ca)))
    return [
        Measure("agreement as PDF", drawing, "s", 6),
        Measure("agreement as PDF", calibration.times(drawing), "× calibration"),
        Measure("seal and two visible signatures", signing, "s", 1),
        Measure("seal and two visible signatures", calibration.times(signing), "× calibration"),
        Measure("verification", verifying, "s", 0.3),
        Measure("verification", calibration.times(verifying), "× calibration"),
    ]
