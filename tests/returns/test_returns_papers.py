"""The return and the month on paper: every figure, every hand, who is missing, and every word to be found."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pikepdf
import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse

from core.errors import UserError
from core.numbers import Unit, format_amount, to_ascii_digits
from core.periods import Period
from documents.engine import render_paper
from documents.models import Document
from documents.registry import Paper, build_paper
from documents.rendering import render_html
from documents.services import request_document
from jobs.models import Job
from jobs.services import run_waiting_jobs
from returns import services
from returns.models import Baseline, Value
from returns.month_printing import BOLD, LEAST_LABEL, LETTER, SIZES, PrintedColumn, letters_of, print_month
from returns.papers import MONTH, RETURN
from returns.printing import text_of
from tests.returns.factories_papers import REMARK, neighbour, paper_world, printed
from tests.returns.factories_returns import (
    AUGUST,
    JULY,
    World,
    after,
    form_data,
    make_world,
    verified,
    with_a_new_line,
)

pytestmark = pytest.mark.django_db
CODE = "7K3M9QZTABCDEFGH"


@pytest.fixture
def world() -> World:
    return paper_world()


def return_paper(office: str = "hatibandha", period: Period = JULY) -> Paper:
    return build_paper(RETURN, {"office": office, "period": period.key})


def month_paper(office: str = "lalmonirhat", period: Period = JULY) -> Paper:
    return build_paper(MONTH, {"office": office, "period": period.key})


def words(text: str) -> set[str]:
    return set(re.findall(r"[\u0980-\u09ff\u200c\u200d]+", text))


def plain(html: str) -> str:
    body = re.sub(r"<(title|svg|style)\b.*?</\1>", " ", html, flags=re.S)
    return re.sub(r"<[^>]+>", " ", body)


def share_found(paper: Paper) -> tuple[float, set[str]]:
    """How many of the distinct Bangla words of a paper pypdfium2 finds, and the missed ones."""
    wanted = words(plain(render_html(paper, code=CODE)))
    data = render_paper(paper, code=CODE).data
    text = "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data))
    missed = {word for word in wanted if word not in text}
    return 1 - len(missed) / len(wanted), missed


def rows_of(paper: Paper) -> dict[str, Any]:
    return {line.code: line for section in paper.context["sections"] for line in section.lines}


def test_every_line_of_the_form_stands_on_the_return(world: World) -> None:
    ret = printed(world, world.upazila, world.officer, JULY)
    rows = rows_of(return_paper())
    assert len(rows) == len(world.catalogue.lines)
    for value in Value.objects.filter(version__ret=ret):
        cell = world.catalogue.cells_by_key[value.cell]
        text = format_amount(value.amount, cell.line.unit, bangla=True)
        row = rows[world.catalogue.code_of(cell.line.code, bangla=True)]
        assert text in [row.month.text, *(figure.text for figure in row.parts)]


def test_the_year_adds_up_beside_the_month(world: World) -> None:
    printed(world, world.upazila, world.officer, JULY)
    printed(world, world.upazila, world.officer, AUGUST)
    row = rows_of(return_paper(period=AUGUST))["খ০৩"]
    assert (row.before, row.month.text, row.cumulative) == ("২৫", "২৫", "৫০")
    stock = rows_of(return_paper(period=AUGUST))["গ০৪"]
    assert (stock.before, stock.cumulative, stock.target, stock.percent) == ("", "", "", "")


def test_a_target_stands_beside_its_flow_with_the_per_cent(world: World) -> None:
    from core.periods import FiscalYear

    amounts = {"D01.GP": 100, "D01.GC": 0, "D01.BP": 20, "D01.BC": 0, "F01": 0}
    services.set_line_targets(
        world.upazila, FiscalYear(2023), amounts=amounts, by=world.district_officer, at=after(JULY, 1)
    )
    printed(world, world.upazila, world.officer, JULY)
    row = rows_of(return_paper())["ঘ০৪"]
    assert (row.target, row.cumulative, row.percent) == ("১২০", "০", "০.০০")


def test_hands_overrides_remarks_and_state_are_told(world: World) -> None:
    printed(world, world.upazila, world.officer, JULY)
    text = plain(render_html(return_paper(), code=CODE))
    for part in ("যাচাই করা", "জমা দিয়েছেন", "যাচাই করেছেন", world.district_officer.name_bn, REMARK):
        assert part in text
    assert "রেজিস্টারে ০, রিটার্নে ১০০" in text
    assert "১০০*" in text


def test_a_draft_and_a_return_sent_back_say_so(world: World) -> None:
    ret = services.open_return(world.upazila, JULY, by=world.officer, at=after(JULY))
    assert "খসড়া" in plain(render_html(return_paper(), code=CODE))
    ret = printed(world, world.upazila, world.officer, JULY, verify=False)
    services.send_back_return(ret, reason="ক০৮ আবার দেখুন", cell="A08.GP", by=world.district_officer, at=after(JULY, 4))
    document = request_document(
        kind=RETURN, arguments={"office": "hatibandha", "period": "2023-07"}, by=world.officer, at=after(JULY, 5)
    )
    assert ("রিটার্নের অবস্থা", "খসড়া") in document.shown_facts or ("রিটার্নের অবস্থা", "ফেরত দেওয়া") in document.shown_facts


def test_a_return_nobody_opened_cannot_be_printed(world: World) -> None:
    with pytest.raises(UserError):
        return_paper(period=AUGUST)


def test_the_return_is_made_once_and_anew_when_it_is_verified(world: World) -> None:
    arguments = {"office": "hatibandha", "period": "2023-07"}
    ret = printed(world, world.upazila, world.officer, JULY, verify=False)
    first = request_document(kind=RETURN, arguments=arguments, by=world.officer, at=after(JULY))
    assert request_document(kind=RETURN, arguments=arguments, by=world.officer, at=after(JULY, 4)) == first
    services.verify_return(ret, by=world.district_officer, at=after(JULY, 4))
    second = request_document(kind=RETURN, arguments=arguments, by=world.officer, at=after(JULY, 5))
    assert second.supersedes == first
    run_waiting_jobs()
    second.refresh_from_db()
    assert second.is_ready
    assert second.data_at == after(JULY, 4)
    assert Document.objects.filter(kind=RETURN).count() == 2
    assert Job.objects.filter(kind="documents.render").count() == 2


def test_the_pdf_carries_its_figures_for_machines(world: World) -> None:
    printed(world, world.upazila, world.officer, JULY)
    data = render_paper(return_paper(), code=CODE).data
    with pikepdf.open(io.BytesIO(data)) as pdf:
        (name,) = pdf.attachments
        content = json.loads(pdf.attachments[name].get_file().read_bytes())
    assert content["lines"]["A07.GP"] == "108"
    assert content["lines"]["C04"] == "80089000.00"
    assert (content["office"], content["period"], content["version"]) == ("hatibandha", "2023-07", 1)


def test_demonstration_data_is_marked(world: World) -> None:
    printed(world, world.upazila, world.officer, JULY)
    assert not return_paper().is_demo
    Baseline.objects.update(is_demo=True)
    assert return_paper().is_demo
    assert month_paper().is_demo


def test_facts_for_strangers_hold_no_figure_and_no_person(world: World) -> None:
    printed(world, world.upazila, world.officer, JULY)
    said = " ".join(fact.value_bn + fact.value_en for fact in return_paper().facts)
    assert world.officer.name_bn not in said
    assert "১০৮" not in said
    assert "জুলাই ২০২৩" in said


def test_nearly_every_bangla_word_of_the_return_is_found(world: World) -> None:
    printed(world, world.upazila, world.officer, JULY)
    share, missed = share_found(return_paper())
    assert share >= 0.995, missed


def test_a_line_added_to_the_form_stands_on_paper() -> None:
    data = form_data()
    data["sections"][0]["lines"].append(
        {"code": "A99", "kind": "flow", "bn": "নতুন সারি", "en": "A new row", "help_bn": "সাহায্য", "help_en": "Help"}
    )
    world = make_world(data)
    verified(world, JULY)
    assert rows_of(return_paper())["ক৯৯"].label == "নতুন সারি"
    assert "নতুন সারি" in plain(render_html(month_paper(), code=CODE))


def test_column_widths_are_whole(world: World) -> None:
    printed(world, world.upazila, world.officer, JULY)
    for paper in (return_paper(), month_paper()):
        groups = re.findall(r"<colgroup>(.*?)</colgroup>", render_html(paper, code=CODE))
        assert groups
        for group in groups:
            assert sum(float(width) for width in re.findall(r"width: ([\d.]+)%", group)) == pytest.approx(
                100, abs=0.001
            )


def columns(count: int) -> list[PrintedColumn]:
    return [PrintedColumn(f"উপজেলা {n}", "● যাচাই") for n in range(count)]


@pytest.mark.parametrize(("count", "panels"), [(0, 1), (1, 1), (9, 1), (15, 1), (16, 2), (33, 3)])
def test_many_offices_are_parted_evenly(world: World, count: int, panels: int) -> None:
    made = print_month(world.catalogue, columns(count), [{}] * count, {}, {})
    assert len(made) == panels
    sizes = [len(panel.columns) for panel in made]
    assert sum(sizes) == count
    assert max(sizes) - min(sizes) <= panels


@pytest.mark.parametrize(("lakh_of_taka", "panels", "size"), [(0, 4, 8.0), (1, 4, 7.0), (1_000, 7, 7.0)])
def test_the_larger_the_figures_the_fewer_offices_stand_side_by_side(
    world: World, lakh_of_taka: int, panels: int, size: float
) -> None:
    """Fifty upazilas: no figure runs into the next column, and the totals have the room that they need."""
    figures = {"J08": lakh_of_taka * 10_000_000}
    total = {"J08": 50 * lakh_of_taka * 10_000_000}
    made = print_month(world.catalogue, columns(50), [figures] * 50, total, {})
    assert len(made) == panels
    for panel in made:
        assert panel.size == size
        code, label, *office, now, since = (float(width.rstrip("%")) for width in panel.widths)
        assert code + label >= LEAST_LABEL
        for width, amounts, weight in ((min(office), figures, 1), (min(now, since), total, BOLD)):
            assert width > weight * LETTER * size * letters_of(text_of(amounts["J08"], Unit.TAKA))


def test_letters_are_as_large_as_the_fewest_panels_allow(world: World) -> None:
    sizes = [print_month(world.catalogue, columns(count), [{}] * count, {}, {})[0].size for count in (13, 14, 15, 16)]
    assert sizes == [*SIZES, max(SIZES)]


def test_the_month_shows_upazilas_side_by_side_with_who_is_missing(world: World) -> None:
    other = neighbour(world, world.tree.sibling)
    third = neighbour(world, world.tree.third)
    printed(world, world.upazila, world.officer, JULY)
    printed(world, world.tree.sibling, other, JULY, verify=False)
    paper = month_paper()
    (panel,) = paper.context["panels"]
    assert [column.name for column in panel.columns] == [
        world.upazila.name_bn,
        world.tree.sibling.name_bn,
        world.tree.third.name_bn,
    ]
    assert [column.standing for column in panel.columns] == ["● যাচাই", "◐ জমা", "○ বাকি"]
    lines = {line.code: line for section in panel.sections for line in section.lines}
    assert len(lines) == len(world.catalogue.lines)
    assert lines["ক০৭"].figures == ("২০৭", "—", "—")
    assert (lines["ক০৭"].total, lines["খ০৩"].since_july) == ("২০৭", "২৫")
    assert lines["ঙ১৪"].since_july == rows_of(return_paper())["ঙ১৪"].cumulative not in ("", "—")
    assert "৩টি কার্যালয়ের মধ্যে ১টির রিটার্ন যাচাই করা" in paper.completeness_bn
    assert f"যাচাই বাকি: {world.tree.sibling.name_bn}" in paper.completeness_bn
    assert f"জমা হয়নি: {world.tree.third.name_bn}" in paper.completeness_bn
    assert third


def test_the_months_total_is_the_sum_of_its_columns(world: World) -> None:
    other = neighbour(world, world.tree.sibling)
    printed(world, world.upazila, world.officer, JULY)
    printed(world, world.tree.sibling, other, JULY)
    (panel,) = month_paper().context["panels"]
    for section in panel.sections:
        for line in section.lines:
            if set(line.total) <= set("০১২৩৪৫৬৭৮৯,"):
                figures = [int(to_ascii_digits(figure).replace(",", "")) for figure in line.figures]
                assert format_amount(sum(figures), Unit.COUNT, bangla=True) == line.total


def test_the_month_of_a_division_shows_its_districts(world: World) -> None:
    neighbour(world, world.tree.sibling)
    printed(world, world.upazila, world.officer, JULY)
    paper = month_paper("rangpur-division")
    (panel,) = paper.context["panels"]
    assert [(column.name, column.standing) for column in panel.columns] == [(world.tree.district.name_bn, "১/২ যাচাই")]
    assert paper.office_path == world.tree.division.path


def test_a_month_with_nothing_verified_is_refused_kindly(world: World) -> None:
    with pytest.raises(UserError):
        month_paper()


def test_a_later_arrival_makes_a_new_version_of_the_month(world: World) -> None:
    other = neighbour(world, world.tree.sibling)
    printed(world, world.upazila, world.officer, JULY)
    arguments = {"office": "lalmonirhat", "period": "2023-07"}
    first = request_document(kind=MONTH, arguments=arguments, by=world.district_officer, at=after(JULY, 4))
    ret = printed(world, world.tree.sibling, other, JULY, verify=False)
    services.verify_return(ret, by=world.district_officer, at=after(JULY, 4) + timedelta(hours=1))
    second = request_document(kind=MONTH, arguments=arguments, by=world.district_officer, at=after(JULY, 5))
    assert second.supersedes == first
    assert len(second.sources) == 2


def test_nearly_every_bangla_word_of_the_month_is_found(world: World) -> None:
    printed(world, world.upazila, world.officer, JULY)
    share, missed = share_found(month_paper())
    assert share >= 0.995, missed


def test_building_a_paper_asks_the_same_number_of_questions_for_more_offices(
    world: World, django_assert_max_num_queries: Any
) -> None:
    others = [(office, neighbour(world, office)) for office in (world.tree.sibling, world.tree.third)]
    printed(world, world.upazila, world.officer, JULY)
    month_paper()
    for office, officer in others:
        printed(world, office, officer, JULY)
    month_paper()
    with django_assert_max_num_queries(17):
        month_paper()
    with django_assert_max_num_queries(18):
        return_paper()


def test_the_button_leads_to_the_paper(world: World, client: Client) -> None:
    printed(world, world.upazila, world.officer, JULY)
    client.force_login(world.officer, backend="allauth.account.auth_backends.AuthenticationBackend")
    response = client.post(reverse("returns:paper", args=["hatibandha", "2023-07"]))
    document = Document.objects.get()
    assert response["Location"] == reverse("documents:document", args=[document.code])
    again = client.post(reverse("returns:paper", args=["hatibandha", "2023-07"]))
    assert again["Location"] == response["Location"]
    assert Document.objects.count() == Job.objects.filter(kind="documents.render").count() == 1


def test_another_offices_return_and_an_unopened_one_are_not_found(world: World, client: Client) -> None:
    printed(world, world.upazila, world.officer, JULY)
    client.force_login(world.officer, backend="allauth.account.auth_backends.AuthenticationBackend")
    for office, period in (("patgram", "2023-07"), ("hatibandha", "2023-08")):
        assert client.post(reverse("returns:paper", args=[office, period])).status_code == HTTPStatus.NOT_FOUND
    assert not Document.objects.exists()


def test_a_new_line_is_printed_without_a_change_of_code() -> None:
    world = make_world(with_a_new_line())
    verified(world, K09=2)
    rendered = render_paper(return_paper(), code="0" * 16)
    pages = pypdfium2.PdfDocument(rendered.data)
    text = "".join(page.get_textpage().get_text_range() for page in pages)
    assert "গণশুনানি" in text
    assert plain(render_html(month_paper(), code="0" * 16)).count("গণশুনানি") == 1


def test_columns_of_year_and_target_stand_only_where_a_line_fills_them(world: World) -> None:
    printed(world, world.upazila, world.officer, JULY)
    paper = return_paper()
    tables = re.findall(r"<thead>.*?</thead>", render_html(paper, code=CODE), re.DOTALL)[
        : len(paper.context["sections"])
    ]
    heads = {one.letter: table for one, table in zip(paper.context["sections"], tables, strict=True)}
    assert "ক্রমপুঞ্জিত" in heads["ঘ"] and "লক্ষ্য</th>" in heads["ঘ"], "audits have their yearly target"
    assert "ক্রমপুঞ্জিত" in heads["খ"] and "লক্ষ্য</th>" not in heads["খ"], "members have none"
    rows = {one.letter: one for one in paper.context["sections"]}
    assert len(rows["খ"].widths) == heads["খ"].count("<th") - 1
