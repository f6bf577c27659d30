"""The month of an upper office at a glance: key figures with honest changes, the tile map, few questions, few bytes."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from offices.models import Office
from returns.choices import ReturnState
from returns.models import Form, Return, Value
from returns.months import month_of
from returns.overview import Figure, Overview, key_codes, overview_of
from returns.rollup import compute_total
from returns.tilemap import SHADES, lens_of, shades_of, tile_map
from tests.factories import Tree, make_head, make_office, make_tree
from tests.returns.factories_country import make_nation
from tests.returns.factories_rollup import AT, JUNE, add_version, make_baseline, make_clerk, make_form, make_return
from tests.returns.test_returns_month_pages import reader, text_of

QUERIES, KILOBYTES = 15, 60
MAY = JUNE.previous()


def told(overview: Overview, code: str, cell: str) -> Figure:
    row = next(row for row in overview.rows if row.office.code == code)
    return next(one for one in row.figures if one.cell.key == cell)


def glance(office: Office) -> Overview:
    return overview_of(month_of(office, JUNE, at=AT, fresh=False))


@pytest.fixture
def tree(db: None) -> Tree:
    """Two upazilas of a district verified in May and June; audits are the one key figure of the small form."""
    made, form = make_tree(), make_form()
    by = make_clerk("enterer")
    for office in (made.upazila, made.sibling, made.third):
        make_baseline(office, MAY.previous(), form=form, by=by)
    for period, more in ((MAY, 0), (JUNE, 3)):
        make_return(made.upazila, period, {"D04": 10 + more}, form=form)
        make_return(made.sibling, period, {"D04": 5}, form=form)
    add_up(made)
    return made


def add_up(tree: Tree) -> None:
    for period in (MAY, JUNE):
        compute_total(tree.department, period, at=AT)


def test_a_change_is_exact_where_the_same_offices_are_in(tree: Tree) -> None:
    overview = glance(tree.department)
    assert [key.row.cell.key for key in overview.keys] == ["D04", "E03"], "what the form has of them"
    assert (overview.keys[0].figure.amount, overview.keys[0].figure.month.amount) == (18, 3)
    assert (overview.keys[0].row.before, overview.keys[0].row.cumulative) == (15, 33)
    assert overview.keys[0].beside.months[-2:] == (15, 18)
    assert told(overview, "lalmonirhat", "D04").month.amount == 3
    assert told(glance(tree.district), "patgram", "D04").month.amount == 0


def test_a_change_is_that_of_the_offices_in_both_months(tree: Tree) -> None:
    """Aditmari is in June alone, and a fourth upazila in May alone: neither of them has grown or shrunk."""
    form = Form.objects.get()
    fourth = make_office("sadar", parent=tree.district)
    make_return(tree.third, JUNE, {"D04": 100}, form=form)
    make_return(fourth, MAY, {"D04": 7}, form=form)
    add_up(tree)
    for office, code in ((tree.department, "rangpur-division"), (tree.department, "lalmonirhat")):
        figure = told(glance(office), code, "D04")
        assert (figure.amount, figure.month.amount, figure.month.common) == (118, 3, 2)
    for key in (glance(tree.department).keys[0], glance(tree.district).keys[0]):
        with override("en"):
            assert (key.figure.amount, key.figure.since_last_month) == (118, "+3 (of 2)")
    assert told(glance(tree.district), "patgram", "D04").month.common is None, "its own return is in both"
    assert told(glance(tree.district), "aditmari", "D04").month.amount is None


def test_where_no_office_is_in_both_months_nothing_is_compared(tree: Tree) -> None:
    for office in (tree.upazila, tree.sibling):
        Return.objects.get(office=office, period=MAY).versions.update(state=ReturnState.SUPERSEDED, superseded_at=AT)
    make_return(tree.third, MAY, {"D04": 1}, form=Form.objects.get())
    add_up(tree)
    figure = told(glance(tree.department), "lalmonirhat", "D04")
    assert figure.amount == 18 and figure.month.differs and figure.month.amount is None


def test_a_change_of_a_total_out_of_date_is_not_told(tree: Tree) -> None:
    ret = Return.objects.get(office=tree.sibling, period=JUNE)
    ret.versions.update(state=ReturnState.SUPERSEDED, superseded_at=AT)
    add_version(ret, {"D04": 50}, state=ReturnState.VERIFIED)
    assert told(glance(tree.department), "lalmonirhat", "D04").month.differs
    compute_total(tree.department, JUNE, at=AT)
    assert told(glance(tree.department), "lalmonirhat", "D04").month.amount == 48


def test_nothing_verified_is_a_dash_and_never_less(tree: Tree) -> None:
    figure = told(glance(tree.department), "sylhet", "D04")
    assert figure.amount is None and figure.since_last_month == "—"
    overview = glance(tree.department)
    squares = {one.row.office.code: one for one in tile_map(overview, lens_of(overview, "D04")).squares}
    assert (squares["sylhet"].shade, squares["sylhet"].text) == (0, "—")
    assert squares["lalmonirhat"].is_partial, "aditmari is due and not in"


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=64))
def test_shades_follow_the_figures(figures: list[int]) -> None:
    amounts = {str(number): figure for number, figure in enumerate(figures)}
    shades = shades_of(amounts)
    assert all(1 <= shade <= SHADES for shade in shades.values())
    for one, amount in amounts.items():
        for other, more in amounts.items():
            assert amount != more or shades[one] == shades[other]
            assert amount >= more or shades[one] <= shades[other]


@pytest.mark.django_db
def test_the_nations_page_is_small_and_asks_little_with_the_whole_country() -> None:
    nation = make_nation()
    client = reader(make_head(nation.root), "bn")
    for address in ("", "?figure=D04"):
        with CaptureQueriesContext(connection) as queries:
            page = text_of(client, f"/months/bd/{nation.month}/{address}")
        assert len(queries) <= QUERIES
        assert len(page.encode()) <= KILOBYTES * 1024, "as it is before compression"
        assert page.count('class="r') == 64 and "/returns/aditmari/" not in page, "leaf offices are one click lower"
    rows = table(client, f"/months/bd/{nation.month}/")
    assert len(rows) == 1 + 8 + 64 and len(rows[0]) == 6 + 3 * len(key_codes())
    lalmonirhat = next(row for row in rows if row[0] == "লালমনিরহাট")
    assert lalmonirhat[2:6] == (5, 4, 3, 1), "patgram waits, aditmari is missing and late"


def table(client: Client, address: str) -> list[tuple[Any, ...]]:
    content = b"".join(client.get(address, {"as": "xlsx"}).streaming_content)  # type: ignore[attr-defined]
    return list(load_workbook(BytesIO(content)).active.iter_rows(values_only=True))


@pytest.mark.parametrize("figure", ["", "D04", "Z99", "\0", "<b>", "9" * 300])
def test_what_cannot_be_shown_on_the_map_shows_who_is_in(tree: Tree, figure: str) -> None:
    answer = reader(make_head(tree.department)).get("/months/bd/2024-06/", {"figure": figure})
    page = answer.content.decode()
    assert answer.status_code == 200 and ("Under each figure" in page)
    assert ("nothing due" in page) == (figure != "D04")


def test_exceptions_of_a_division_are_named_in_few_questions(tree: Tree) -> None:
    """Patgram's audits leap; aditmari, which is late, is named; the department leads on to its divisions."""
    client = reader(make_head(tree.division))
    counts = []
    for office in (tree.sibling, tree.upazila):
        ret = Return.objects.get(office=office, period=JUNE)
        Value.objects.filter(version__ret=ret, cell="D04").update(
            amount=900_000, origin="override", proposed=5, reason="ok"
        )
        with CaptureQueriesContext(connection) as queries:
            page = text_of(client, "/months/rangpur-division/2024-06/exceptions/")
        counts.append(len(queries))
        assert f'href="/returns/{office.code}/2024-06/cells/D04/"' in page
        assert 'href="/returns/aditmari/2024-06/"' in page
    assert counts[0] == counts[1] <= 25, counts
    nation = text_of(reader(make_head(tree.department)), "/months/bd/2024-06/exceptions/")
    assert 'href="/months/rangpur-division/2024-06/exceptions/"' in nation
