"""The way of a district to its first month: what is done, by whom, and where it goes on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from offices.choices import Post
from offices.models import Office, Officer
from reports.starting import starts_of, steps_of
from returns.models import Baseline
from tests.factories import make_office, make_officer
from tests.returns.factories_returns import World, make_world, on

pytestmark = pytest.mark.django_db
HERE = "/starting/lalmonirhat/"


@pytest.fixture
def world(clock: Callable[[datetime], None]) -> World:
    clock(on(2023, 8, 3))
    return make_world()


def browser(officer: Officer) -> Client:
    client = Client()
    client.force_login(officer)
    client.cookies["django_language"] = "en"
    return client


def test_steps_count_what_each_office_has(world: World) -> None:
    starts = starts_of(world.tree.district, on(2023, 8, 3).date())
    assert [(one.office.code, one.has_head, one.baseline, one.has_targets) for one in starts] == [
        ("hatibandha", True, "verified", True),
        ("patgram", False, "missing", False),
        ("aditmari", False, "missing", False),
    ]
    steps = steps_of(world.tree.district, starts, world.district_officer)
    assert [(step.done, step.of, step.is_done) for step in steps] == [
        (3, 3, True),
        (1, 3, False),
        (0, 3, False),
        (1, 3, False),
        (1, 3, False),
        (1, 3, False),
    ]
    assert [step.address for step in steps] == [
        "",
        "/officers/workbook/lalmonirhat/",
        "/societies/workbook/lalmonirhat/",
        "/returns/lalmonirhat/baselines/",
        "/returns/lalmonirhat/baselines/",
        "",
    ]


def test_the_district_officer_is_led_there_until_every_baseline_is_verified(world: World) -> None:
    client = browser(world.district_officer)
    assert f'href="{HERE}"' in client.get("/").content.decode()
    page = client.get(HERE).content.decode()
    assert "/returns/patgram/targets/2023-24/" in page and "/returns/patgram/baseline/" in page
    Office.objects.filter(code__in=["patgram", "aditmari"]).update(closed_on=on(2023, 7, 1).date())
    assert f'href="{HERE}"' not in client.get("/").content.decode()
    Baseline.objects.update(verified_at=None, verified_by=None)
    assert f'href="{HERE}"' in client.get("/").content.decode()


def test_the_administrator_has_the_list_of_districts(world: World) -> None:
    client = browser(Officer.objects.get(username="system-admin-bd"))
    page = client.get("/starting/").content.decode()
    assert HERE in page and "/starting/sylhet/" in page
    assert 'href="/offices/lalmonirhat/"' in client.get(HERE).content.decode()
    assert browser(world.district_officer).get("/starting/")["Location"] == HERE


def test_pages_ask_no_more_for_more_offices(world: World) -> None:
    admin, own = browser(Officer.objects.get(username="system-admin-bd")), browser(world.district_officer)

    def queries(client: Client, address: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        return len(asked)

    pages = [(admin, "/starting/"), (own, HERE)]
    counts = [[queries(*page), queries(*page)][1] for page in pages]
    for number in range(3):
        made = make_office(f"new-{number}", parent=world.tree.district)
        make_officer(Post.UPAZILA_OFFICER, made)
    assert [queries(*page) for page in pages] == counts


def test_baselines_wait_on_the_home_of_whoever_verifies_them(world: World) -> None:
    Baseline.objects.update(verified_at=None, verified_by=None)
    link = 'href="/returns/lalmonirhat/baselines/"'
    assert link in browser(world.district_officer).get("/").content.decode()
    assert link not in browser(world.joint_registrar).get("/").content.decode(), "the district is not passed over"
    Baseline.objects.update(entered_by=world.district_officer)
    assert link not in browser(world.district_officer).get("/").content.decode()
    assert link in browser(world.joint_registrar).get("/").content.decode()
