"""The districts of the nation on paper, under their divisions, each with that division's total."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import chain

import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.errors import UserError
from documents.engine import render_paper
from documents.registry import Paper, build_paper
from documents.rendering import render_html
from offices.choices import OfficeKind, Post
from offices.models import Office
from returns import services
from returns.district_printing import NARROWEST, DistrictPanel, PanelRow, Placed, print_districts, width_of
from returns.papers import DISTRICTS, MONTH
from returns.papers.census import papers_of_month
from tests.factories import make_office, make_officer
from tests.returns.factories_papers import paper_world, printed
from tests.returns.factories_returns import JULY, World, after, baseline, fill

pytestmark = pytest.mark.django_db
CODE = "7K3M9QZTABCDEFGH"


@pytest.fixture
def world() -> World:
    """One upazila of Rangpur division verified, with figures; Sylhet division verified, with zeros."""
    world = paper_world()
    printed(world, world.upazila, world.officer, JULY)
    verified_elsewhere(world, world.tree.foreign_upazila, world.tree.foreign_district)
    return world


def verified_elsewhere(world: World, upazila: Office, district: Office) -> None:
    """A month of another district's upazila, entered by its officer and verified by its district."""
    officer, superior = make_officer(Post.UPAZILA_OFFICER, upazila), make_officer(Post.DISTRICT_OFFICER, district)
    baseline(world, upazila, by=officer, verified_by=superior)
    ret = services.open_return(upazila, JULY, by=officer, at=after(JULY))
    fill(ret, by=officer, at=after(JULY))
    services.submit_return(ret, by=officer, at=after(JULY))
    services.verify_return(ret, by=superior, at=after(JULY, 4))


def district_beside(world: World, number: int) -> None:
    """Another district of Sylhet division with a verified upazila."""
    district = make_office(f"district-{number}", OfficeKind.DISTRICT, world.tree.foreign_division)
    verified_elsewhere(world, make_office(f"upazila-{number}", parent=district), district)


def nation() -> Paper:
    return build_paper(DISTRICTS, {"office": "bd", "period": JULY.key})


def rows_of(paper: Paper) -> list[PanelRow]:
    """The offices with their figures of every line, over all panels."""
    panels: list[DistrictPanel] = list(paper.context["districts"])
    rows = zip(*[panel.rows for panel in panels], strict=True)
    return [replace(parts[0], figures=tuple(chain.from_iterable(one.figures for one in parts))) for parts in rows]


def heads_of(paper: Paper) -> list[str]:
    return [head.code for panel in paper.context["districts"] for head in panel.heads]


def test_each_division_is_followed_by_its_districts_and_who_is_in(world: World) -> None:
    district_beside(world, 2)
    tree, beside = world.tree, Office.objects.get(code="district-2")
    assert [(row.level, row.name, row.standing) for row in rows_of(nation())] == [
        ("division", f"{tree.division.name_bn} বিভাগ", "১/১"),
        ("district", tree.district.name_bn, "১/১"),
        ("division", f"{tree.foreign_division.name_bn} বিভাগ", "২/২"),
        ("district", tree.foreign_district.name_bn, "১/১"),
        ("district", beside.name_bn, "১/১"),
        ("nation", "সারা দেশ", "৩/৩"),
    ]


def test_every_line_stands_there_once_with_the_totals_of_the_first_pages(world: World) -> None:
    paper = nation()
    (front,) = build_paper(MONTH, {"office": "bd", "period": JULY.key}).context["panels"]
    lines = [line for section in front.sections for line in section.lines]
    assert heads_of(paper) == [line.code for line in lines]
    rows = rows_of(paper)
    assert [rows[0].figures, rows[2].figures] == [tuple(line.figures[n] for line in lines) for n in (0, 1)]
    assert rows[-1].figures == tuple(line.total for line in lines)
    assert rows[1].figures[heads_of(paper).index("ক০৭")] == "২০৭"


@pytest.mark.parametrize("office", ["rangpur-division", "lalmonirhat"])
def test_only_the_department_has_it(world: World, office: str) -> None:
    with pytest.raises(UserError, match="অধিদপ্তর"):
        build_paper(DISTRICTS, {"office": office, "period": JULY.key})


def test_the_centre_offers_it_for_the_department_alone(world: World) -> None:
    offices = [world.tree.department, world.tree.division]
    assert [one.office.code for one in papers_of_month(JULY, offices) if one.kind == DISTRICTS] == ["bd"]


def test_a_division_without_returns_is_left_out(world: World) -> None:
    make_office("dhaka-division", OfficeKind.DIVISION, world.tree.department)
    assert [row.level for row in rows_of(nation())].count("division") == 2


@pytest.mark.full
def test_each_page_has_its_heads(world: World) -> None:
    districts = [Placed(f"জেলা {number}", "১/১", "district", {}) for number in range(64)]
    paper = nation()
    paper.context["districts"] = print_districts(world.catalogue, districts)
    pages = pypdfium2.PdfDocument(render_paper(paper, code=CODE).data)
    texts = [page.get_textpage().get_text_range() for page in pages]
    annex = [text for text in texts if "জেলাওয়ারি" in text]
    assert len(annex) >= 2 * len(paper.context["districts"])
    assert all("জেলা" in text and "যাচাই" in text and "ক০১" in text for text in annex[:2])
    assert texts[-len(annex) :] == annex


def test_its_column_widths_are_whole(world: World) -> None:
    groups = re.findall(r"<colgroup>(.*?)</colgroup>", render_html(nation(), code=CODE))
    assert len(groups) == len(nation().context["districts"])
    for group in groups:
        assert sum(map(float, re.findall(r"width: ([\d.]+)%", group))) == pytest.approx(100, abs=0.001)


@pytest.mark.parametrize(("lakh_of_taka", "panels"), [(0, 7), (10_000_000, 8)])
def test_no_figure_runs_into_the_next_column(world: World, lakh_of_taka: int, panels: int) -> None:
    amounts = dict.fromkeys(("J04", "J07", "J08", "J09", "J10", "J11"), lakh_of_taka * 10_000_000)
    made = print_districts(world.catalogue, [Placed("জেলা", "১/১", "district", amounts)])
    assert len(made) == panels
    for panel in made:
        for head, figure, width in zip(panel.heads, panel.rows[0].figures, panel.widths[2:], strict=True):
            words = [figure, *head.label.replace("/", "/ ").split()]
            assert max(map(width_of, words)) <= float(width.rstrip("%")) + 0.001
    narrowest = [min(float(width.rstrip("%")) for width in panel.widths[2:]) for panel in made]
    assert min(narrowest) >= NARROWEST


def test_more_districts_ask_no_more(world: World) -> None:
    def asked() -> int:
        nation()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            nation()
        return len(queries)

    before = asked()
    for number in range(2, 5):
        district_beside(world, number)
    assert asked() == before
