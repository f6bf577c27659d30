"""The verdict on a file, from its bytes and the root's certificate alone, whatever was done to it."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from documents.boxes import signature_boxes
from documents.signatures import SigningOrderError, next_field, prepare_pdf, seal_pdf
from documents.verdicts import Outcome, Reason, Verdict
from documents.verification import MOST_BYTES, verify_pdf
from tests.documents.factories_documents_signing import (
    AT,
    CODE,
    Hand,
    make_hand,
    make_signer,
    plain_pdf,
    sealed_pdf,
    signed_by,
    signed_pdf,
)

HAND = make_hand()
SIGNED = signed_pdf(HAND)


def verdict_on(data: bytes, hand: Hand = HAND) -> Verdict:
    return verify_pdf(data, ca_pem=hand.ca)


def rewritten(data: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(data)) as pdf:
        change(pdf)
        pdf.save(out)
    return out.getvalue()


def appended(data: bytes, key: str = "/Note") -> bytes:
    """The file with an honest-looking revision after its end."""
    writer = IncrementalPdfFileWriter(BytesIO(data))
    writer.root[key] = pdf_name("/Changed")
    writer.update_root()
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_signed_paper_is_valid_and_says_who_signed_when_and_in_which_post() -> None:
    verdict = verdict_on(SIGNED)
    assert verdict.why is Reason.SOUND
    assert (verdict.intact, verdict.trusted) == (True, True)
    assert [s.is_seal for s in verdict.signatures] == [True, False, False]
    lower, upper = verdict.signers
    assert (lower.name, lower.at) == ("মোঃ রহিম উদ্দিন", AT)
    assert (upper.name, upper.at) == ("সালমা বেগম", AT + timedelta(hours=2))
    assert lower.office == "জেলা সমবায় কার্যালয়, লালমনিরহাট"
    assert "demo and pilot" in lower.as_json()["trust"]  # type: ignore[operator]
    assert (verdict.document.code, verdict.document.title) == (CODE, "বার্ষিক কর্মসম্পাদন চুক্তি")


def test_a_paper_without_places_for_officers_is_valid_under_the_seal_alone() -> None:
    data, _places = plain_pdf()
    verdict = verdict_on(seal_pdf(prepare_pdf(data, []), HAND.seal, at=AT))
    assert verdict.why is Reason.SOUND
    assert verdict.signers == ()


def test_every_single_altered_byte_under_the_signatures_is_noticed() -> None:
    rng = random.Random(7)  # noqa: S311 (the same places each time)
    holes = [match.span(1) for match in re.finditer(rb"/Contents <([0-9a-fA-F]+)>", SIGNED)]
    assert len(holes) == 3
    places = rng.sample(range(len(SIGNED)), 60) + [place for hole in holes for place in rng.sample(range(*hole), 60)]
    for place in places:
        for flip in (0x01, 0x20):
            changed = bytearray(SIGNED)
            changed[place] ^= flip
            assert not verdict_on(bytes(changed)).is_valid, (place, flip)


def test_a_flipped_byte_in_the_text_is_called_an_alteration() -> None:
    changed = bytearray(SIGNED)
    changed[3000] ^= 0x01
    verdict = verdict_on(bytes(changed))
    assert (verdict.verdict, verdict.why, verdict.intact) == (Outcome.INVALID, Reason.ALTERED, False)


def test_a_revision_after_the_last_signature_is_invalid() -> None:
    assert verdict_on(appended(SIGNED)).why is Reason.APPENDED
    assert verdict_on(SIGNED + b"\n%%EOF\n").why is Reason.APPENDED
    assert verdict_on(SIGNED + b"junk").why is Reason.APPENDED


def test_a_change_slipped_in_between_two_genuine_signatures_is_invalid() -> None:
    lower = signed_by(sealed_pdf(HAND), "lower", HAND.lower, HAND)
    forged = signed_by(appended(lower), "upper", HAND.upper, HAND)
    verdict = verdict_on(forged)
    assert (verdict.why, verdict.intact) == (Reason.FORBIDDEN_CHANGE, False)


def test_a_page_added_by_a_rewrite_is_invalid() -> None:
    def add_page(pdf: pikepdf.Pdf) -> None:
        pdf.pages.append(pdf.pages[0])

    assert verdict_on(rewritten(SIGNED, add_page)).verdict is Outcome.INVALID


def test_a_page_added_before_a_genuine_signature_is_invalid() -> None:
    sealed = sealed_pdf(HAND)
    writer = IncrementalPdfFileWriter(BytesIO(sealed))
    with pikepdf.open(BytesIO(plain_pdf()[0])) as other:
        out = BytesIO()
        other.save(out)
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.pdf_utils.writer import PageObject

    drawn = writer.import_page_as_xobject(PdfFileReader(BytesIO(out.getvalue())))
    writer.insert_page(PageObject(contents=drawn, media_box=(0, 0, 595, 842)))
    grown = BytesIO()
    writer.write(grown)
    lower = signed_by(grown.getvalue(), "lower", HAND.lower, HAND)
    assert verdict_on(signed_by(lower, "upper", HAND.upper, HAND)).why is Reason.FORBIDDEN_CHANGE


def test_a_removed_signature_is_never_valid() -> None:
    def remove_last(pdf: pikepdf.Pdf) -> None:
        fields = pdf.Root.AcroForm.Fields
        del fields[len(fields) - 1]
        annotations = pdf.pages[1].obj.Annots
        del annotations[len(annotations) - 1]

    assert verdict_on(rewritten(SIGNED, remove_last)).verdict is Outcome.INVALID
    earlier = signed_by(sealed_pdf(HAND), "lower", HAND.lower, HAND)
    verdict = verdict_on(earlier)
    assert (verdict.verdict, verdict.why) == (Outcome.UNKNOWN, Reason.UNFINISHED)
    assert [s.name for s in verdict.signers] == ["মোঃ রহিম উদ্দিন"]


def test_a_file_cut_short_is_never_valid() -> None:
    for kept in range(0, len(SIGNED), len(SIGNED) // 40):
        assert not verdict_on(SIGNED[:kept]).is_valid
    assert verdict_on(SIGNED[:-500]).why is Reason.CUT
    third = [match.start() for match in re.finditer(rb"/ByteRange", SIGNED)][2]
    assert verdict_on(SIGNED[: third - 200]).why is Reason.CUT  # in the last revision, before its signature


def test_a_look_alike_authority_with_the_same_names_is_called_an_imitation() -> None:
    verdict = verdict_on(signed_pdf(make_hand()))
    assert (verdict.verdict, verdict.why, verdict.trusted) == (Outcome.INVALID, Reason.IMITATED, False)


def test_a_signature_of_a_stranger_among_genuine_ones_is_invalid() -> None:
    lower = signed_by(sealed_pdf(HAND), "lower", HAND.lower, HAND)
    stranger = make_hand()
    assert verdict_on(signed_by(lower, "upper", stranger.upper, stranger)).why is Reason.MIXED


def test_a_genuine_officer_cannot_pass_off_a_paper_without_the_portals_seal() -> None:
    data, places = plain_pdf()
    unsealed = seal_pdf(prepare_pdf(data, signature_boxes(places)), HAND.lower, at=AT)
    lower = signed_by(unsealed, "lower", HAND.lower, HAND)
    assert verdict_on(signed_by(lower, "upper", HAND.upper, HAND)).why is Reason.NOT_SEALED


def test_a_certificate_not_in_force_at_the_time_of_signing_is_invalid() -> None:
    early = make_signer(HAND.root, starts_at=AT + timedelta(days=30))
    lower = signed_by(sealed_pdf(HAND), "lower", early, HAND)
    assert verdict_on(signed_by(lower, "upper", HAND.upper, HAND)).why is Reason.OUT_OF_DATE


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", Reason.NOTHING),
        (b"not a PDF at all", Reason.NOT_PDF),
        (os.urandom(4000), Reason.NOT_PDF),
        (b"%PDF-1.7\n" + os.urandom(4000), Reason.BROKEN),
        (b"%PDF-1.7\n%%EOF", Reason.UNSIGNED),
        (b"%PDF-1.7\n/ByteRange [0 1 2 3]\n%%EOF", Reason.ALTERED),
        (plain_pdf()[0], Reason.UNSIGNED),
    ],
)
def test_other_files_get_an_answer(data: bytes, why: Reason) -> None:
    verdict = verdict_on(data)
    assert verdict.why is why
    assert not verdict.is_valid


def test_an_encrypted_file_is_unknown() -> None:
    out = BytesIO()
    with pikepdf.open(BytesIO(plain_pdf()[0])) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    assert verdict_on(out.getvalue()).why is Reason.ENCRYPTED


def test_fifty_megabytes_are_refused_without_being_read() -> None:
    junk = b"%PDF-1.7\n" + b"/ByteRange [0 1 2 3]" * 2_500_000
    assert len(junk) > MOST_BYTES
    started = time.perf_counter()
    assert verdict_on(junk).why is Reason.TOO_LARGE
    assert time.perf_counter() - started < 0.5


def test_a_file_made_to_keep_the_verifier_busy_is_answered_soon() -> None:
    envelope = b"<" + b"30" * 5_000_000 + b">"
    ranges = b"".join(b"/ByteRange [0 9 %d %d]\n" % (9 + len(envelope), n) for n in range(3000))
    started = time.perf_counter()
    assert not verdict_on(b"%PDF-1.7\n" + envelope + ranges + b"%%EOF").is_valid
    assert time.perf_counter() - started < 1


@settings(max_examples=60, deadline=None)
@given(cut=st.integers(0, len(SIGNED)), junk=st.binary(max_size=40), back=st.integers(0, 400))
def test_no_splice_of_a_signed_file_is_valid_or_raises(cut: int, junk: bytes, back: int) -> None:
    spliced = SIGNED[:cut] + junk + SIGNED[max(0, cut - back) :]
    assert spliced == SIGNED or not verdict_on(spliced).is_valid


def test_the_order_of_signing_is_kept() -> None:
    data, places = plain_pdf()
    prepared = prepare_pdf(data, signature_boxes(places))
    assert next_field(prepared) is None
    with pytest.raises(SigningOrderError):
        signed_by(prepared, "lower", HAND.lower, HAND)
    sealed = seal_pdf(prepared, HAND.seal, at=AT)
    with pytest.raises(SigningOrderError):
        signed_by(sealed, "upper", HAND.upper, HAND)
    with pytest.raises(SigningOrderError):
        seal_pdf(sealed, HAND.seal, at=AT)
    lower = signed_by(sealed, "lower", HAND.lower, HAND)
    assert next_field(lower) == "upper"
    with pytest.raises(SigningOrderError):
        signed_by(lower, "lower", HAND.lower, HAND)
    assert next_field(SIGNED) is None


def test_each_step_only_appends() -> None:
    sealed = sealed_pdf(HAND)
    lower = signed_by(sealed, "lower", HAND.lower, HAND)
    assert lower.startswith(sealed)
    assert signed_by(lower, "upper", HAND.upper, HAND).startswith(lower)


def test_the_signed_paper_keeps_its_data_and_its_archive_mark() -> None:
    with pikepdf.open(BytesIO(SIGNED)) as pdf:
        assert pdf.open_metadata().pdfa_status == "3U"
        assert pdf.attachments["data.json"].get_file().read_bytes() == b'{"marks": 70}'
        fields = pdf.Root.AcroForm.Fields
        assert [str(field.T) for field in fields] == ["portal-seal", "lower", "upper"]
        assert all("/N" in field.AP for field in fields[1:])


def test_fields_stand_where_the_layout_left_room() -> None:
    _data, places = plain_pdf()
    with pikepdf.open(BytesIO(SIGNED)) as pdf:
        lower = pdf.Root.AcroForm.Fields[1]
        assert lower.P.objgen == pdf.pages[1].obj.objgen
        wanted = places["sign-lower"]
        corners = [wanted["left"], wanted["bottom"], wanted["right"], wanted["top"]]
        assert all(abs(float(a) - b) <= 1 for a, b in zip(lower.Rect, corners, strict=True))


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="pdfsig (poppler-utils) is not installed")
def test_another_reader_accepts_the_signatures_too(tmp_path: Path) -> None:
    path = tmp_path / "signed.pdf"
    path.write_bytes(SIGNED)
    done = subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True, check=True)
    said = done.stdout.decode(errors="replace")  # pdfsig cuts long names in the middle of a letter
    assert said.count("Signature is Valid.") == 3
    assert said.count("ETSI.CAdES.detached") == 3
    assert said.count("Total document signed") == 1
