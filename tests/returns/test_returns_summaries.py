"""The year and the completeness of an office, as upper rooms read them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.periods import FiscalYear, Period
from returns.choices import ReturnState
from returns.completeness import completeness_of
from returns.deadlines import due_on, is_late, late_from
from returns.models import Form
from returns.summaries import year_of
from tests.factories import Tree, make_head, make_tree
from tests.returns.factories_rollup import AT, JUNE, make_baseline, make_form, make_return

pytestmark = pytest.mark.django_db

YEAR = FiscalYear(2023)
JULY, AUGUST = Period.month(2023, 7), Period.month(2023, 8)


@pytest.fixture
def tree() -> Tree:
    return make_tree()


@pytest.fixture
def form() -> Form:
    return make_form()


def test_a_return_is_late_from_the_end_of_the_fifth_in_dhaka() -> None:
    last_minute = datetime(2024, 7, 5, 17, 59, tzinfo=UTC)
    midnight = datetime(2024, 7, 5, 18, 0, tzinfo=UTC)
    last_day = due_on(JUNE, 5)
    assert late_from(last_day) == midnight
    assert not is_late(last_day, submitted_at=last_minute, at=midnight)
    assert is_late(last_day, submitted_at=midnight, at=midnight)
    assert not is_late(last_day, submitted_at=None, at=last_minute)
    assert is_late(last_day, submitted_at=None, at=midnight)


def test_completeness_counts_leaf_offices_from_the_month_after_their_baseline(tree: Tree, form: Form) -> None:
    by = make_head(tree.department)
    make_baseline(tree.upazila, JUNE.previous(), form=form, by=by)
    make_baseline(tree.sibling, JUNE.previous(), form=form, by=by)
    make_baseline(tree.third, JUNE, form=form, by=by)
    make_return(tree.upazila, JUNE, {}, form=form)
    make_return(tree.sibling, JUNE, {}, form=form, state=ReturnState.RETURNED)
    make_return(tree.division, JUNE, {}, form=form)
    found = completeness_of(tree.district, JUNE, 5, at=datetime(2024, 7, 10, tzinfo=UTC))
    assert (found.due, found.received, found.verified) == (2, 1, 1)
    assert [one.office.code for one in found.missing] == ["patgram"]
    assert completeness_of(tree.district, JUNE.next(), 5, at=AT).due == 3
    assert completeness_of(tree.foreign_district, JUNE, 5, at=AT).due == 0


def test_late_is_late_submission_or_none_after_the_day(tree: Tree, form: Form) -> None:
    by = make_head(tree.department)
    for office in (tree.upazila, tree.sibling, tree.third):
        make_baseline(office, JUNE.previous(), form=form, by=by)
    make_return(tree.upazila, JUNE, {}, form=form, submitted_at=datetime(2024, 7, 4, tzinfo=UTC))
    make_return(tree.sibling, JUNE, {}, form=form, submitted_at=datetime(2024, 7, 9, tzinfo=UTC))
    after = datetime(2024, 7, 10, tzinfo=UTC)
    before = datetime(2024, 7, 5, tzinfo=UTC)
    assert completeness_of(tree.district, JUNE, 5, at=after).late == 2
    assert completeness_of(tree.district, JUNE, 5, at=before).late == 1


def test_the_year_has_months_july_closing_and_sums(tree: Tree, form: Form) -> None:
    make_return(tree.upazila, JULY, {"D04": 3, "E01": 700, "E04": 900}, form=form)
    make_return(tree.sibling, JULY, {"D04": 1, "E01": 100, "E04": 200}, form=form)
    last = make_return(tree.upazila, AUGUST, {"D04": 5, "E01": 900, "E04": 1000}, form=form)
    year = year_of(tree.district, YEAR, at=AT)
    assert year.total("D04") == 9
    assert (year.july("E01"), year.closing("E04"), year.latest) == (800, 1000, AUGUST)
    assert year.total("E02") is None
    assert year.figure("D04", JUNE) is None
    assert year.data_at == last.decided_at
    assert (year.scale("E01"), year.scale("D04")) == (100, 1)


def test_what_came_before_the_portal_counts_where_the_baseline_lies_in_the_year(tree: Tree, form: Form) -> None:
    by = make_head(tree.department)
    make_baseline(tree.upazila, JULY, form=form, by=by, cumulative={"D04": 40}, closing={"E04": 7})
    make_baseline(tree.sibling, JULY.previous(), form=form, by=by, cumulative={"D04": 99})
    unverified = make_baseline(tree.third, JULY, form=form, by=by, cumulative={"D04": 1000})
    unverified.verified_at = unverified.verified_by = None
    unverified.save()
    make_return(tree.upazila, AUGUST, {"D04": 5}, form=form)
    year = year_of(tree.district, YEAR, at=AT)
    assert year.before == {"D04": 40}
    assert year.total("D04") == 45
    assert year_of(tree.foreign_district, YEAR, at=AT).total("D04") is None


def test_missing_names_the_due_offices_of_months_that_have_ended(tree: Tree, form: Form) -> None:
    by = make_head(tree.department)
    make_baseline(tree.upazila, JULY.previous(), form=form, by=by)
    make_baseline(tree.sibling, JULY, form=form, by=by)
    make_return(tree.upazila, JULY, {"D04": 1}, form=form)
    make_return(tree.upazila, AUGUST, {"D04": 1}, form=form, state=ReturnState.SUBMITTED)
    year = year_of(tree.division, YEAR, at=datetime(2023, 9, 20, tzinfo=UTC))
    assert year.missing == {AUGUST: ("hatibandha", "patgram")}


def test_the_year_follows_the_newest_verdicts_and_says_which(tree: Tree, form: Form) -> None:
    make_return(tree.upazila, JULY, {"D04": 3}, form=form)
    first = year_of(tree.district, YEAR, at=AT)
    assert year_of(tree.district, YEAR, at=AT).basis == first.basis
    make_return(tree.sibling, JULY, {"D04": 2}, form=form)
    again = year_of(tree.district, YEAR, at=AT)
    assert again.total("D04") == 5
    assert again.basis != first.basis


def test_the_year_asks_few_questions_whatever_the_offices(tree: Tree, form: Form) -> None:
    counts = []
    for office in (tree.upazila, tree.sibling, tree.third):
        for period in (JULY, AUGUST):
            make_return(office, period, {"D04": 3}, form=form)
        year_of(tree.division, YEAR, at=AT)
        with CaptureQueriesContext(connection) as queries:
            year_of(tree.division, YEAR, at=AT)
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts
    assert counts[0] <= 8
