"""A district's consolidated return in a browser: explained, verified, outdated by a late arrival, and renewed.

The clock stands at 6 July 2024: two of three upazilas are verified, the deadline of June is past.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from core.periods import DHAKA
from offices.models import Officer
from returns.choices import ReturnState
from returns.consolidation_models import Consolidation
from returns.models import Return
from tests.factories import make_head
from tests.returns.factories_consolidated import Country
from tests.returns.factories_rollup import JUNE, make_return

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NOW = datetime(2024, 7, 6, 10, 0, tzinfo=DHAKA)
PAGE = "/months/lalmonirhat/2024-06/consolidated/"
WHY = "আদিতমারী বন্যায় বিচ্ছিন্ন; রিটার্ন পথে।"

OpenPage = Callable[..., Page]


@pytest.fixture
def country(clock: Callable[[datetime], None]) -> Country:
    clock(NOW)
    return Country()


@pytest.mark.full
def test_outdated_by_a_late_arrival_and_renewed(country: Country, open_page: OpenPage) -> None:
    def visit(officer: Officer) -> Page:
        return open_page(officer, javascript=False)

    district, division = visit(country.heads["lalmonirhat"]), visit(country.heads["rangpur-division"])
    submitted_with_an_explanation(district)
    verified(division, 1)
    assert upazila_sees(visit(make_head(country.tree.upazila))) == "গৃহীত"

    make_return(country.tree.third, JUNE, {"D01": 1, "D04": 1}, form=country.form, state=ReturnState.SUBMITTED)
    arrives_late(district)
    outdated_and_renewed(district)
    verified(division, 2)
    assert [one.state for one in Consolidation.objects.order_by("number")] == ["verified", "verified"]
    assert Return.objects.accepted().count() == 3


def submitted_with_an_explanation(page: Page) -> None:
    page.goto("/")
    page.locator(".tasks").get_by_role("link", name="সমন্বিত রিটার্ন").click()
    expect(page).to_have_url(page.url.split("/months")[0] + PAGE)
    expect(page.locator("section[aria-labelledby=completeness]")).to_contain_text("aditmari")
    page.get_by_role("button", name="সমন্বিত রিটার্ন জমা দিন").click()
    expect(page.locator(".notice--error")).to_contain_text("কারণ লিখুন")
    page.fill("textarea[name=explanation]", WHY)
    page.get_by_role("button", name="সমন্বিত রিটার্ন জমা দিন").click()
    expect(page.locator("h1")).to_contain_text("নং ১")


def verified(page: Page, number: int) -> None:
    """From home, by what waits there."""
    page.goto("/")
    page.locator(".tasks a[href*='consolidated']").first.click()
    assert page.url.endswith(f"{PAGE}{number}/")
    if number == 1:
        expect(page.locator("main")).to_contain_text(WHY)
    page.click("button[name=verify]")
    expect(page.locator(".tag--verified").first).to_be_visible()


def upazila_sees(page: Page) -> str:
    page.goto("/returns/hatibandha/2024-06/")
    return page.locator(".tag--accepted").first.inner_text().strip()


def arrives_late(page: Page) -> None:
    page.goto("/returns/aditmari/2024-06/verdict/")
    page.click("button[name=verify]")
    assert Return.objects.get(office__code="aditmari").state == ReturnState.VERIFIED


def outdated_and_renewed(page: Page) -> None:
    page.goto("/")
    page.locator(".tasks a[href*='consolidated']").first.click()
    expect(page.locator(".notice--warn").first).to_contain_text("পরে এসেছে ১টি রিটার্ন: aditmari")
    page.get_by_role("button", name="নতুন নম্বর জমা দিন").click()
    expect(page.locator("h1")).to_contain_text("নং ২")
    page.goto(f"{PAGE}1/")
    expect(page.locator(".tag--outdated").first).to_be_visible()
