"""What stands beside a figure: its months, a year ago, and the other offices' range for those who judge."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from core.periods import Period
from offices.models import Officer
from returns.beside import beside_of
from returns.checks.dossier import MONTHS, Dossier, Peer
from tests.factories import make_head, make_office
from tests.returns.factories_honest import catalogue
from tests.returns.factories_returns import AUGUST, JULY, World, after, baseline, make_world, submitted, verified
from tests.returns.test_returns_exception import ORDINARY, hand_in
from tests.societies.factories_societies import make_society

MAY = Period.month(2024, 5)


@given(st.lists(st.none() | st.integers(0, 500), max_size=MONTHS), st.none() | st.integers(0, 500))
def test_twelve_months_end_with_the_present_one(past: list[int | None], now: int | None) -> None:
    history = tuple({"B03": amount} for amount in past)
    beside = beside_of(Dossier(catalogue(), "upazila", {"B03": now}, history), MAY, "B03")
    assert len(beside.months) == MONTHS and beside.months[-1] == now
    assert beside.last_year == (past[0] if len(past) == MONTHS else None)
    assert beside.has_past == any(amount is not None for amount in past[-11:])
    assert beside.trend.count("৫/২৪") == 1 and beside.spark.startswith("<svg")


def test_others_are_told_by_size_and_only_where_nobody_can_be_told_from_it() -> None:
    peers = tuple(
        Peer(size, {"B03": count, "J12": 8_000 + size}) for size, count in ((50, 5), (100, 20), (200, 60), (80, 8))
    )
    dossier = Dossier(catalogue(), "upazila", {"B03": 12}, peers=peers, size=100)
    found = beside_of(dossier, MAY, "B03").peers
    assert found is not None
    assert (found.least, found.middle, found.most, found.offices) == (10, 10, 30, 4)
    rate = beside_of(dossier, MAY, "J12").peers
    assert rate is not None and (rate.least, rate.most) == (8_050, 8_200), "a per cent has no size"
    fewer = Dossier(catalogue(), "upazila", {"B03": 12}, peers=peers[:3], size=100)
    assert beside_of(fewer, MAY, "B03").peers is None
    assert beside_of(dossier, MAY, "B03", with_peers=False).peers is None


@pytest.fixture
def world(settings: Settings, db: None) -> World:
    settings.PORTAL_CLOCK = after(AUGUST, 5)
    return make_world()


def page_of(officer: Officer, address: str) -> str:
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(officer)
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_verdict_page_has_months_beside_every_figure_and_what_the_checks_hold(world: World) -> None:
    verified(world)
    hand_in(world, world.upazila, AUGUST, C04=20_00_00_00_00_000, B03=7)
    page = page_of(world.district_officer, "/returns/hatibandha/2023-08/verdict/")
    assert page.count("<svg") > len(world.catalogue.lines) and "Twelve months of" in page
    assert "What the checks hold against it" in page and "Nothing to look at for:" in page
    assert 'id="cell-C04"' in page and "A year ago" in page and "Others at this size" not in page


def test_the_cell_page_has_its_months_and_shows_others_to_judges_alone(world: World) -> None:
    verified(world)
    ret = submitted(world, AUGUST)
    for number in range(5):
        office = make_office(f"upazila-{number}", parent=world.tree.district)
        head = make_head(office)
        make_society(office, by=head)
        baseline(world, office, by=head, verified_by=world.district_officer, A07__GP=1)
        for period in (JULY, AUGUST):
            hand_in(world, office, period, **ORDINARY)
    address = f"/returns/{ret.office.code}/2023-08/cells/C04/"
    assert "Twelve months" in page_of(world.clerk, address)
    assert "other offices, at this size" not in page_of(world.clerk, address)
    own = page_of(world.district_officer, "/returns/upazila-0/2023-08/cells/C04/")
    assert "4 other offices, at this size" in own and "20.00" in own


def test_a_draft_has_its_months_too(world: World) -> None:
    verified(world)
    page = page_of(world.officer, "/returns/hatibandha/2023-08/cells/B03/")
    assert "Twelve months" in page


def test_the_verdict_page_asks_as_often_with_more_offices_around(world: World) -> None:
    verified(world)
    submitted(world, AUGUST)

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            page_of(world.district_officer, "/returns/hatibandha/2023-08/verdict/")
        return len(asked)

    cost()
    one = cost()
    for office in (world.tree.sibling, world.tree.third):
        for period in (JULY, AUGUST):
            hand_in(world, office, period)
    assert cost() == one
