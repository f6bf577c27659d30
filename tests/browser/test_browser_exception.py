"""A district officer verifies by exception in a browser without JavaScript, on pages that are open to everyone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from returns.models import Return, Value
from tests.browser.test_browser_axe import OpenPage, examine
from tests.returns.factories_returns import JULY, after, make_world, submitted
from tests.returns.test_returns_exception import hand_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.full
def test_the_clean_ones_are_verified_together_and_the_doubted_one_is_read(
    open_page: OpenPage, settings: Settings
) -> None:
    settings.PORTAL_CLOCK = after(JULY, 5)
    world = make_world()
    for office in (world.tree.sibling, world.tree.third):
        hand_in(world, office)
    told = Value.objects.filter(version__ret=submitted(world), cell="A02.GP")
    told.update(amount=4, origin="override", proposed=0, reason="ok")
    found = []
    looks = open_page(world.district_officer)
    for name in ("/returns/queue/", "/returns/hatibandha/2023-07/verdict/"):
        looks.goto(name)
        found += [f"{name} {line}" for line in examine(looks, (360,), name.strip("/").replace("/", "-"))]
    page = open_page(world.district_officer, javascript=False)
    page.goto("/returns/queue/")
    expect(page.locator("tbody tr").first).to_contain_text("hatibandha")
    page.locator("input[type=checkbox]").first.uncheck()
    page.click("form#clear button")
    expect(page.locator("main")).to_contain_text("১টি রিটার্ন যাচাই হয়েছে")
    assert Return.objects.filter(state="verified").count() == 1
    looks.goto(page.url)
    found += [f"results {line}" for line in examine(looks, (360,), "results")]
    assert not found, "\n".join(found)
