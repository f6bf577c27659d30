from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.periods import Period
from offices.choices import Post
from societies.choices import EventKind
from societies.services import change_status, transfer_society
from societies.summaries import METRICS, proposals
from tests.factories import Tree, make_officer, make_tree
from tests.societies.factories_societies import at, keeper_of, make_society

pytestmark = pytest.mark.django_db

JULY, AUGUST, SEPTEMBER = (Period.month(2023, month) for month in (7, 8, 9))


@pytest.fixture
def tree() -> Tree:
    return make_tree()


def amounts(tree: Tree, period: Period) -> dict[str, dict[str, int]]:
    figures = proposals(tree.upazila, period)
    return {name: {part: f.amount for part, f in parts.items()} for name, parts in figures.items() if parts}


def test_flows_count_the_months_events_and_stocks_its_last_day(tree: Tree) -> None:
    by = keeper_of(tree.upazila)
    old = make_society(tree.upazila)
    central = make_society(tree.upazila, tier="central", sponsor="brdb", reg_on=date(2023, 7, 31))
    make_society(tree.upazila, sponsor="ashrayan", reg_on=date(2023, 8, 1))
    make_society(tree.upazila, tier="national", reg_on=date(2023, 7, 5))
    make_society(tree.sibling, reg_on=date(2023, 7, 5))
    change_status(
        society=old, kind=EventKind.MADE_NON_FUNCTIONAL, on=date(2023, 7, 31), by=by, at=at(date(2023, 7, 31))
    )
    change_status(society=old, kind=EventKind.REACTIVATED, on=date(2023, 8, 9), by=by, at=at(date(2023, 8, 9)))
    change_status(
        society=central, kind=EventKind.CANCELLED, on=date(2023, 8, 31), reason="x", by=by, at=at(date(2023, 8, 31))
    )
    assert amounts(tree, JULY) == {
        "societies.registered": {"BC": 1},
        "societies.functional": {"BC": 1},
        "societies.non_functional": {"GP": 1},
    }
    assert amounts(tree, AUGUST) == {
        "societies.registered": {"GP": 1},
        "societies.cancelled": {"BC": 1},
        "societies.reactivated": {"GP": 1},
        "societies.functional": {"GP": 2},
    }
    assert amounts(tree, SEPTEMBER) == {"societies.functional": {"GP": 2}}


def test_a_month_gone_by_keeps_its_figures_and_digest_until_a_late_event_reaches_it(tree: Tree) -> None:
    by = keeper_of(tree.upazila)
    societies = [make_society(tree.upazila) for _ in range(3)]
    before = proposals(tree.upazila, JULY)
    change_status(
        society=societies[0], kind=EventKind.MADE_NON_FUNCTIONAL, on=date(2023, 8, 1), by=by, at=at(date(2023, 9, 1))
    )
    assert proposals(tree.upazila, JULY) == before
    change_status(
        society=societies[1], kind=EventKind.MADE_NON_FUNCTIONAL, on=date(2023, 7, 2), by=by, at=at(date(2023, 9, 1))
    )
    after = proposals(tree.upazila, JULY)
    assert after["societies.functional"]["GP"].amount == 2
    assert after["societies.functional"]["GP"].digest != before["societies.functional"]["GP"].digest


def test_rows_stand_behind_every_figure(tree: Tree) -> None:
    old = make_society(tree.upazila)
    new = make_society(tree.upazila, reg_on=date(2023, 7, 5))
    figures = proposals(tree.upazila, JULY)
    registered = figures["societies.registered"]["GP"]
    assert (registered.model, registered.keys) == ("societies.statusevent", (new.events.get().pk,))
    functional = figures["societies.functional"]["GP"]
    assert (functional.model, functional.keys) == ("societies.society", (old.pk, new.pk))
    assert METRICS["societies.functional"](tree.upazila, JULY) == figures["societies.functional"]


def test_a_society_that_moves_counts_where_it_stood(tree: Tree) -> None:
    society = make_society(tree.upazila)
    district = make_officer(Post.DISTRICT_OFFICER, tree.district)
    day = date(2023, 8, 15)
    transfer_society(society=society, to=tree.sibling, on=day, by=district, at=at(day))
    stood = [
        [proposals(office, month)["societies.functional"].get("GP") for month in (JULY, AUGUST)]
        for office in (tree.upazila, tree.sibling)
    ]
    assert [[f.amount if f else 0 for f in row] for row in stood] == [[1, 0], [0, 1]]
    back = date(2023, 9, 1)
    transfer_society(society=society, to=tree.upazila, on=back, by=district, at=at(back))
    assert proposals(tree.upazila, SEPTEMBER)["societies.functional"]["GP"].keys == (society.pk,)


def test_all_figures_cost_one_query_whatever_the_number_of_societies(tree: Tree) -> None:
    for _ in range(30):
        make_society(tree.upazila)
    with CaptureQueriesContext(connection) as queries:
        proposals(tree.upazila, JULY)
    assert len(queries) == 1
