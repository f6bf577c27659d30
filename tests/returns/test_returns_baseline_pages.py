"""A new office's first pages: its baseline entered and verified once, its yearly targets set."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from offices.choices import Post
from offices.models import Officer
from returns.baseline_grid import closing_cells, flow_cells, target_cells
from returns.models import Baseline, LineTarget
from tests.factories import make_officer
from tests.returns.factories_returns import World, make_world, on

pytestmark = pytest.mark.django_db
HERE = "/returns/patgram/baseline/"


@pytest.fixture
def world(clock: Callable[[datetime], None]) -> World:
    clock(on(2023, 11, 3))
    return make_world()


@pytest.fixture
def keeper(world: World) -> Officer:
    return make_officer(Post.UPAZILA_OFFICER, world.tree.sibling)


def browser(officer: Officer) -> Client:
    client = Client()
    client.force_login(officer)
    client.cookies["django_language"] = "en"
    return client


def typed(world: World, **figures: str) -> dict[str, str]:
    closings = {f"c:{cell.key}": "০" for cell in closing_cells(world.catalogue, "upazila")}
    return closings | {"period": "2023-10"} | figures


def test_a_new_office_finds_its_baseline_enters_it_and_the_district_verifies(world: World, keeper: Officer) -> None:
    own = browser(keeper)
    for page in ("/returns/patgram/", "/returns/patgram/2023-11/"):
        assert f'href="{HERE}"' in own.get(page).content.decode(), page
    asked = own.get(HERE).content.decode()
    assert all(f'name="c:{cell.key}"' in asked for cell in closing_cells(world.catalogue, "upazila"))
    assert all(f'name="s:{cell.key}"' in asked for cell in flow_cells(world.catalogue, "upazila"))
    answer = own.post(HERE, typed(world) | {"c:A07.GP": "১২৫", "s:A02.GP": "৪"})
    assert answer.status_code == 302
    kept = Baseline.objects.get(office=world.tree.sibling)
    values = {value.cell: (value.closing, value.cumulative) for value in kept.values.all()}
    assert values["A07.GP"][0] == 125 and values["A02.GP"][1] == 4 and kept.period.key == "2023-10"
    assert "baseline/verify/" not in own.get(HERE).content.decode()
    assert own.post(f"{HERE}verify/").status_code == 403
    judge = browser(world.district_officer)
    assert f'action="{HERE}verify/"' in judge.get(HERE).content.decode()
    judge.post(f"{HERE}verify/")
    kept.refresh_from_db()
    assert kept.verified_by is None, "a page that does not say what it showed verifies nothing"
    judge.post(f"{HERE}verify/", {"seen": kept.entered_at.isoformat()})
    kept.refresh_from_db()
    assert kept.verified_by == world.district_officer
    assert "verified already" in judge.post(f"{HERE}verify/", follow=True).content.decode()
    assert own.get("/returns/patgram/2023-11/").status_code == 200


def test_what_is_wrong_is_said_by_cell_and_nothing_is_kept(world: World, keeper: Officer) -> None:
    answer = browser(keeper).post(HERE, typed(world) | {"c:A07.GP": "বারো", "c:A07.BP": "", "s:A02.GP": "-3"})
    page = answer.content.decode()
    assert answer.status_code == 422 and page.count("field-error") == 3
    assert 'href="#c:A07.GP"' in page and 'value="বারো"' in page
    assert not Baseline.objects.filter(office=world.tree.sibling).exists()


def test_a_june_brings_no_flows_of_the_year_before(world: World, keeper: Officer) -> None:
    assert 'name="s:' not in browser(keeper).get(f"{HERE}?period=2023-06").content.decode()


def test_the_superior_sets_the_targets_of_the_year(world: World, keeper: Officer) -> None:
    here = "/returns/patgram/targets/2023-24/"
    assert browser(keeper).get(here).status_code == 403
    cells = target_cells(world.catalogue)
    superior = browser(world.district_officer)
    superior.post(here, {f"t:{cell.key}": "১,২০০" for cell in cells})
    kept = dict(LineTarget.objects.filter(office=world.tree.sibling).values_list("cell", "amount"))
    assert kept == {cell.key: 1200 * cell.line.unit.scale for cell in cells} and "D01.GP" in kept and "F01" in kept
    assert 'value="1200' in superior.get(here).content.decode().replace(",", "")


def test_a_baseline_stands_in_the_order_of_the_form_and_names_each_part_once(world: World, keeper: Officer) -> None:
    own = browser(keeper)
    own.post(HERE, typed(world))
    page = own.get(HERE).content.decode()
    rows = [row.partition("</th>")[0] for row in page.split('<th scope="row">')[1:]]
    assert "<b>A07</b> Societies at month end: General primary" in rows
    kept = {value.cell for value in Baseline.objects.get(office=world.tree.sibling).values.all()}
    codes = [cell.line.code for cell in world.catalogue.cells if cell.key in kept]
    assert [row[3:6] for row in rows] == codes


def test_a_baseline_tells_the_year_of_flows_alone_and_names_units(world: World, keeper: Officer) -> None:
    own = browser(keeper)
    own.post(HERE, typed(world))
    page = own.get(HERE).content.decode()
    rows = dict(re.findall(r"<b>([A-Z]\d\d)</b>(.*?)</tr>", page, re.DOTALL))
    assert '<span class="unit">taka</span>' in rows["E04"] and rows["E04"].endswith('<td class="num"></td>')
    june = browser(world.officer).get("/returns/hatibandha/baseline/").content.decode()
    assert "<b>E04</b>" in june and "Since 1 July" not in june, "a June closes its year"
