"""An amendment in a browser: the officer sees what would move before asking, the superior before approving, and the old
figures and their paper stay where they were.

The clock stands at 10 October 2023: July to September are verified.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from documents.services import request_document
from jobs.services import run_waiting_jobs
from tests.returns.factories_amendments import ASKED, DECIDED, REASON, figure, three_months

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

JULY = "/returns/hatibandha/2023-07/"


@pytest.mark.full
def test_an_amendment_with_preview_and_approval(
    open_page: Callable[..., Page], clock: Callable[[datetime], None]
) -> None:
    world, july, august, _september = three_months()
    clock(ASKED)
    paper = request_document(
        kind="returns.return", arguments={"office": "hatibandha", "period": "2023-07"}, by=None, at=ASKED
    )
    run_waiting_jobs()
    office = open_page(world.officer, javascript=False)
    type_the_figure(office)
    look_and_propose(office, paper.title_bn)
    assert figure(july, "K02") == 10, "proposing changes nothing"

    clock(DECIDED)
    superior = open_page(world.district_officer, javascript=False)
    look_and_approve(superior)
    assert (figure(july, "K02"), figure(august, "K01"), figure(august, "K04")) == (12, 12, 4)
    run_waiting_jobs()

    office.goto(JULY)
    office.get_by_role("link", name="২টি সংস্করণ").click()
    expect(office.get_by_role("heading", name="সংস্করণ ১ ও ২ পাশাপাশি")).to_be_visible()
    row = office.get_by_role("row", name="ট০২")
    expect(row).to_contain_text("১০")
    expect(row).to_contain_text("১২")
    expect(office.get_by_role("link", name=f"PDF {paper.printed_code}")).to_be_visible()
    stranger = open_page(None, javascript=False)
    stranger.goto(f"/v/{paper.code}")
    expect(stranger.get_by_role("main")).to_contain_text("নতুন")
    paper.refresh_from_db()
    expect(stranger.get_by_role("main")).to_contain_text(paper.superseded_by.printed_code)
    superior.goto("/months/lalmonirhat/2023-07/?known=2023-10-11")
    expect(superior.get_by_role("main")).to_contain_text("১১/১০/২০২৩")


def type_the_figure(page: Page) -> None:
    page.goto(JULY)
    page.get_by_role("link", name="এই রিটার্ন সংশোধন করুন").click()
    page.locator("details", has_text="ট০২").locator("summary").click()
    page.get_by_role("textbox", name="ট০২").fill("১২")
    page.get_by_label("কেন সংশোধন করছেন?").fill(REASON)
    page.get_by_role("button", name="কী কী বদলাবে দেখুন").click()


def look_and_propose(page: Page, paper: str) -> None:
    main = page.get_by_role("main")
    expect(main).to_contain_text("১০ → ১২")
    expect(main).to_contain_text("আগস্ট ২০২৩")
    expect(main).to_contain_text(paper)
    page.get_by_role("button", name="ঊর্ধ্বতন কার্যালয়ে প্রস্তাব করুন").click()
    expect(main).to_contain_text("ঊর্ধ্বতন কার্যালয়ের অপেক্ষায় আছে")


def look_and_approve(page: Page) -> None:
    page.goto("/returns/queue/")
    page.get_by_role("link", name="জুলাই ২০২৩").first.click()
    expect(page.get_by_role("main")).to_contain_text(REASON)
    expect(page.get_by_role("main")).to_contain_text("২ → ৪")
    page.get_by_role("button", name="এই সংশোধন মঞ্জুর করুন").click()
    expect(page.get_by_role("main")).to_contain_text("নতুন সংস্করণ কার্যকর")
