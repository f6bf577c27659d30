"""The quarterly return of an office: its page, its paper, its spreadsheet; annex 1 and the indicators' progress."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from http import HTTPStatus
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from contracts.models import AgreementLine
from contracts.progress import percent_of, progress_of
from contracts.services import write_achievement
from core.errors import UserError
from core.periods import Period
from documents.digest import data_hash_of
from documents.engine import render_paper
from documents.models import Document
from documents.registry import Paper, build_paper
from documents.rendering import render_html
from documents.services import request_document
from offices.choices import Post
from reports.papers import QUARTER
from reports.quarter import quarter_before, report_of
from returns import services
from societies.choices import EventKind
from societies.services import change_status
from tests.contracts.factories_contracts import make_agreed_agreement, make_preparer
from tests.factories import make_officer
from tests.reports.test_reports_tables import table
from tests.returns.factories_papers import settle
from tests.returns.factories_returns import AUGUST, JULY, World, after, fill, make_world, on
from tests.societies.factories_societies import make_society

pytestmark = pytest.mark.django_db
SEPTEMBER = AUGUST.next()
Q1 = Period.parse("2023-24-Q1")
ARGUMENTS = {"office": "lalmonirhat", "period": "2023-24-Q1"}
HERE = "/quarters/lalmonirhat/2023-24-Q1/"


def month(world: World, period: Period, **amounts: int) -> None:
    """A month of the upazila entered, answered, submitted and verified."""
    ret = services.open_return(world.upazila, period, by=world.clerk, at=after(period))
    fill(ret, by=world.clerk, at=after(period), **amounts)
    settle(ret, by=world.clerk)
    services.submit_return(ret, by=world.officer, at=after(period))
    services.verify_return(ret, by=world.district_officer, at=after(period, 4))


@pytest.fixture
def world(clock: Any) -> World:
    """Two societies of a class and one of another; a quarter in which motivation meetings were held each month."""
    clock(after(SEPTEMBER, 10))
    world = make_world()
    for number, code in enumerate(("21", "21", "08")):
        society = make_society(
            world.upazila, reg_on=date(2023, 7, 5), by=world.officer, class_code=code, name_bn=f"সমিতি {number}"
        )
    for n, period in enumerate((JULY, AUGUST, SEPTEMBER), start=1):
        if period == SEPTEMBER:
            change_status(
                society=society,
                kind=EventKind.MADE_NON_FUNCTIONAL,
                on=date(2023, 9, 9),
                by=world.officer,
                at=on(2023, 9, 9),
            )
        month(world, period, B03=n, A13=n)
    return world


def paper() -> Paper:
    return build_paper(QUARTER, ARGUMENTS)


def plain(paper: Paper) -> str:
    return re.sub(r"<[^>]+>", " ", render_html(paper, code="0" * 16).partition("</head>")[2])


def test_the_page_walks_from_the_quarter_to_its_months(world: World, client: Client) -> None:
    client.force_login(world.district_officer)
    page = client.get(HERE).content.decode()
    for period in (JULY, AUGUST, SEPTEMBER):
        assert reverse("returns:month_cell", args=["lalmonirhat", period, "B03"]) in page
        assert reverse("returns:month", args=["lalmonirhat", period]) in page
    assert re.search(r"<strong>৬</strong>", page), "1 + 2 + 3"
    assert "তিন মাসের প্রতিটি রিটার্ন" in page


def test_societies_by_class_come_to_the_lines(world: World) -> None:
    report = report_of(world.tree.district, Q1, at=after(SEPTEMBER, 10))
    rows = {row.code: (row.functional, row.non_functional, row.total) for row in report.classes.rows}
    assert rows == {"08": (0, 1, 1), "21": (2, 0, 2)}
    assert {one.code: (one.listed, one.stated) for one in report.beside} == {
        "ক০৮": (2, 2),
        "ক০৯": (1, 1),
        "ক১০": (0, 0),
    }
    july = report_of(world.tree.district, Q1, at=after(JULY, 10))
    assert [row.functional for row in july.classes.rows] == [0, 2], "as known by the newest month that is in"


def test_indicators_tell_the_year_up_to_the_quarters_end(world: World) -> None:
    assert report_of(world.tree.district, Q1, at=after(SEPTEMBER, 10)).progress is None
    agreement = make_agreed_agreement(world.tree, lower=world.district_officer, superior=world.joint_registrar)
    month(world, SEPTEMBER.next(), A13=1000)
    line = AgreementLine.objects.get(agreement=agreement, code="1.1.1")
    found = report_of(world.tree.district, Q1, at=after(SEPTEMBER, 10)).progress
    assert found is not None
    (row,) = [one for one in found.rows if one.line == line]
    assert row.achieved.value == 6 and row.target == line.targets[0], "October is not in the first quarter"
    assert line.targets[0] and row.percent == 100 * Fraction(6) / line.targets[0]
    later = progress_of(world.tree.district, SEPTEMBER.next(), at=after(SEPTEMBER.next(), 10))
    assert later and {one.line.code: one.achieved.value for one in later.rows}["1.1.1"] == 1006
    down = AgreementLine(value_type="count", target_1="1", target_2="5")
    assert percent_of(down, Fraction(1), Fraction(4)) is None, "where less is better there is no per cent"


def test_the_paper_says_everything_in_words_that_are_found(world: World) -> None:
    make_agreed_agreement(world.tree, lower=world.district_officer, superior=world.joint_registrar)
    made = paper()
    wanted = set(re.findall(r"[\u0980-\u09ff\u200c\u200d]+", plain(made)))
    pages = pypdfium2.PdfDocument(render_paper(made, code="0" * 16).data)
    text = "\n".join(one.get_textpage().get_text_range() for one in pages)
    missed = {word for word in wanted if word not in text}
    assert len(missed) <= 0.005 * len(wanted), missed
    assert "পৃষ্ঠা ১ /" in text and "সেপ্টেম্বর ২০২৩" in made.completeness_bn
    for group in re.findall(r"<colgroup>(.*?)</colgroup>", render_html(made, code="0" * 16)):
        assert sum(map(float, re.findall(r"width: ([\d.]+)%", group))) == pytest.approx(100, abs=0.001)


def test_what_later_months_bring_makes_no_new_paper_of_the_quarter(world: World) -> None:
    agreement = make_agreed_agreement(world.tree, lower=world.district_officer, superior=world.joint_registrar)

    def asked(day: int) -> Document:
        at = after(SEPTEMBER, day)
        return request_document(kind=QUARTER, arguments=ARGUMENTS, by=world.district_officer, at=at)

    first = asked(10)
    month(world, SEPTEMBER.next(), A13=9)
    assert asked(11) == first, "unchanged: not rendered again"
    line = next(
        line for line in agreement.lines.order_by("position") if line.feed is None and line.value_type == "count"
    )
    preparer = make_preparer(world.tree)
    write_achievement(line=line, value="1", reason="প্রতিবেদন।", by=preparer, at=after(SEPTEMBER, 12))
    assert asked(13).supersedes == first


def test_a_quarter_with_a_gap_says_of_how_many_months_it_is(clock: Any, client: Client) -> None:
    clock(after(SEPTEMBER, 10))
    world = make_world()
    with pytest.raises(UserError):
        paper()
    month(world, JULY, B03=4)
    made = paper()
    assert "যোগফল ১ মাসের" in plain(made) and "আগস্ট ২০২৩: ১টি কার্যালয়ের একটিরও" in made.completeness_bn
    client.force_login(world.district_officer)
    page = client.get(HERE).content.decode()
    assert "১ মাসের" in page and "notice--warn" in page


def test_the_last_quarter_that_is_over_is_one_step_from_home(world: World, client: Client) -> None:
    assert quarter_before(after(SEPTEMBER, 10)) == Q1
    for officer in (world.officer, world.district_officer):
        client.force_login(officer)
        assert reverse("reports:quarters") in client.get("/").content.decode()
        office = officer.current_postings[0].office
        assert client.get("/quarters/").headers["Location"] == f"/quarters/{office.code}/2023-24-Q1/"


def test_the_button_leads_to_the_paper_and_the_table_has_every_cell(world: World, client: Client) -> None:
    client.force_login(world.officer)
    here = "/quarters/hatibandha/2023-24-Q1/"
    answer = client.post(f"{here}paper/")
    assert answer.headers["Location"] == f"/documents/{Document.objects.get().code}/"
    rows = {row[0]: row for row in table(client, here)}
    assert rows["B03"][3:7] == (1, 2, 3, 6)
    assert rows["A07"][6] == 3


@pytest.mark.logs_errors("asks for what is not there")
def test_what_is_no_quarter_is_not_found(world: World, client: Client) -> None:
    client.force_login(make_officer(Post.JOINT_REGISTRAR, world.tree.division, username="another"))
    for place in ("lalmonirhat/2023-07", "lalmonirhat/2023-24-Y", "lalmonirhat/2025-26-Q1", "lalmonirhat/2020-21-Q1"):
        assert client.get(f"/quarters/{place}/").status_code == HTTPStatus.NOT_FOUND, place
    assert client.post("/quarters/lalmonirhat/2025-26-Q1/paper/").status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("societies", [1, 3])
def test_the_page_asks_a_fixed_number_of_questions(
    world: World, client: Client, societies: int, django_assert_num_queries: Any
) -> None:
    for number in range(societies):
        make_society(world.upazila, reg_on=date(2023, 8, 5), by=world.officer, class_code=f"1{number}")
    client.force_login(world.district_officer)
    client.get(HERE)
    with django_assert_num_queries(16):
        client.get(HERE)


def test_the_paper_is_the_same_in_whatever_language_it_is_asked_for(world: World) -> None:
    with translation.override("en"):
        asked_in_english = paper()
    assert data_hash_of(QUARTER, asked_in_english) == data_hash_of(QUARTER, paper())
    assert "ত্রৈমাসিক" in asked_in_english.title_bn and "quarter" in asked_in_english.title_en


def test_signatures_follow_the_last_table_and_so_never_stand_alone(world: World) -> None:
    make_agreed_agreement(world.tree, lower=world.district_officer, superior=world.joint_registrar)
    html = render_html(paper(), code="0" * 16)
    assert "“লিখিত”" in html and re.search(r'</table>\s*<table class="hand">', html)
