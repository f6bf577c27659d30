"""Totals as they were known on a day: amendments and late verdicts leave the old answers as they were."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from returns import services
from returns.known import end_of, month_as_known, sheet_as_known, total_as_known
from returns.months import month_of, sheet_of
from returns.rollup import compute_total
from tests.returns.factories_amendments import DECIDED, SEPTEMBER, approved, three_months
from tests.returns.factories_returns import AUGUST, JULY, World, after, make_world, submitted

pytestmark = pytest.mark.django_db
ADDRESS = "/months/lalmonirhat/2023-07/lines/"


def stored(office: Any, period: Any) -> dict[str, int | None]:
    total = compute_total(office, period, at=DECIDED)
    return dict(total.values.values_list("cell", "amount"))


def test_the_old_total_is_known_for_good_and_the_new_from_the_approval_on() -> None:
    world, july, _august, _september = three_months()
    above = (world.upazila, world.tree.district, world.tree.division, world.tree.department)
    before = {(o.pk, p): stored(o, p) for o in above for p in (JULY, AUGUST, SEPTEMBER)}
    approved(world, july, K02=12)
    for office in above:
        for period in (JULY, AUGUST, SEPTEMBER):
            assert total_as_known(office, period, after(SEPTEMBER, 11)).amounts == before[office.pk, period]
            assert (
                total_as_known(office, period, DECIDED).amounts == stored(office, period) != before[office.pk, period]
            )


def test_nothing_was_known_before_the_verdict() -> None:
    world = make_world()
    ret = submitted(world, JULY, K02=10)
    services.verify_return(ret, by=world.district_officer, at=after(JULY, 9))
    early = month_as_known(world.tree.district, JULY, at=after(JULY, 8))
    assert (early.amounts, early.basis.count, early.data_at) == ({}, 0, None)
    assert [one.state for one in early.completeness.standings] == ["submitted"]
    before = month_as_known(world.tree.district, JULY, at=after(JULY, 2))
    assert [one.state for one in before.completeness.standings] == [""]
    assert month_as_known(world.tree.district, JULY, at=after(JULY, 9)).completeness.is_complete


@pytest.mark.parametrize("place", ["upazila", "district", "division", "department"])
def test_what_is_known_today_is_what_the_month_page_says(place: str) -> None:
    world, july, _august, _september = three_months()
    approved(world, july, K02=12)
    office = world.upazila if place == "upazila" else getattr(world.tree, place)
    now = month_of(office, SEPTEMBER, at=DECIDED)
    then = month_as_known(office, SEPTEMBER, at=DECIDED)
    assert (then.amounts, then.basis, then.completeness) == (now.amounts, now.basis, now.completeness)
    for one, other in zip(sheet_as_known(then).blocks, sheet_of(now).blocks, strict=True):
        assert one.rows == other.rows


def browser(world: World) -> Client:
    client = Client()
    client.force_login(world.district_officer)
    return client


@pytest.mark.parametrize("day", ["2023-10-11", "১১/১০/২০২৩", "11-10-2023", "২০২৩-১০-১১"])
def test_the_month_page_says_what_was_known_on_a_day(day: str, settings: Settings) -> None:
    settings.PORTAL_CLOCK = after(SEPTEMBER, 20)
    world, july, _august, _september = three_months()
    approved(world, july, K02=777)
    page = browser(world).get(ADDRESS, {"known": day}).content.decode()
    assert "১১/১০/২০২৩" in page and "৭৭৭" not in page
    assert "৭৭৭" in browser(world).get("/months/hatibandha/2023-07/").content.decode()


@pytest.mark.parametrize("day", ["yesterday", "32/01/2023", "0000-00-00", "\0", "9" * 60])
def test_a_day_that_is_none_is_said_and_todays_figures_are_shown(day: str, settings: Settings) -> None:
    settings.PORTAL_CLOCK = after(SEPTEMBER, 20)
    world, *_rest = three_months()
    answer = browser(world).get(ADDRESS, {"known": day})
    assert answer.status_code == 200
    assert "তারিখ" in answer.content.decode() and "notice--error" in answer.content.decode()


def test_the_command_shows_totals_as_of_a_day() -> None:
    world, july, _august, _september = three_months()
    approved(world, july, K02=12)

    def shown(*words: str) -> Any:
        out = StringIO()
        call_command("show_totals", "lalmonirhat", "2023-07", "--json", *words, stdout=out)
        return json.loads(out.getvalue())

    assert shown()["lines"]["K02"] == "12"
    assert shown("--as-of", "2023-10-11")["lines"]["K02"] == "10"
    assert shown("--as-of", "২০২৩-১০-১২")["lines"]["K02"] == "12"
    with pytest.raises(CommandError, match="2026-01-15"):
        shown("--as-of", "soon")


def test_a_day_ends_at_midnight_in_dhaka() -> None:
    assert end_of(DECIDED.date()).isoformat() == "2023-10-12T23:59:59.999999+06:00"
