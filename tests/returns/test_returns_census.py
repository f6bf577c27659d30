"""What the report centre is told of a month: the very papers that the builders would draw, with the same data time."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.periods import Period
from documents.census import Possible, possible_papers
from documents.registry import build_paper
from offices.models import Office
from returns import services
from returns.papers import ANNEXES, ANNEXES_BELOW, DISTRICTS, MONTH, RECEIPT, RETURN
from returns.papers.census import papers_of_month
from tests.factories import make_office
from tests.returns.factories_papers import neighbour, paper_world, printed, settle
from tests.returns.factories_returns import AUGUST, JULY, World, after, fill

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return paper_world()


def papers(period: Period) -> dict[str, Possible]:
    offices = list(Office.objects.select_related("parent").order_by("path"))
    return {one.key: one for one in possible_papers(period, offices)}


def test_each_paper_that_can_be_made_is_what_its_builder_draws(world: World) -> None:
    other = Office.objects.get(code="patgram")
    clerk = neighbour(world, other)
    printed(world, world.upazila, world.officer, JULY)
    printed(world, other, clerk, JULY)
    printed(world, world.upazila, world.officer, AUGUST, verify=False)
    for period, kinds in (
        (JULY, {RETURN, MONTH, RECEIPT, ANNEXES, ANNEXES_BELOW, DISTRICTS}),
        (AUGUST, {RETURN, RECEIPT, ANNEXES}),
    ):
        found = [one for one in papers(period).values() if one.can_be_made]
        assert {one.kind for one in found} == kinds
        for one in found:
            drawn = build_paper(one.kind, one.arguments or {})
            assert (drawn.subject, drawn.data_at, drawn.office_path) == (one.subject, one.data_at, one.office.path)
            assert (one.versions is not None) == (one.kind in (RETURN, MONTH, ANNEXES_BELOW, DISTRICTS))
            assert one.is_fresh(drawn.data_at, map(vars, drawn.sources))


def test_a_return_entered_at_a_past_instant_makes_the_months_above_out_of_date(world: World) -> None:
    """No time tells it: all its acts lie before the data time of the month that was printed without it."""
    other = Office.objects.get(code="patgram")
    clerk = neighbour(world, other)
    printed(world, world.upazila, world.officer, JULY)
    drawn = build_paper(MONTH, {"office": "lalmonirhat", "period": JULY.key})
    late = services.open_return(other, JULY, by=clerk, at=after(JULY, 1))
    fill(late, by=clerk, at=after(JULY, 1))
    settle(late, by=clerk)
    services.submit_return(late, by=clerk, at=after(JULY, 2))
    services.verify_return(late, by=world.district_officer, at=after(JULY, 3))
    now = papers(JULY)[f"{MONTH}|lalmonirhat:2023-07"]
    assert now.data_at == drawn.data_at
    assert not now.is_fresh(drawn.data_at, map(vars, drawn.sources))


def test_a_paper_that_cannot_be_made_says_why(world: World) -> None:
    services.open_return(world.upazila, JULY, by=world.officer, at=after(JULY))
    found = papers(JULY)
    hatibandha, patgram = found[f"{RETURN}|hatibandha:2023-07"], found[f"{RETURN}|patgram:2023-07"]
    assert len({hatibandha.reason, patgram.reason, ""}) == 3
    assert found[f"{MONTH}|lalmonirhat:2023-07"].reason
    assert not any(one.can_be_made for one in found.values())


def test_the_census_asks_the_same_number_of_questions_for_one_office_and_many(world: World) -> None:
    printed(world, world.upazila, world.officer, JULY)
    counts = []
    for number in range(3):
        make_office(f"more-{number}", parent=world.upazila.parent)
        offices = list(Office.objects.order_by("path"))
        with CaptureQueriesContext(connection) as queries:
            list(papers_of_month(JULY, offices))
        counts.append(len(queries))
    assert counts[0] == counts[2] <= 9


def test_the_month_page_leads_to_the_centre_and_the_centre_lists_the_months_papers(
    world: World, client: Client
) -> None:
    printed(world, world.upazila, world.officer, JULY)
    client.force_login(world.district_officer, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = reverse("documents:centre", args=["lalmonirhat", JULY])
    assert address in client.get(reverse("returns:month", args=["lalmonirhat", JULY])).content.decode()
    shown = client.get(address).content.decode()
    assert f"{RETURN}|hatibandha:2023-07" in shown
    assert f"{MONTH}|lalmonirhat:2023-07" in shown
