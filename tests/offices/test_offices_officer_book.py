"""Officers of a district from one workbook: what it asks, what it refuses by cell, and the slips of exactly those."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pypdfium2
import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from core.clock import now
from core.workbooks.lists import SHEET
from documents.slips import print_slips
from offices.choices import Post
from offices.models import Officer, Posting
from offices.slips import Slip
from tests.core.factories_lists import as_upload, changed, filled_list
from tests.factories import Tree, make_head, make_officer, make_tree
from tests.offices.test_offices_officers import slip_words

pytestmark = pytest.mark.django_db
HERE = "/officers/workbook/lalmonirhat/"
HATIBANDHA = "উপজেলা সমবায় কার্যালয়, hatibandha (বাংলা) (hatibandha)"
UO, AI = "উপজেলা সমবায় অফিসার", "সহকারী পরিদর্শক"
RAHIM = [HATIBANDHA, UO, "আব্দুর রহিম", "Abdur Rahim", "uo.hatibandha", "০১৭১২৩৪৫৬৭৮", "০১/০৭/২০২৬", None]
KARIM = ["patgram", AI, "আব্দুল করিম", "Abdul Karim", "ai.patgram", "01700000000", "1-7-2026", "না"]


@pytest.fixture
def tree() -> Tree:
    return make_tree()


@pytest.fixture
def superior(tree: Tree, client: Client) -> Client:
    """The district officer's browser, in English."""
    client.force_login(make_head(tree.district))
    client.cookies["django_language"] = "en"
    return client


def template(client: Client) -> bytes:
    return client.get(f"{HERE}file/").content


def sent(client: Client, *rows: Sequence[object]) -> HttpResponse:
    return post(client, filled_list(template(client), rows))


def post(client: Client, content: bytes) -> HttpResponse:
    return client.post(HERE, {"file": as_upload(content)})  # type: ignore[return-value]


def consent_of(answer: HttpResponse) -> dict[str, str]:
    (sealed,) = re.findall(r'name="list" value="([^"]+)"', answer.content.decode())
    return {"list": sealed}


def test_nothing_is_made_before_consent_and_then_slips_of_exactly_those(superior: Client) -> None:
    before = Officer.objects.count()
    preview = sent(superior, RAHIM, KARIM)
    page = preview.content.decode()
    assert preview.status_code == 200 and "আব্দুর রহিম" in page and "ai.patgram" in page
    assert Officer.objects.count() == before
    answer = superior.post(HERE, consent_of(preview))
    assert answer["Cache-Control"] == "no-store"
    words = slip_words(answer.content.decode())
    assert "uo.hatibandha" in words and "ai.patgram" in words
    passwords = re.findall(r"\b[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}\b", words)
    assert len(passwords) == 2 and Officer.objects.count() == before + 2
    made = Officer.objects.get(username="ai.patgram")
    assert made.must_change_password and made.check_password(passwords[1]) and made.phone == "01700000000"
    assert set(Posting.objects.filter(officer__in=[made]).values_list("office__code", "post", "is_acting")) == {
        ("patgram", Post.ASSISTANT_INSPECTOR, False)
    }


def test_the_same_consent_twice_makes_no_second_account_and_says_what_to_do(superior: Client) -> None:
    consent = consent_of(sent(superior, RAHIM))
    superior.post(HERE, consent)
    count = Officer.objects.count()
    again = superior.post(HERE, consent)
    assert again.status_code == 422 and Officer.objects.count() == count
    assert "a moment ago by the same consent" in again.content.decode()


@pytest.mark.parametrize(
    ("change", "place", "words"),
    [
        ({0: "balaganj"}, "A4", "none of the offices"),
        ({1: "জেলা সমবায় অফিসার"}, "B4", "Choose a word from the list"),
        ({1: "রাজা"}, "B4", "Choose a word from the list"),
        ({2: None}, "C4", "required"),
        ({4: "রহিম"}, "E4", "cannot be a log-in name"),
        ({4: "AI.PATGRAM "}, "E4", "stands in two rows"),
        ({4: "seated"}, "E4", "is taken"),
        ({6: "কাল"}, "G4", "not a date"),
        ({7: "হয়তো"}, "H4", "Choose a word from the list"),
        ({0: "aditmari"}, "B4", "holds this post"),
    ],
)
def test_a_wrong_row_is_named_by_its_cell_and_no_account_is_made(
    superior: Client, tree: Tree, change: dict[int, Any], place: str, words: str
) -> None:
    make_officer(Post.UPAZILA_OFFICER, tree.third, username="seated")
    before = Officer.objects.count()
    row = [change.get(number, text) for number, text in enumerate(RAHIM)]
    answer = sent(superior, row, KARIM)
    page = answer.content.decode()
    assert answer.status_code == 422 and Officer.objects.count() == before
    assert f"<strong>{place}</strong>" in page and words in page, page
    assert 'name="list"' not in page


def test_a_seat_taken_between_preview_and_consent_refuses_the_whole_list(superior: Client, tree: Tree) -> None:
    preview = sent(superior, RAHIM, KARIM)
    make_officer(Post.UPAZILA_OFFICER, tree.upazila, username="quicker")
    before = Officer.objects.count()
    answer = superior.post(HERE, consent_of(preview))
    assert answer.status_code == 422 and "quicker" in answer.content.decode()
    assert Officer.objects.count() == before


def test_two_heads_of_one_office_are_refused_and_an_acting_one_is_not(superior: Client, tree: Tree) -> None:
    second = [*RAHIM[:4], "uo2.hatibandha", *RAHIM[5:]]
    assert "Two rows give the same office a head" in sent(superior, RAHIM, second).content.decode()
    make_officer(Post.UPAZILA_OFFICER, tree.upazila)
    assert sent(superior, [*RAHIM[:7], "হ্যাঁ"]).status_code == 200


def other_district(book: Any) -> None:
    book["_portal"]["B2"].value = "sylhet"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (other_district, "hidden sheet"),
        (lambda book: setattr(book[SHEET]["E4"], "value", "=A1"), "formula"),
        (lambda book: book[SHEET].merge_cells("A4:B4"), "merged"),
        (lambda book: setattr(book.create_sheet("গোপন"), "sheet_state", "hidden"), "hidden sheet"),
        (lambda book: setattr(book[SHEET]["B3"], "value", "Rank"), "heads may not change"),
        (lambda book: None, "no filled row"),
    ],
)
def test_a_workbook_that_is_not_ours_is_refused_in_words(superior: Client, change: Any, words: str) -> None:
    answer = post(superior, changed(template(superior), change))
    assert answer.status_code == 422 and words in answer.content.decode()


def test_the_workbook_of_another_district_is_refused(superior: Client, tree: Tree) -> None:
    admin = Client()
    admin.force_login(make_officer(Post.SYSTEM_ADMIN, tree.department))
    theirs = filled_list(admin.get("/officers/workbook/sylhet/file/").content, [RAHIM])
    assert "made for another office: sylhet" in post(superior, theirs).content.decode()
    assert superior.get("/officers/workbook/sylhet/").status_code == 404
    assert superior.post(HERE, {"list": "forged"}).status_code == 422


def test_the_template_offers_only_offices_in_reach(superior: Client) -> None:
    from io import BytesIO

    book = load_workbook(BytesIO(template(superior)))
    words = [cell.value for cell in book["_words"]["A"]]
    assert [word.rsplit("(")[-1] for word in words] == ["hatibandha)", "patgram)", "aditmari)"]
    assert (
        book[SHEET].protection.sheet and not book[SHEET]["A4"].protection.locked and book[SHEET]["A3"].protection.locked
    )


def test_judging_asks_no_more_for_more_rows(superior: Client) -> None:
    def queries(*rows: Sequence[object]) -> int:
        content = filled_list(template(superior), rows)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            post(superior, content)
        return len(asked)

    queries(KARIM)
    assert queries(RAHIM) == queries(KARIM, RAHIM, [*KARIM[:4], "ai2.patgram", *KARIM[5:]])


def test_eight_slips_stand_on_a_page() -> None:
    def pages(count: int) -> int:
        office = "উপজেলা সমবায় কার্যালয়, লালমনিরহাট সদর"
        slips = [Slip("মোহাম্মদ আব্দুর রহিম", UO, office, f"uo.{number}", "word") for number in range(count)]
        return len(pypdfium2.PdfDocument(print_slips(slips, "নাসরিন আক্তার", now())))

    assert (pages(8), pages(9)) == (1, 2)
