"""A district starts from three workbooks, officers, societies and baselines, and comes to its first verified month.

The clock stands at 3 November 2023, then at 3 December: the first return is November's.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from core.periods import Period
from offices.choices import Post
from offices.models import Office, Officer
from returns import services
from returns.models import ReturnVersion
from returns.workbooks.baselines import CLOSINGS
from societies.models import Society
from tests.core.factories_lists import changed, filled_list
from tests.factories import make_officer, make_tree
from tests.returns.factories_returns import fill, form_data, on

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CODES = ("hatibandha", "patgram", "aditmari")
NOVEMBER = Period.month(2023, 11)
OWN_WORD = "নতুন গোপন শব্দ ২০২৩"


@pytest.mark.full
def test_a_district_starts_from_three_workbooks(
    open_page: Callable[..., Page], clock: Callable[[datetime], None], tmp_path: Path
) -> None:
    clock(on(2023, 11, 3))
    tree = make_tree()
    admin = make_officer(Post.SYSTEM_ADMIN, tree.department)
    services.publish_form(form_data(), by=admin, at=on(2023, 6, 1))
    keeper = make_officer(Post.DISTRICT_OFFICER, tree.district)
    above = make_officer(Post.JOINT_REGISTRAR, tree.division)

    page = open_page(keeper)
    page.goto("/")
    page.get_by_role("link", name="আপনার জেলার কার্যালয়গুলো চালু করুন").click()
    slips = make_officers(page, tmp_path)
    enter_societies(page, tmp_path)
    enter_baselines(page, tmp_path)
    judge = open_page(above)
    judge.goto("/")
    judge.get_by_role("link", name="ভিত্তি স্থিতি যাচাই করুন").first.click()
    judge.get_by_role("button", name="এই ভিত্তি স্থিতিগুলো যাচাই করুন").click()
    expect(judge.get_by_role("main")).not_to_contain_text("আসেনি")

    clock(on(2023, 12, 3))
    own = open_page(None)
    log_in_with_the_slip(own, slips)
    submit_the_first_month(own)
    for code in CODES[1:]:
        submitted_by_services(Office.objects.get(code=code))
    for code in CODES:
        page.goto(f"/returns/{code}/{NOVEMBER}/verdict/")
        page.get_by_role("button", name="রিটার্ন যাচাই করুন").click()
    assert set(ReturnVersion.objects.values_list("ret__office__code", "ret__period", "state")) == {
        (code, NOVEMBER, "verified") for code in CODES
    }


def send(page: Page, content: bytes, folder: Path, button: str) -> None:
    file = folder / "filled.xlsx"
    file.write_bytes(content)
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name=button).click()


def downloaded(page: Page, what: str = "link") -> bytes:
    with page.expect_download() as waiting:
        page.get_by_role(what, name="ওয়ার্কবুক নামান").click()  # type: ignore[arg-type]
    return Path(waiting.value.path()).read_bytes()


def make_officers(page: Page, folder: Path) -> str:
    """The words on the slips."""
    page.get_by_role("link", name="প্রতি কার্যালয়ে প্রধান আছেন").click()
    rows: Sequence[Sequence[object]] = [
        [code, "উপজেলা সমবায় অফিসার", f"কর্মকর্তা {code}", f"Officer {code}", f"uo.{code}", None, "01/07/2023", None]
        for code in CODES
    ]
    send(page, filled_list(downloaded(page), rows), folder, "কী তৈরি হবে দেখান")
    expect(page.get_by_role("main")).to_contain_text("৩টি সারি ঠিক আছে")
    assert not Officer.objects.filter(username="uo.hatibandha").exists()
    page.get_by_role("button", name="সম্মত: অ্যাকাউন্ট ও চিরকুট তৈরি করুন").click()
    address = page.locator("a[download]").get_attribute("href") or ""
    pdf = pypdfium2.PdfDocument(base64.b64decode(address.partition("base64,")[2]))
    return "\n".join(sheet.get_textpage().get_text_bounded() for sheet in pdf)


def enter_societies(page: Page, folder: Path) -> None:
    page.goto("/starting/lalmonirhat/")
    page.get_by_role("link", name="সমিতির রেজিস্টার তোলা হয়েছে").click()
    rows = [
        [code, f"সূর্যমুখী সমিতি {number}", None, f"{code}-{number}", "১০/০৫/২০২২", None, "প্রাথমিক", "general", "21"]
        for code in CODES
        for number in (1, 2)
    ]
    send(page, filled_list(downloaded(page), rows), folder, "কী দেওয়া হবে দেখান")
    page.get_by_role("button", name="সম্মত: ৬টি সমিতি তুলুন").click()
    expect(page.get_by_role("main")).to_contain_text("৬টি সমিতি")
    assert Society.objects.count() == 6


def enter_baselines(page: Page, folder: Path) -> None:
    page.goto("/starting/lalmonirhat/")
    page.get_by_role("link", name="ভিত্তি স্থিতি দেওয়া হয়েছে").click()

    def type_in(book: Any) -> None:
        for row in book[CLOSINGS].iter_rows(min_row=4):
            for cell in row[4:]:
                cell.value = {"A07.GP": "২", "B07": 20, "B08": 25}.get(row[0].value, 0)

    send(page, changed(downloaded(page, "button"), type_in), folder, "কী দেওয়া হবে দেখান")
    expect(page.get_by_role("row", name="ক০৭ মাস শেষে মোট সমিতি: সাধারণ প্রাথমিক").first).to_contain_text("৬")
    page.get_by_role("button", name="সম্মত: ভিত্তি স্থিতি দিন").click()
    expect(page.get_by_role("main")).to_contain_text("৩টি কার্যালয়ের ভিত্তি স্থিতি")


def log_in_with_the_slip(page: Page, slips: str) -> None:
    """The first password opens its own change, and then the first return."""
    found = re.search(r"uo\.hatibandha\s+.*?([a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4})", slips, re.DOTALL)
    assert found, slips
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill("uo.hatibandha")
    page.locator("input[name=password]").fill(found[1])
    page.locator("input[name=password]").press("Enter")
    for field, word in (("oldpassword", found[1]), ("password1", OWN_WORD), ("password2", OWN_WORD)):
        page.locator(f"input[name={field}]").fill(word)
    page.locator("input[name=password2]").press("Enter")
    page.goto("/start/")
    expect(page).to_have_url(re.compile(f"/returns/hatibandha/{NOVEMBER}/"))


def submit_the_first_month(page: Page) -> None:
    page.get_by_role("button", name="রেজিস্টারের সব সংখ্যা নিন").click()
    blanks = page.locator("form.entry-page input[inputmode=decimal]")
    for box in blanks.all():
        if box.is_editable() and not box.input_value():
            box.fill("০")
    page.locator("button[value^=save]").first.click()
    page.goto(f"/returns/hatibandha/{NOVEMBER}/check/")
    page.get_by_role("button", name="রিটার্ন জমা দিন").click()
    assert ReturnVersion.objects.get(ret__office__code="hatibandha").state == "submitted"


def submitted_by_services(office: Office) -> None:
    """What the browser did for one office, for another."""
    by, at = Officer.objects.get(username=f"uo.{office.code}"), on(2023, 12, 3)
    ret = services.open_return(office, NOVEMBER, by=by, at=at)
    fill(ret, by=by, at=at)
    services.submit_return(ret, by=by, at=at)
