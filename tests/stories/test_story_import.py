"""An administrator imports a district's returns from a ZIP; another one verifies them on import, in an own account."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from jobs.services import run_waiting_jobs
from offices.choices import Post
from returns.models import Return
from tests.factories import make_officer
from tests.returns.factories_returns import JULY, after, make_world
from tests.returns.factories_workbooks import filled, template

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("javascript", [False, pytest.param(True, marks=pytest.mark.full)])
def test_a_zip_is_looked_at_imported_and_verified_by_two_people(
    open_page: Callable[..., Page], clock: Callable[[datetime], None], tmp_path: Path, javascript: bool
) -> None:
    clock(after(JULY, 4))
    world = make_world()
    sender = make_officer(Post.SYSTEM_ADMIN, world.tree.department, username="sender")
    judge = make_officer(Post.PERFORMANCE_ADMIN, world.tree.department, username="judge")
    content = filled(template(world.upazila, JULY, at=after(JULY)), {"B03": 5})
    file = tmp_path / "জুলাই.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("লালমনিরহাট/হাতীবান্ধা.xlsx", content)
        archive.writestr("নষ্ট.xlsx", content[: len(content) // 2])

    page = open_page(sender, javascript=javascript)
    page.goto("/returns/uploads/")
    page.get_by_label("মাস", exact=True).select_option("2023-07")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_label("পূরণের পর প্রতিটি রিটার্ন জমা দিন").check()
    page.locator("select[name=verify_by]").select_option(str(judge.pk))
    page.get_by_role("button", name="প্রতিটির কী হবে দেখুন").click()
    here = page.url
    run_waiting_jobs()
    page.goto(here)
    expect(page.get_by_role("main")).to_contain_text("এখনো কিছু সংরক্ষণ হয়নি")
    expect(page.get_by_role("row").filter(has_text="নষ্ট.xlsx")).to_contain_text("গৃহীত হয়নি")
    assert not Return.objects.exists()

    page.get_by_role("button", name="সম্মতি").click()
    run_waiting_jobs()
    page.goto(here)
    expect(page.get_by_role("row").filter(has_text="হাতীবান্ধা.xlsx")).to_contain_text("জমা হয়েছে")

    theirs = open_page(judge, javascript=javascript)
    theirs.goto("/inbox/")
    theirs.locator(f"a[href='{here.removeprefix(page.url.split('/returns')[0])}']").first.click()
    theirs.get_by_role("button", name="জমা হওয়া রিটার্ন যাচাই করুন").click()
    run_waiting_jobs()
    theirs.goto(here)
    expect(theirs.get_by_role("row").filter(has_text="হাতীবান্ধা.xlsx")).to_contain_text("আমদানির সময় যাচাইকৃত")
    with page.expect_download() as download:
        page.get_by_role("link", name="XLSX").click()
    assert zipfile.is_zipfile(io.BytesIO(Path(download.value.path()).read_bytes()))
