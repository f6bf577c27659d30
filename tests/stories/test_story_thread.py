"""The whole thread in a browser: from a society's audit to a signed score that a stranger verifies.

The clock stands at 3 July 2024: eleven months are verified, June is due, the agreement of 2023-24 is not signed yet.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from contracts.models import Agreement
from core.numbers import format_amount, parse_decimal, to_bangla_digits
from core.periods import DHAKA, Period
from demo.accounts import PASSWORD, read_secrets
from demo.agreements import prepare_first_agreement
from demo.district import District
from documents.second_factor import code_of_step, step_of
from jobs.services import run_waiting_jobs
from offices.models import Officer
from returns.choices import LineKind
from returns.models import Return
from returns.published import catalogue_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NOW = datetime(2024, 7, 3, 10, 0, tzinfo=DHAKA)
JUNE = "2024-06"
ENTRY = f"/returns/hatibandha/{JUNE}/"
AGREEMENT = "/agreements/lalmonirhat/2023-24/"

OpenPage = Callable[..., Page]


@pytest.fixture
def people(settings: Settings, clock: Callable[[datetime], None]) -> dict[str, Officer]:
    """The district with eleven verified months, and its agreement agreed but unsigned."""
    settings.PORTAL_DEMO = True
    district = District(Period.month(2024, 5), lambda _text: None, last_month={})
    district.build()
    prepare_first_agreement(district.people)
    run_waiting_jobs()
    clock(NOW)
    return district.people


@pytest.mark.full
@pytest.mark.parametrize("javascript", [False, True])
def test_from_an_audit_to_a_signed_score(
    people: dict[str, Officer],
    open_page: OpenPage,
    clock: Callable[[datetime], None],
    tmp_path: Path,
    javascript: bool,
) -> None:
    def visit(username: str | None) -> Page:
        return open_page(people[username] if username else None, javascript=javascript)

    inspector = open_page(None, javascript=javascript)
    log_in_by_form(inspector, "ai.hatibandha")
    expect(inspector).to_have_url(re.compile(re.escape(ENTRY)))
    society = record_an_audit(inspector)

    head, district = visit("uo.hatibandha"), visit("do.lalmonirhat")
    head.goto("/start/")
    expect(head).to_have_url(re.compile(re.escape(ENTRY)))
    the_audit_stands_behind_the_figure(head, society)
    enter_the_month(head)
    is_stopped_by_a_rule(head)
    submit(head)

    before = totals(visit("jr.rangpur"), visit("registrar.bd"), district), score(district)
    sent_back(district, "আদায়ের অঙ্ক চালানের সাথে মিলিয়ে দেখুন।")
    mended_and_submitted_again(head)
    verified(district)
    run_waiting_jobs()
    after = totals(visit("jr.rangpur"), visit("registrar.bd"), district), score(district)
    assert all(new > old for old, new in zip(before[0], after[0], strict=True)), (before, after)
    assert after[1] != before[1]

    sign(district, people["do.lalmonirhat"], NOW)
    clock(NOW + timedelta(hours=1))
    registrar = visit("jr.rangpur")
    sign(registrar, people["jr.rangpur"], NOW + timedelta(hours=1))
    signed = download_the_agreement(district, tmp_path)
    a_stranger_verifies(visit(None), signed, tmp_path)


def log_in_by_form(page: Page, username: str) -> None:
    page.goto("/accounts/login/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", PASSWORD)
    page.click("form:has(input[name=login]) button.button")


def record_an_audit(page: Page) -> str:
    """Allot a planned audit, record it as finished in June; the society's name."""
    page.goto("/audits/?year=2023-24&state=planned")
    link = page.locator("table.table tbody a").first
    society = link.inner_text()
    link.click()
    page.click("p.now a.button")
    page.fill("input[name=auditor]", "সালমা খাতুন, সহকারী পরিদর্শক")
    page.fill("input[name=on]", "০১/০৬/২০২৪")
    page.click("main form button.button")
    page.click("p.now a.button")
    page.fill("input[name=on]", "২৭/০৬/২০২৪")
    page.fill("input[name=net_profit]", "১,২৫,০০০/-")
    page.click("button[value=charges]")
    expect(page.locator("input[name=fee_assessed]")).to_have_value("১০,০০০")
    page.click("button[value=record]")
    expect(page.locator("main")).to_contain_text("১,২৫,০০০")
    return society


def the_audit_stands_behind_the_figure(page: Page, society: str) -> None:
    cell = audited_cell(page)
    page.goto(f"{ENTRY}cells/{cell}/")
    expect(page.locator("main")).to_contain_text(society)


def audited_cell(page: Page) -> str:
    """The cell of D04 for which the registers count the one audit of June."""
    page.goto(ENTRY)
    for part in ("GP", "GC", "BP", "BC"):
        link = page.locator(f"a.figure[href='cells/D04.{part}/']")
        if link.count() and "১" in link.first.inner_text():
            return f"D04.{part}"
    raise AssertionError("the registers count no audit in June")


def enter_the_month(page: Page) -> None:
    """Take the registers' figures, type the rest in Bangla digits, zeros by the section's button."""
    page.goto(ENTRY)
    press_each(page, "take")
    ret = Return.objects.get(office__code="hatibandha", period=JUNE)
    last = Return.objects.get(office__code="hatibandha", period="2024-05").versions.get().values
    amounts = dict(last.values_list("cell", "amount"))
    for cell in catalogue_of(ret.form).entered_cells(ret.office.kind):
        box = page.locator(f"input[name='{cell.key}']")
        if cell.line.kind is LineKind.STOCK and not cell.line.metric:
            box.fill(format_amount(amounts[cell.key], cell.line.unit, bangla=True))
    page.fill("input[name='B03']", "১২")
    page.fill("input[name='B04']", "৮")
    page.fill("input[name='E05']", "১,৫০০")
    page.fill("input[name='K02']", "১")
    page.fill("input[name='K03']", "৯৯")
    press_each(page, "zeros")


def press_each(page: Page, act: str) -> None:
    """Press a section's button in every section that has it; each press saves the whole page."""
    for value in [str(button.get_attribute("value")) for button in page.locator(f"button[value^='{act}:']").all()]:
        page.click(f"button[value='{value}']")


def is_stopped_by_a_rule(page: Page) -> None:
    """More cases settled than there are: the check names the cell and the remedy; it is mended."""
    page.goto(f"{ENTRY}check/")
    expect(page.locator(".error-summary")).to_contain_text("ট০৩")
    page.goto(ENTRY)
    page.fill("input[name='K03']", "০")
    page.locator("button[value^='save']").last.click()


def submit(page: Page) -> None:
    """Settle each warning with a remark, then submit."""
    page.goto(ENTRY)
    for box in page.locator("textarea[name^='remark']").all():
        box.fill("জুন মাসের কাগজে তাই আছে।")
    page.locator("button[value^='save']").first.click()
    page.goto(f"{ENTRY}check/")
    assert page.locator(".error-summary").all_inner_texts() == []
    page.click("form.sheet.stack button.button")
    assert Return.objects.get(office__code="hatibandha", period=JUNE).state == "submitted"


def sent_back(page: Page, reason: str) -> None:
    page.goto("/returns/queue/")
    page.goto(f"{ENTRY}verdict/")
    page.fill("textarea[name=reason]", reason)
    page.select_option("select[name=cell]", "E03")
    page.click("button[name=send_back]")


def mended_and_submitted_again(page: Page) -> None:
    page.goto("/start/")
    expect(page.locator("main")).to_contain_text("চালানের সাথে মিলিয়ে")
    page.click("a[href='#cell-E03']")
    page.fill("input[name='B03']", "১৩")
    page.locator("button[value^='save']").first.click()
    submit(page)


def verified(page: Page) -> None:
    page.goto(f"{ENTRY}verdict/")
    page.click("button[name=verify]")
    assert Return.objects.get(office__code="hatibandha", period=JUNE).state == "verified"


def totals(*pages: Page) -> list[int]:
    """Members admitted since July (B03) of division, department and district."""
    found = []
    for page, office in zip(pages, ("rangpur-division", "bd", "lalmonirhat"), strict=True):
        page.goto(f"/months/{office}/{JUNE}/cells/B03/")
        match = re.search(r"[০-৯][০-৯,]*", page.locator("main .stat dd, main dl dd").first.inner_text())
        found.append(int(parse_decimal(match[0])) if match else -1)
    return found


def score(page: Page) -> str:
    page.goto(f"{AGREEMENT}score/")
    return page.locator("main .sheet").first.inner_text().split("/")[0].strip()


def sign(page: Page, officer: Officer, at: datetime) -> None:
    """Make a key, read its passphrase, sign with it and a code of the second factor."""
    page.goto("/keys/")
    page.locator("form[action$='/make/'] button").first.click()
    passphrase = page.locator(".passphrase code").inner_text()
    page.goto(f"{AGREEMENT}sign/")
    if page.locator("form[action$='/paper/']").count():
        page.click("form[action$='/paper/'] button")
        run_waiting_jobs()
        page.goto(f"{AGREEMENT}sign/")
    expect(page.locator("main")).to_contain_text("২৫")
    code = code_of_step(read_secrets()["totp"][officer.username], step_of(at))
    page.fill("input[name=passphrase]", "ভুল পাসফ্রেজ")
    page.fill("input[name=code]", to_bangla_digits(code))
    page.click("main form:has(input[name=passphrase]) button.button")
    expect(page.locator("main")).not_to_contain_text(passphrase)
    page.fill("input[name=passphrase]", passphrase)
    page.fill("input[name=code]", to_bangla_digits(code))
    page.click("main form:has(input[name=passphrase]) button.button")


def download_the_agreement(page: Page, folder: Path) -> Path:
    agreement = Agreement.objects.get(office__code="lalmonirhat", fiscal_year="2023-24")
    assert agreement.state == "signed" and agreement.document is not None
    answer = page.request.get(f"/documents/{agreement.document.code}/file/")
    path = folder / "agreement.pdf"
    path.write_bytes(answer.body())
    return path


def a_stranger_verifies(page: Page, signed: Path, folder: Path) -> None:
    page.goto("/verify/")
    page.set_input_files("input[type=file]", signed)
    page.click("form:has(input[type=file]) button.button")
    expect(page.locator("main section").first).to_contain_text("মাহমুদা বেগম")
    expect(page.locator("main section").first).to_contain_text("শফিকুল ইসলাম")
    expect(page.locator(".verdict--valid")).to_have_count(1)
    altered = folder / "altered.pdf"
    data = bytearray(signed.read_bytes())
    data[len(data) // 3] ^= 1
    altered.write_bytes(data)
    page.goto("/verify/")
    page.set_input_files("input[type=file]", altered)
    page.click("form:has(input[type=file]) button.button")
    expect(page.locator(".verdict--invalid")).to_have_count(1)
