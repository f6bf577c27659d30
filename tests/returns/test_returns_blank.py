"""The form with empty boxes: every line and box of it, nobody's figure, one paper as long as the form is the same."""

from __future__ import annotations

import re
from http import HTTPStatus

import pypdfium2
import pytest
from django.test import Client
from pytest_django import Settings

from documents.engine import render_paper
from documents.models import Document
from documents.registry import Paper, build_paper
from documents.rendering import render_html
from returns import services
from returns.models import Return
from returns.papers import BLANK
from returns.papers.blank_form import GREY, NONE, OPEN
from returns.published import catalogue_of
from tests.returns.factories_returns import AUGUST, JULY, World, after, make_world, with_a_new_line

pytestmark = pytest.mark.django_db
CODE = "7K3M9QZTABCDEFGH"


@pytest.fixture
def world(settings: Settings) -> World:
    settings.PORTAL_CLOCK = after(JULY)
    return make_world()


def blank(office: str = "hatibandha", period: str = "2023-07") -> Paper:
    return build_paper(BLANK, {"office": office, "form": "MR", "number": 1, "period": period})


def boxes(paper: Paper) -> dict[str, tuple[str, ...]]:
    return {line.code: line.boxes for section in paper.context["sections"] for line in section.lines}


def test_each_box_is_open_where_an_officer_of_the_office_enters(world: World) -> None:
    catalogue = catalogue_of(world.form, [world.upazila.kind])
    found = boxes(blank())
    assert len(found) == len(catalogue.lines)
    opened = sum(row.count(OPEN) for row in found.values())
    assert opened == len(catalogue.entered_cells(world.upazila.kind))
    assert found["ক০২"] == (OPEN, OPEN, OPEN, OPEN, GREY)
    assert found["ক০৭"] == (GREY,) * 5, "a sum is written by the portal"
    assert found["খ০৩"] == (OPEN,)
    assert found["ক১৩"] == (NONE, NONE, NONE, NONE, OPEN), "a line without parts has one box"
    assert found["ঞ০৭"] == (OPEN,), "a single scheme has one box"


def test_a_district_has_the_lines_of_its_own_doings(world: World) -> None:
    assert set(boxes(blank("lalmonirhat"))) == {
        catalogue_of(world.form).code_of(code, bangla=True)
        for code, line in catalogue_of(world.form).lines.items()
        if "district" in line.levels
    }


def test_without_a_month_office_and_month_are_lines_to_write_on(world: World) -> None:
    html = render_html(blank("rangpur-division", period=""), code=CODE)
    assert html.count('class="fill') == 2
    assert world.tree.division.name_bn not in html
    assert len(boxes(blank("rangpur-division", period=""))) == len(catalogue_of(world.form, ["upazila"]).lines)


def test_every_bangla_word_of_it_is_found_and_widths_are_whole(world: World) -> None:
    paper = blank()
    html = render_html(paper, code=CODE)
    for group in re.findall(r"<colgroup>(.*?)</colgroup>", html):
        assert sum(map(float, re.findall(r"width: ([\d.]+)%", group))) == pytest.approx(100, abs=0.001)
    wanted = set(re.findall(r"[\u0980-\u09ff\u200c\u200d]+", re.sub(r"<[^>]+>", " ", html.partition("</head>")[2])))
    pages = pypdfium2.PdfDocument(render_paper(paper, code=CODE).data)
    text = "\n".join(page.get_textpage().get_text_range() for page in pages)
    missed = {word for word in wanted if word not in text}
    assert len(missed) <= 0.005 * len(wanted), missed


def test_a_new_line_of_the_form_has_its_box_without_a_change_of_code() -> None:
    make_world(with_a_new_line())
    assert boxes(blank())["ট০৯"] == (OPEN,)


def test_it_is_asked_for_from_the_return_and_made_once(world: World) -> None:
    services.open_return(world.upazila, JULY, by=world.clerk, at=after(JULY))
    client = Client()
    client.force_login(world.clerk)
    here = "/returns/hatibandha/2023-07/"
    assert f'action="{here}blank/"' in client.get(f"{here}workbook/upload/").content.decode()
    first, again = client.post(f"{here}blank/"), client.post(f"{here}blank/")
    document = Document.objects.get(kind=BLANK)
    assert first.headers["Location"] == again.headers["Location"] == f"/documents/{document.code}/"
    assert Return.objects.count() == 1, "a form on paper opens no return"


def test_a_month_that_has_not_begun_has_no_form_to_print(world: World) -> None:
    client = Client()
    client.force_login(world.officer)
    later = f"/returns/hatibandha/{AUGUST.next()}/blank/"
    for address in (later, "/returns/hatibandha/2023-24-Q1/blank/", "/returns/hatibandha/2020-01/blank/"):
        assert client.post(address).status_code == HTTPStatus.NOT_FOUND, address
    assert client.post("/forms/MR/9/blank/").status_code == HTTPStatus.NOT_FOUND
    assert not Document.objects.exists()
