"""Totals are the sums of verified returns, whatever is missing, and say when they are out of date."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import UserError
from core.periods import Period
from jobs.models import Job
from jobs.services import run_waiting_jobs
from offices.choices import OfficeKind
from offices.models import Office
from returns.choices import ReturnState
from returns.models import Form, Total, TotalValue
from returns.published import catalogue_of
from returns.rollup import compute_total, fresh_total, is_stale, request_totals, total_of
from tests.factories import Tree, make_head, make_office, make_tree
from tests.returns.factories_rollup import AT, JUNE, SMALL_FORM, add_version, line, make_form, make_return

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree() -> Tree:
    return make_tree()


@pytest.fixture
def form() -> Form:
    return make_form()


def amounts_of(total: Total | None) -> dict[str, int | None]:
    return {} if total is None else dict(total.values.values_list("cell", "amount"))


CELLS = ("D04", "D04.GP", "D06", "E02")
amounts = st.fixed_dictionaries({cell: st.integers(0, 10**15) for cell in CELLS})
leaf = st.tuples(st.sampled_from([None, *ReturnState]), amounts)
division = st.lists(st.lists(leaf, max_size=4), max_size=3)


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is rolled back, also when Hypothesis breaks an example off."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


def grow(country: list[Any], form: Form) -> dict[str, dict[str, int]]:
    """Make the offices and returns; give the sums that each office should have, added up in plain Python."""
    expected: dict[str, dict[str, int]] = {}
    department = make_office("bd", OfficeKind.DEPARTMENT)
    for number, districts in enumerate(country):
        above = make_office(f"v{number}", OfficeKind.DIVISION, department)
        for place, leaves in enumerate(districts):
            district = make_office(f"v{number}d{place}", OfficeKind.DISTRICT, above)
            for last, (state, cells) in enumerate(leaves):
                office = make_office(f"v{number}d{place}u{last}", OfficeKind.UPAZILA, district)
                if state is not None:
                    make_return(office, JUNE, cells, form=form, state=state)
                if state is ReturnState.VERIFIED:
                    for one in (office, district, above, department):
                        sums = expected.setdefault(one.code, {})
                        for cell, amount in cells.items():
                            sums[cell] = sums.get(cell, 0) + amount
    return expected


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(country=st.lists(division, max_size=3), order=st.randoms(use_true_random=False))
@pytest.mark.full
def test_totals_equal_an_independent_sum(form: Form, country: list[Any], order: Any) -> None:
    """Random trees, offices without a return, and returns in every state; offices computed in any order."""
    with undone():
        expected = grow(country, form)
        offices = list(Office.objects.all())
        order.shuffle(offices)
        for office in offices:
            assert amounts_of(fresh_total(office, JUNE, at=AT)) == expected.get(office.code, {})


def test_ratios_are_recomputed_from_sums_and_never_summed(tree: Tree, form: Form) -> None:
    make_return(
        tree.upazila, JUNE, {"J10.ASHRAYAN": 100, "J10": 100, "J11.ASHRAYAN": 100, "J11": 100, "J12": 10000}, form=form
    )
    make_return(tree.sibling, JUNE, {"J10.ASHRAYAN": 300, "J10": 300, "J11.ASHRAYAN": 0, "J11": 0, "J12": 0}, form=form)
    total = amounts_of(compute_total(tree.division, JUNE, at=AT))
    assert total["J12"] == total["J12.ASHRAYAN"] == 2500


def test_a_ratio_without_base_is_absent_not_zero(tree: Tree, form: Form) -> None:
    make_return(tree.upazila, JUNE, {"J10": 0, "J11": 0, "E02": 5}, form=form)
    assert "J12" not in amounts_of(compute_total(tree.district, JUNE, at=AT))


def test_one_offices_surplus_does_not_hide_anothers_remainder(tree: Tree, form: Form) -> None:
    make_return(tree.upazila, JUNE, {"D01": 10, "D05": 15, "D06": 0}, form=form)
    make_return(tree.sibling, JUNE, {"D01": 10, "D05": 4, "D06": 6}, form=form)
    assert amounts_of(compute_total(tree.district, JUNE, at=AT))["D06"] == 6


def test_nothing_verified_gives_no_figures_at_all(tree: Tree, form: Form) -> None:
    make_return(tree.upazila, JUNE, {"E02": 7}, form=form, state=ReturnState.SUBMITTED)
    total = compute_total(tree.department, JUNE, at=AT)
    assert (total.basis_count, total.data_at, amounts_of(total)) == (0, None, {})


def test_a_blank_cell_is_not_zero(tree: Tree, form: Form) -> None:
    make_return(tree.upazila, JUNE, {"E02": None, "E03": 4}, form=form)
    assert amounts_of(compute_total(tree.district, JUNE, at=AT)) == {"E03": 4}


def test_an_upper_offices_own_lines_are_added(tree: Tree, form: Form) -> None:
    make_return(tree.upazila, JUNE, {"D04": 3}, form=form)
    make_return(tree.division, JUNE, {"D04": 2}, form=form)
    total = compute_total(tree.division, JUNE, at=AT)
    assert (amounts_of(total)["D04"], total.basis_count) == (5, 2)


def test_other_months_do_not_count(tree: Tree, form: Form) -> None:
    make_return(tree.upazila, JUNE.previous(), {"D04": 3}, form=form)
    assert amounts_of(compute_total(tree.district, JUNE, at=AT)) == {}


def test_a_verdict_makes_the_superiors_totals_stale_until_they_are_added_up(tree: Tree, form: Form) -> None:
    make_return(tree.upazila, JUNE, {"D04": 3}, form=form)
    totals = [compute_total(office, JUNE, at=AT) for office in (tree.district, tree.division, tree.department)]
    assert not any(map(is_stale, totals))
    make_return(tree.sibling, JUNE, {"D04": 4}, form=form)
    assert all(map(is_stale, totals))
    assert not is_stale(compute_total(tree.foreign_district, JUNE, at=AT))


def test_a_lost_message_cannot_leave_a_wrong_total(tree: Tree, form: Form) -> None:
    """Nobody asked for the totals: who needs them recomputes first, all levels down."""
    for office in (tree.district, tree.division, tree.department):
        compute_total(office, JUNE, at=AT)
    version = make_return(tree.upazila, JUNE, {"D04": 3}, form=form)
    assert amounts_of(fresh_total(tree.department, JUNE, at=AT))["D04"] == 3
    assert amounts_of(total_of(tree.district, JUNE))["D04"] == 3
    version.state = ReturnState.RETURNED
    version.reason = "ভুল"
    version.save()
    add_version(version.ret, {"D04": 9}, state=ReturnState.VERIFIED)
    assert amounts_of(fresh_total(tree.department, JUNE, at=AT))["D04"] == 9


def test_a_verdict_asks_once_for_each_superior(tree: Tree, form: Form) -> None:
    by = make_head(tree.district)
    first = make_return(tree.upazila, JUNE, {"D04": 3}, form=form)
    second = make_return(tree.sibling, JUNE, {"D04": 4}, form=form)
    jobs = request_totals(first.ret, by=by, at=AT)
    assert [job.office_path for job in jobs] == list(tree.upazila.ancestor_paths)
    assert [job.pk for job in request_totals(second.ret, by=by, at=AT)] == [job.pk for job in jobs]
    assert run_waiting_jobs() == 3
    total = total_of(tree.department, JUNE)
    assert amounts_of(total)["D04"] == 7
    assert total is not None
    assert not is_stale(total)
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}


def test_data_time_is_the_newest_verdict(tree: Tree, form: Form) -> None:
    make_return(tree.upazila, JUNE, {"D04": 3}, form=form)
    last = make_return(tree.sibling, JUNE, {"D04": 3}, form=form)
    assert compute_total(tree.department, JUNE, at=AT).data_at == last.decided_at


def test_adding_up_twice_changes_nothing(tree: Tree, form: Form) -> None:
    make_return(tree.upazila, JUNE, {"D04": 3, "E02": 8}, form=form)
    once = amounts_of(compute_total(tree.district, JUNE, at=AT))
    assert amounts_of(compute_total(tree.district, JUNE, at=AT)) == once
    assert TotalValue.objects.filter(total__office=tree.district).count() == len(once)


@pytest.mark.parametrize("level", ["district", "division", "department"])
def test_a_verdict_between_basis_and_figures_is_caught_up_with(tree: Tree, form: Form, level: str) -> None:
    """On PostgreSQL each statement sees what was committed by then: the figures may be ahead of a basis of nothing."""
    office = getattr(tree, level)
    make_return(tree.upazila, JUNE, {"D04": 3}, form=form)
    ahead = Total.objects.create(office=office, period=JUNE, form=form, computed_at=AT)
    TotalValue.objects.create(total=ahead, cell="D04", amount=3)
    TotalValue.objects.create(total=ahead, cell="E02", amount=4)
    assert is_stale(ahead)
    assert amounts_of(fresh_total(tree.department, JUNE, at=AT)) == {"D04": 3}
    assert amounts_of(fresh_total(office, JUNE, at=AT)) == {"D04": 3}


def test_the_number_of_questions_does_not_grow_with_the_offices(tree: Tree, form: Form) -> None:
    make_return(tree.upazila, JUNE, {"D04": 3}, form=form)
    for one in (tree.district, tree.division, tree.department):
        compute_total(one, JUNE, at=AT)
    counts = []
    for office in (tree.sibling, tree.third):
        make_return(office, JUNE, {"D04": 3}, form=form)
        with CaptureQueriesContext(connection) as queries:
            for one in (tree.district, tree.division, tree.department):
                compute_total(one, JUNE, at=AT)
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts


def test_a_form_with_a_new_line_adds_it_up_without_a_change_of_code(tree: Tree) -> None:
    wider = deepcopy(SMALL_FORM) | {"number": 2, "valid_from": "2024-06"}
    wider["sections"][1]["lines"].append(line("E99", "flow"))
    make_form()
    form = make_form(wider)
    make_return(tree.upazila, JUNE, {"E99": 3}, form=form)
    make_return(tree.sibling, JUNE, {"E99": 4}, form=form)
    assert amounts_of(compute_total(tree.department, JUNE, at=AT))["E99"] == 7


def test_a_period_without_a_form_is_a_clear_message(tree: Tree) -> None:
    with pytest.raises(UserError):
        compute_total(tree.district, Period.month(2019, 1), at=AT)


def test_a_month_from_nothing_takes_few_statements_an_office(tree: Tree, form: Form) -> None:
    """A national month has 73 totals: what one takes counts so often."""
    for office in (tree.upazila, tree.sibling, tree.foreign_upazila):
        make_return(office, JUNE, {"D04": 3}, form=form)
    catalogue_of(form)  # kept by whoever asks first
    with CaptureQueriesContext(connection) as queries:
        compute_total(tree.department, JUNE, at=AT)
    assert Total.objects.count() == 5
    asked = [one for one in queries if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(asked) <= 40, len(asked)
