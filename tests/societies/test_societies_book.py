"""The register of a district from one workbook: whole offices, with the events as the services make them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.periods import DHAKA, Period
from core.workbooks.lists import SHEET
from offices.choices import Post
from societies.choices import EventKind
from societies.models import Society, StatusEvent
from societies.summaries import proposals
from tests.core.factories_lists import as_upload, changed, filled_list
from tests.factories import Tree, make_head, make_officer, make_tree

pytestmark = pytest.mark.django_db
HERE = "/societies/workbook/lalmonirhat/"
HATIBANDHA = "উপজেলা সমবায় কার্যালয়, hatibandha (বাংলা) (hatibandha)"
Row = list[Any]


@pytest.fixture
def tree(clock: Callable[[datetime], None]) -> Tree:
    clock(datetime(2026, 11, 3, 11, tzinfo=DHAKA))
    return make_tree()


@pytest.fixture
def keeper(tree: Tree, client: Client) -> Client:
    """The district officer's browser, in English."""
    client.force_login(make_head(tree.district))
    client.cookies["django_language"] = "en"
    return client


def row(number: str, office: object = HATIBANDHA, **changes: object) -> Row:
    facts: dict[str, object] = {
        "office": office,
        "name_bn": f"সূর্যমুখী সমবায় সমিতি {number}",
        "name_en": None,
        "reg_no": number,
        "reg_on": "১০/০৫/২০২২",
        "order_number": None,
        "tier": "প্রাথমিক",
        "sponsor": "পউবো",
        "class_code": "21",
        "union": "গড্ডিমারী",
        "ward": "৩",
        "address": None,
        "status": None,
        "status_on": None,
        "status_order": None,
        "reason": None,
    }
    return list((facts | changes).values())


def post(client: Client, content: bytes) -> HttpResponse:
    return client.post(HERE, {"file": as_upload(content)})  # type: ignore[return-value]


def sent(client: Client, *rows: Sequence[object]) -> HttpResponse:
    return post(client, filled_list(client.get(f"{HERE}file/").content, rows))


def consent_of(answer: HttpResponse) -> dict[str, str]:
    (sealed,) = re.findall(r'name="list" value="([^"]+)"', answer.content.decode())
    return {"list": sealed}


def test_societies_come_with_the_events_that_lead_to_their_status(keeper: Client, tree: Tree) -> None:
    preview = sent(
        keeper,
        row("১"),
        row("২", status="অকার্যকর", status_on=date(2024, 3, 1), status_order="স্মারক ৫"),
        row("৩", "patgram", status="নিবন্ধন বাতিল", status_on="01/02/2025", reason="দীর্ঘদিন নিষ্ক্রিয়"),
    )
    assert preview.status_code == 200 and not Society.objects.exists()
    answer = keeper.post(HERE, consent_of(preview), follow=True)
    assert "Entered into the register: 3 societies" in answer.content.decode()
    assert list(Society.objects.order_by("code").values_list("code", "status", "reg_key", "ward")) == [
        ("hatibandha.00001", "functional", "1", "৩"),
        ("hatibandha.00002", "non_functional", "2", "৩"),
        ("patgram.00001", "cancelled", "3", "৩"),
    ]
    second = StatusEvent.objects.filter(society__reg_key="2").order_by("sequence")
    assert [(event.kind, event.on, event.order_number) for event in second] == [
        (EventKind.REGISTERED, date(2022, 5, 10), ""),
        (EventKind.MADE_NON_FUNCTIONAL, date(2024, 3, 1), "স্মারক ৫"),
    ]
    figures = proposals(tree.upazila, Period.month(2024, 2))["societies.functional"]
    assert figures["BP"].amount == 2, "both functioned in February 2024"


def test_the_same_workbook_again_enters_nothing_twice(keeper: Client) -> None:
    consent = consent_of(sent(keeper, row("1"), row("2")))
    keeper.post(HERE, consent)
    assert "0 societies" in keeper.post(HERE, consent, follow=True).content.decode()
    again = sent(keeper, row("১"), row("2"), row("3"))
    assert "Agree: enter 1 society" in again.content.decode()
    keeper.post(HERE, consent_of(again))
    assert Society.objects.count() == 3


def test_an_office_with_a_wrong_row_is_left_out_whole_and_harms_no_other(keeper: Client) -> None:
    answer = sent(keeper, row("1"), row("2", reg_on="কাল"), row("3", "patgram"))
    page = answer.content.decode()
    assert answer.status_code == 422 and "<strong>E5</strong>" in page and "left out until mended" in page
    keeper.post(HERE, consent_of(answer))
    assert set(Society.objects.values_list("code", flat=True)) == {"patgram.00001"}


@pytest.mark.parametrize(
    ("changes", "place", "words"),
    [
        ({"office": "balaganj"}, "A4", "none of the offices"),
        ({"name_bn": None}, "B4", "required"),
        ({"name_bn": "গ্রামীণ ব্যাংক সমিতি"}, "B4", "Section 9"),
        ({"reg_on": "০১/০১/২০৩০"}, "E4", "lies ahead"),
        ({"tier": "উচ্চ"}, "G4", "Choose a word from the list"),
        ({"class_code": None}, "I4", "required"),
        ({"status": "অকার্যকর"}, "N4", "Write since when"),
        ({"status": "অকার্যকর", "status_on": "01/01/2020"}, "N4", "registered only after"),
        ({"status": "নিবন্ধন বাতিল", "status_on": "01/01/2024"}, "P4", "needs a reason"),
        ({"reg_no": "৭"}, "D4", "stand in two rows"),
        ({"reg_no": "8"}, "D4", "has this number"),
    ],
)
def test_a_wrong_row_is_named_by_its_cell(
    keeper: Client, tree: Tree, changes: dict[str, object], place: str, words: str
) -> None:
    keeper.post(HERE, consent_of(sent(keeper, row("8"))))
    answer = sent(keeper, row("১", **changes), row("7"))
    page = answer.content.decode()
    assert answer.status_code == 422 and f"<strong>{place}</strong>" in page and words in page, page
    assert Society.objects.count() == 1 and 'name="list"' not in page


def test_a_number_taken_between_preview_and_consent_refuses_all_that_was_shown(keeper: Client) -> None:
    slow = consent_of(sent(keeper, row("1"), row("2", "patgram")))
    keeper.post(HERE, consent_of(sent(keeper, row("2", name_bn="জোনাকি সমবায় সমিতি"))))
    answer = keeper.post(HERE, slow)
    assert answer.status_code == 422 and "জোনাকি" in answer.content.decode()
    assert Society.objects.count() == 1


def test_an_upazila_keeps_its_own_register_alone(tree: Tree) -> None:
    own = Client()
    own.force_login(make_officer(Post.ASSISTANT_INSPECTOR, tree.upazila))
    own.cookies["django_language"] = "en"
    assert own.get("/societies/workbook/hatibandha/").status_code == 200
    theirs = own.get("/societies/workbook/hatibandha/file/").content
    answer = own.post(
        "/societies/workbook/hatibandha/", {"file": as_upload(filled_list(theirs, [row("1", "patgram")]))}
    )
    assert "none of the offices" in answer.content.decode()
    assert own.get(HERE).status_code == 404


def too_long(book: Any) -> None:
    for number in range(4, 506):
        book[SHEET].cell(number, 2).value = "ক"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda book: setattr(book[SHEET]["D4"], "value", "=1+1"), "formula"),
        (lambda book: setattr(book[SHEET]["D3"], "value", "No."), "heads may not change"),
        (lambda book: book.remove(book["_portal"]), "not the workbook of this page"),
        (too_long, "more than 500 rows"),
    ],
)
def test_a_workbook_taken_apart_is_refused_in_words(keeper: Client, change: Any, words: str) -> None:
    answer = post(keeper, changed(keeper.get(f"{HERE}file/").content, change))
    assert answer.status_code == 422 and words in answer.content.decode()


def test_judging_asks_no_more_for_more_rows(keeper: Client) -> None:
    def queries(*rows: Sequence[object]) -> int:
        content = filled_list(keeper.get(f"{HERE}file/").content, rows)
        with CaptureQueriesContext(connection) as asked:
            post(keeper, content)
        return len(asked)

    queries(row("1"))
    assert queries(row("1")) == queries(row("1"), row("2", "patgram"), row("3"))
