"""A quarter is the sum of its months' flows and the closings of the third; a month that is not there is no zero."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import UserError
from core.periods import DHAKA, Period
from offices.models import Office
from returns.choices import ReturnState
from returns.models import Form
from returns.quarters import Quarter, months_in, quarter_amounts, quarter_of
from returns.reading import read_catalogue
from returns.rules import percent
from tests.factories import Tree, make_office, make_tree
from tests.returns.factories_rollup import SMALL_FORM, make_baseline, make_clerk, make_form, make_return

FORM = read_catalogue(SMALL_FORM)
Q1 = Period.parse("2023-24-Q1")
JULY, AUGUST, SEPTEMBER = months_in(Q1)
AFTER = datetime(2023, 10, 10, tzinfo=DHAKA)

FLOWS, CLOSINGS, OPENING = ("D04", "D04.GP", "E02", "E03"), ("D05", "D06", "E04", "J10", "J11", "D01"), "E01"
cells = st.sampled_from([*FLOWS, *CLOSINGS, OPENING])
month = st.dictionaries(cells, st.integers(0, 10**12))
unhurried = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)


@unhurried
@given(st.tuples(month, month, month))
def test_flows_add_up_and_stocks_are_those_of_the_third_month(months: tuple[dict[str, int], ...]) -> None:
    quarter = quarter_amounts(FORM, months)
    for cell in FLOWS:
        known = [one[cell] for one in months if cell in one]
        assert quarter.get(cell) == (sum(known) if known else None)
    for cell in CLOSINGS:
        assert quarter.get(cell) == months[2].get(cell)
    assert quarter.get(OPENING) == months[0].get(OPENING)
    assert quarter.get("J12") == percent(months[2].get("J11"), months[2].get("J10"))


@unhurried
@given(st.tuples(month, month), st.integers(0, 2))
def test_a_month_that_is_missing_is_no_zero(months: tuple[dict[str, int], ...], place: int) -> None:
    two = list(months)
    with_gap = quarter_amounts(FORM, [*two[:place], {}, *two[place:]])
    zeros = dict.fromkeys([*FLOWS, *CLOSINGS, OPENING], 0)
    with_zeros = quarter_amounts(FORM, [*two[:place], zeros, *two[place:]])
    for cell in FLOWS:
        assert (cell in with_gap) == any(cell in one for one in two)
        assert with_gap.get(cell, 0) == with_zeros[cell], "the sum of what is known"
    assert all((cell in with_gap) == (place != 2 and cell in two[1]) for cell in CLOSINGS)


@pytest.fixture
def tree() -> Tree:
    tree = make_tree()
    form, clerk = make_form(), make_clerk("head")
    for office in (tree.upazila, tree.sibling):
        make_baseline(office, Period.month(2023, 6), form=form, by=clerk)
    return tree


def put(office: Office, period: Period, state: ReturnState = ReturnState.VERIFIED, **amounts: int) -> None:
    cells = {cell.replace("__", "."): amount for cell, amount in amounts.items()}
    make_return(office, period, cells, form=Form.objects.get(), state=state)


def row(quarter: Quarter, cell: str) -> Any:
    return next(one for block in quarter.blocks for one in block.rows if one.cell.key == cell)


@pytest.mark.django_db
def test_the_quarter_of_a_district_adds_offices_and_months(tree: Tree) -> None:
    for n, period in enumerate((JULY, AUGUST, SEPTEMBER), start=1):
        put(tree.upazila, period, E02=100 * n, E04=7 * n, J10=200, J11=10 * n)
        put(tree.sibling, period, E02=n, E04=n, J10=100, J11=0)
    quarter = quarter_of(tree.district, Q1, at=AFTER)
    flow = row(quarter, "E02")
    assert flow.by_month == [(JULY, 101), (AUGUST, 202), (SEPTEMBER, 303)] and flow.amount == 606
    assert (flow.before, flow.cumulative) == (0, 606)
    assert row(quarter, "E04").amount == 24
    assert row(quarter, "J12").amount == 1000, "a ratio of the third month's sums"
    assert quarter.is_whole and quarter.basis.count == 6


@pytest.mark.django_db
def test_the_second_quarter_goes_on_from_the_first(tree: Tree) -> None:
    october = SEPTEMBER.next()
    for period, amount in ((JULY, 5), (SEPTEMBER, 6), (october, 7)):
        put(tree.upazila, period, E02=amount)
    for office in (tree.district, tree.upazila):
        quarter = quarter_of(office, Q1.next(), at=datetime(2023, 11, 20, tzinfo=DHAKA))
        assert (row(quarter, "E02").amount, row(quarter, "E02").before, row(quarter, "E02").cumulative) == (7, 11, 18)
        assert quarter.known == (october,)
        assert quarter.running == (SEPTEMBER.shift(2), SEPTEMBER.shift(3)), "November is not over, December not begun"


@pytest.mark.django_db
def test_what_is_missing_is_told_by_month_and_office(tree: Tree) -> None:
    put(tree.upazila, JULY, E02=1, E04=1)
    put(tree.upazila, AUGUST, E02=2, E04=2)
    put(tree.sibling, AUGUST, ReturnState.SUBMITTED, E02=50)
    quarter = quarter_of(tree.district, Q1, at=AFTER)
    assert (row(quarter, "E02").amount, row(quarter, "E04").amount) == (3, None)
    assert quarter.absent == (SEPTEMBER,) and not quarter.is_whole
    missing = {month: [one.office for one in known.unverified] for month, known in quarter.completeness.items()}
    assert missing[JULY] == missing[AUGUST] == [tree.sibling]
    assert set(missing[SEPTEMBER]) == {tree.sibling, tree.upazila}


@pytest.mark.django_db
def test_a_quarter_before_every_form_is_refused(tree: Tree) -> None:
    with pytest.raises(UserError):
        quarter_of(tree.district, Period.parse("2020-21-Q1"), at=AFTER)


@pytest.mark.django_db
@pytest.mark.parametrize("offices", [1, 3])
def test_more_offices_ask_no_more_questions(tree: Tree, offices: int, django_assert_num_queries: Any) -> None:
    for number in range(offices):
        office = make_office(f"leaf-{number}", parent=tree.district)
        make_baseline(office, Period.month(2023, 6), form=Form.objects.get(), by=make_clerk("head"))
        for period in (JULY, AUGUST, SEPTEMBER):
            put(office, period, E02=number)
    quarter_of(tree.district, Q1, at=AFTER)
    with django_assert_num_queries(10):
        quarter_of(tree.district, Q1, at=AFTER)
