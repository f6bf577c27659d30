"""Annexes 2 and 3 of the offices below: a district's rows by upazila, and counts by district above it."""

from __future__ import annotations

import re

import pypdfium2
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from pytest_django import Settings

from core.errors import UserError
from documents.engine import render_paper
from documents.models import Document
from documents.registry import Paper, build_paper
from documents.rendering import render_html
from jobs.services import run_waiting_jobs
from offices.models import Office
from returns import services
from returns.annex_models import AnnexRows
from returns.annexes_below import groups_below
from returns.papers import ANNEXES_BELOW
from tests.returns.factories_papers import neighbour, printed
from tests.returns.factories_returns import JULY, World, after, make_world
from tests.returns.test_returns_annexes import happened, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings: Settings) -> World:
    """Hatibandha's July verified: two societies registered, one of them cancelled, two audits; Patgram's has none."""
    settings.PORTAL_CLOCK = after(JULY, 10)
    world = make_world()
    happened(world)
    services.verify_return(sent(world), by=world.district_officer, at=after(JULY, 4))
    other = world.tree.sibling
    printed(world, other, neighbour(world, other), JULY)
    return world


def below(office: str) -> Paper:
    return build_paper(ANNEXES_BELOW, {"office": office, "period": JULY.key})


def test_a_district_lists_the_rows_of_each_upazila(world: World) -> None:
    first, second = below("lalmonirhat").context["groups"]
    assert (first.office, second.office) == (world.upazila.name_bn, world.tree.sibling.name_bn)
    assert [len(rows) for rows in (first.registered, first.cancelled, first.audits)] == [4, 1, 2]
    assert not (second.registered or second.cancelled or second.audits)
    assert {check.agrees for group in (first, second) for check in group.checks} == {True}
    assert (first.checks[0].line.split()[0], first.checks[0].listed) == ("ক০২", "৪")
    assert below("lalmonirhat").context["without"]["audits"] == world.tree.sibling.name_bn


def test_every_row_can_be_found_in_the_pdf(world: World) -> None:
    data = render_paper(below("lalmonirhat"), code="7K3M9QZTABCDEFGH").data
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data))
    for words in ("নতুন কুঁড়ি ০", "প্রভাতী সমিতি ১", "কোনো সারি নেই", "তালিকা ও রিটার্ন"):
        assert words in text
    for paper in (below("lalmonirhat"), below("bd")):
        for group in re.findall(r"<colgroup>(.*?)</colgroup>", render_html(paper, code="0" * 16)):
            assert sum(map(float, re.findall(r"width: ([\d.]+)%", group))) == pytest.approx(100, abs=0.001)


@pytest.mark.parametrize(("office", "names"), [("rangpur-division", 2), ("bd", 3)])
def test_above_the_districts_there_are_counts(world: World, office: str, names: int) -> None:
    rows = below(office).context["rows"]
    assert len(rows) == names
    by_name = {row.name: row.texts for row in rows}
    assert by_name[world.tree.district.name_bn] == by_name["মোট"]
    assert by_name["মোট"][:6] == ("৪", "৪", "১", "১", "২", "২")


def test_a_figure_against_the_registers_is_told_with_its_reason(settings: Settings) -> None:
    settings.PORTAL_CLOCK = after(JULY, 10)
    world = make_world()
    happened(world)
    services.verify_return(sent(world, ("A02.GP", 5), ("A08.GP", 4)), by=world.district_officer, at=after(JULY, 4))
    check = below("lalmonirhat").context["groups"][0].checks[0]
    assert not check.agrees and check.reasons[0].endswith("খাতায় আছে।")
    assert below("bd").context["rows"][-1].texts[:2] == (check.listed, check.stated)


def test_rows_kept_nowhere_are_read_from_the_registers(world: World) -> None:
    kept = groups_below(world.tree.district, JULY)
    AnnexRows.objects.all().delete()
    assert groups_below(world.tree.district, JULY) == kept


def test_the_paper_is_the_same_in_every_language(world: World) -> None:
    papers = []
    for language in ("bn", "en"):
        with translation.override(language):
            papers.append(below("lalmonirhat"))
    assert papers[0] == papers[1]


def test_more_upazilas_ask_no_more(world: World) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            groups_below(world.tree.district, JULY)
        return len(queries)

    before = asked()
    printed(world, world.tree.third, neighbour(world, world.tree.third), JULY)
    assert asked() == before <= 5


def test_the_months_page_asks_for_it_and_a_month_without_returns_is_refused(world: World, client: Client) -> None:
    client.force_login(world.district_officer)
    address = "/months/lalmonirhat/2023-07/annexes/"
    run_waiting_jobs()
    assert f'action="{address}"' in client.get("/months/lalmonirhat/2023-07/").content.decode()
    document = client.post(address)["Location"]
    assert Document.objects.get(kind=ANNEXES_BELOW).code in document
    assert client.post("/months/hatibandha/2023-07/annexes/").status_code == 404
    with pytest.raises(UserError):
        below("sylhet")
    assert Office.objects.filter(code="sylhet").exists()


def test_both_columns_of_a_count_stand_under_its_name(world: World) -> None:
    page = render_html(below("bd"), code="0" * 16)
    names, under = re.findall(r"<tr.*?</tr>", page.partition("<thead>")[2].partition("</thead>")[0], flags=re.S)
    heads = below("bd").context["heads"]
    assert names.count('colspan="2"') == len(heads) and under.count("তালিকায়") == under.count("রিটার্নে") == len(heads)
