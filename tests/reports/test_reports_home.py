"""Log-in lands on the work that waits; home shows it to each post."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from offices.choices import Post
from offices.models import Officer
from reports.desk import desk_of, first_address
from returns.worklist import due_return
from tests.factories import make_officer
from tests.returns.factories_returns import JULY, form_data, make_world, on, submitted, verified

pytestmark = pytest.mark.django_db
Clock = Callable[[datetime], None]


def test_log_in_lands_on_the_return_that_is_due(client: Client, clock: Clock) -> None:
    world = make_world()
    clock(on(2023, 8, 3))
    client.force_login(world.officer)
    answer = client.get(reverse("reports:start"))
    assert answer.headers["Location"] == reverse("returns:entry", args=["hatibandha", JULY])


def test_log_in_lands_on_the_queue_when_something_waits_there() -> None:
    world = make_world()
    assert first_address(world.district_officer, on(2023, 8, 3)) == reverse("reports:home")
    submitted(world)
    assert first_address(world.district_officer, on(2023, 8, 3)) == reverse("returns:queue")


def test_nothing_due_leads_home() -> None:
    world = make_world()
    verified(world)
    assert first_address(world.officer, on(2023, 8, 5)) == reverse("reports:home")


def test_a_late_return_is_the_first_thing_to_do() -> None:
    world = make_world()
    desk = desk_of(world.officer, on(2023, 9, 6))
    assert desk.now is not None and desk.now.state == "late"
    assert desk.now.address == reverse("returns:entry", args=["hatibandha", JULY])
    assert [month.period.key for month in desk.months] == ["2023-09", "2023-08", "2023-07"]


def test_the_district_sees_what_waits_and_how_far_the_month_is(client: Client, clock: Clock) -> None:
    world = make_world()
    submitted(world)
    clock(on(2023, 8, 4))
    client.force_login(world.district_officer)
    page = client.get(reverse("reports:home")).content.decode()
    assert reverse("returns:queue") in page
    assert reverse("returns:month", args=["lalmonirhat", JULY]) in page
    assert desk_of(world.district_officer, on(2023, 8, 4)).stats[0].figure == "০"


@pytest.mark.parametrize("who", ["officer", "clerk", "district_officer", "joint_registrar"])
def test_every_post_has_a_home(client: Client, clock: Clock, who: str) -> None:
    world = make_world()
    clock(on(2023, 8, 4))
    client.force_login(getattr(world, who))
    assert client.get(reverse("reports:home")).status_code == 200


def test_an_officer_without_posting_has_an_empty_home(client: Client) -> None:
    world = make_world()
    officer: Officer = make_officer(Post.UPAZILA_OFFICER, world.upazila, username="gone", ends_on=on(2020, 8, 1).date())
    client.force_login(officer)
    assert client.get(reverse("reports:home")).status_code == 200
    assert desk_of(officer, on(2023, 8, 4)).tasks == []


def test_the_deadline_is_that_of_the_form() -> None:
    world = make_world(form_data() | {"due_day": 9})
    late = {day: due_return(world.upazila, on(2023, 8, day).date()) for day in (9, 10)}
    assert [month is not None and month.is_late for month in late.values()] == [False, True]
