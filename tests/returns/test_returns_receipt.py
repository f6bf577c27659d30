"""The receipt of a submission: its page, its paper with code and QR, and what a stranger learns from the code."""

from __future__ import annotations

import pypdfium2
import pytest
from django.test import Client
from pytest_django import Settings

from documents.files import read_file
from documents.models import Document
from jobs.services import run_waiting_jobs
from returns import services
from returns.models import Return
from returns.papers import RECEIPT
from returns.receipts import receipt_of
from tests.returns.factories_returns import AUGUST, World, after, fill, make_world, verified

pytestmark = pytest.mark.django_db
HERE = "/returns/hatibandha/2023-08/"


@pytest.fixture
def world(settings: Settings) -> World:
    settings.PORTAL_CLOCK = after(AUGUST)
    world = make_world()
    verified(world)
    return world


@pytest.fixture
def draft(world: World) -> Return:
    ret = services.open_return(world.upazila, AUGUST, by=world.clerk, at=after(AUGUST))
    fill(ret, by=world.clerk, at=after(AUGUST), B03=12)
    return ret


def browser(world: World, who: str = "officer") -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(getattr(world, who))
    return client


def test_submitting_leads_to_the_receipt_and_its_code_confirms_it(world: World, draft: Return) -> None:
    head = browser(world)
    assert head.get(f"{HERE}receipt/").status_code == 404, "nothing was submitted yet"
    assert head.post(f"{HERE}check/").headers["Location"] == f"{HERE}receipt/"
    run_waiting_jobs()
    document = Document.objects.get(kind=RECEIPT)
    slip = receipt_of(draft)
    assert slip and slip.submitted_by == world.officer
    page = head.get(f"{HERE}receipt/").content.decode()
    for words in (world.officer.name_en, "03/09/2023 11:00", slip.data_hash, document.printed_code, "<svg"):
        assert words in page, words
    answer = Client(headers={"cookie": "django_language=en"}).get(f"/v/{document.code}/").content.decode()
    for words in ("newest version", slip.data_hash, "03/09/2023, 11:00", "hatibandha"):
        assert words in answer, words
    assert world.officer.name_en not in answer and world.officer.name_bn not in answer, "no person behind the code"


def test_the_paper_says_who_submitted_what_and_when(world: World, draft: Return) -> None:
    browser(world).post(f"{HERE}check/")
    run_waiting_jobs()
    document = Document.objects.select_related("file").get(kind=RECEIPT)
    assert document.file and document.pages == 1
    text = pypdfium2.PdfDocument(read_file(document.file))[0].get_textpage().get_text_range()
    text = text.replace(" ", "")  # between "A" and "J" of a code the reader may see a gap as wide as a blank
    slip = receipt_of(draft)
    assert slip
    for words in (slip.data_hash[:32], slip.data_hash[32:], document.printed_code, "০৩/০৯/২০২৩", "upazila-officer"):
        assert words in text, words


def test_the_same_submission_has_one_receipt_whatever_becomes_of_it(world: World, draft: Return) -> None:
    head = browser(world)
    head.post(f"{HERE}check/")
    before = receipt_of(draft)
    services.verify_return(draft, by=world.district_officer, at=after(AUGUST, 4))
    head.post(f"{HERE}receipt/")
    after_verdict = receipt_of(draft)
    assert before and after_verdict and before.data_hash == after_verdict.data_hash
    assert Document.objects.filter(kind=RECEIPT).count() == 1


def test_a_later_submission_replaces_it_and_other_figures_have_another_hash(world: World, draft: Return) -> None:
    head = browser(world)
    head.post(f"{HERE}check/")
    first = receipt_of(draft)
    services.send_back_return(draft, reason="Look.", by=world.district_officer, at=after(AUGUST, 4))
    assert receipt_of(draft) == first, "what was submitted stays proved while it is mended"
    services.save_cells(
        draft, [services.CellChange("B03", 13, 1, "counted again")], key="z", by=world.clerk, at=after(AUGUST, 4)
    )
    head.post(f"{HERE}check/")
    run_waiting_jobs()
    second = receipt_of(draft)
    assert first and second and second.number == 2 and second.data_hash != first.data_hash
    old, new = Document.objects.filter(kind=RECEIPT).order_by("pk")
    assert new.supersedes == old
    assert (
        "newer version has replaced it"
        in Client(headers={"cookie": "django_language=en"}).get(f"/v/{old.code}/").content.decode()
    )


def test_whoever_sees_the_return_sees_the_receipt(world: World, draft: Return) -> None:
    browser(world).post(f"{HERE}check/")
    assert browser(world, "district_officer").get(f"{HERE}receipt/").status_code == 200
    assert 'receipt/">Receipt</a>' in browser(world, "district_officer").get(f"{HERE}verdict/").content.decode()
