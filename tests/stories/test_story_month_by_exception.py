"""A joint registrar's month by exception, in a browser: the map shows a late district, a check doubts a figure, and the
way goes down to that figure's history and the register row behind it.

The clock stands at 13 August 2023: of Lalmonirhat's upazilas hatibandha is verified, patgram waits, aditmari is late.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from returns.models import Value
from returns.rollup import compute_total
from societies.models import Society
from tests.browser.test_browser_axe import examine
from tests.factories import make_head
from tests.returns.factories_returns import JULY, World, after, baseline, make_world, verified
from tests.returns.test_returns_exception import hand_in
from tests.societies.factories_societies import make_society

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MONTH = "/months/rangpur-division/2023-07/"
NOW = after(JULY, 13)


@pytest.mark.full
def test_from_a_late_district_and_a_doubt_down_to_the_rows(
    open_page: Callable[..., Page], clock: Callable[[datetime], None]
) -> None:
    clock(NOW)
    world = make_world()
    society = doubted_month(world)
    page = open_page(world.joint_registrar, width=360)
    page.goto(MONTH)
    late_district(page)
    page.get_by_role("link", name="ব্যতিক্রম").click()
    exception(page)
    history(page, society)
    by_the_map(page)


@pytest.mark.full
def test_the_month_is_open_to_everyone(open_page: Callable[..., Page], clock: Callable[[datetime], None]) -> None:
    clock(NOW)
    world = make_world()
    doubted_month(world)
    page, found = open_page(world.joint_registrar), []
    for name in (MONTH, f"{MONTH}?figure=A07", f"{MONTH}lines/", f"{MONTH}exceptions/"):
        page.goto(name)
        found += [f"{name} {line}" for line in examine(page, (360, 1280), "month")]
    assert not found, "\n".join(found)


def doubted_month(world: World) -> Society:
    """Hatibandha registered one society and wrote four, with a reason that explains nothing."""
    ret = verified(world)
    society = make_society(world.upazila)
    told = Value.objects.filter(version__ret=ret, cell="A02.GP")
    told.update(amount=4, origin="override", proposed=1, reason="ok", rows_model="societies.society", rows=[society.pk])
    hand_in(world, world.tree.sibling)
    baseline(world, world.tree.third, by=make_head(world.tree.third), verified_by=world.district_officer)
    compute_total(world.tree.division, JULY, at=NOW)
    return society


def late_district(page: Page) -> None:
    square = page.locator(".tiles .is-late")
    expect(square).to_have_count(1)
    expect(square).to_contain_text("lalmonirhat")
    expect(square).to_contain_text("১/৩")
    expect(page.get_by_role("row", name="lalmonirhat").first).to_contain_text("▲")


def exception(page: Page) -> None:
    missing = page.locator("section[aria-labelledby=missing]")
    expect(missing).to_contain_text("aditmari")
    expect(missing.locator(".tag--late")).to_be_visible()
    doubts = page.locator("section[aria-labelledby=doubts]")
    expect(doubts).to_contain_text("hatibandha")
    doubts.locator("a[href*='cells/A02.GP']").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("ক০২")


def history(page: Page, society: Society) -> None:
    page.get_by_role("link", name="প্রতি সংস্করণে কে, কখন, কেন").click()
    version = page.locator("#version-1")
    expect(version).to_contain_text("“ok”")
    expect(version).to_contain_text("যাচাই")
    version.locator(f"a[href='/societies/{society.pk}/']").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def by_the_map(page: Page) -> None:
    """The other way down: a figure on the map, its district, its upazila."""
    page.goto(MONTH)
    page.get_by_role("link", name="মাস শেষে মোট সমিতি").first.click()
    page.locator(".tiles a").first.click()
    assert page.url.endswith("/months/lalmonirhat/2023-07/cells/A07/")
    page.get_by_role("row", name="hatibandha").get_by_role("link").click()
    assert page.url.endswith("/returns/hatibandha/2023-07/cells/A07/")
