"""Every list page gives its table as a spreadsheet, within the reader's offices and with its filters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from openpyxl import load_workbook

from jobs.services import run_waiting_jobs
from offices.choices import OfficeKind, Post
from offices.models import Officer
from returns import services
from returns.models import Baseline
from returns.upload_models import Upload
from returns.uploads import start_upload
from tests.audits.factories_audits import make_audit
from tests.contracts.factories_contracts import make_agreement
from tests.documents.factories_centre import made_documents
from tests.factories import make_officer
from tests.returns.factories_papers import settle
from tests.returns.factories_returns import JULY, JUNE, World, after, fill, make_world, on
from tests.societies.factories_societies import make_society

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class List:
    """A list page: where, for whom, narrowed how, a text that then stands in its table and one that does not."""

    template: str
    address: str
    who: str = "district"
    query: str = ""
    kept: str = ""
    dropped: str = ""


HB, PG = "upazila-officer-hatibandha", "upazila-officer-patgram"
MONTH = "/months/lalmonirhat/2023-07/"
LISTS = [
    List("societies/list.html", "/societies/", query="office=hatibandha", kept="যমুনা", dropped="মেঘনা"),
    List("societies/list.html", "/societies/", query="q=মেঘনা", kept="মেঘনা", dropped="যমুনা"),
    List("societies/list.html", "/societies/", query="tier=central", dropped="যমুনা"),
    List("audits/list.html", "/audits/", query="year=&q=যমুনা", kept="যমুনা", dropped="মেঘনা"),
    List("audits/list.html", "/audits/", query="year=&office=patgram", kept="মেঘনা", dropped="যমুনা"),
    List("contracts/list.html", "/agreements/", "admin", kept="lalmonirhat"),
    List("contracts/score.html", "/agreements/lalmonirhat/2023-24/score/", "admin", kept="1.1.1"),
    List(
        "offices/officers.html",
        "/officers/",
        query="office=hatibandha",
        kept="upazila-officer-hatibandha",
        dropped="upazila-officer-patgram",
    ),
    List(
        "offices/officers.html",
        "/officers/",
        query="words=officer-patgram",
        kept="upazila-officer-patgram",
        dropped="upazila-officer-hatibandha",
    ),
    List("offices/rights.html", "/rights/", kept="রিটার্ন যাচাই"),
    List("jobs/jobs.html", "/jobs/", "watch", kept="returns.preview_upload"),
    List("documents/documents.html", "/documents/", query="words=hatibandha", kept="দলিল-হা", dropped="দলিল-পা"),
    List("documents/centre.html", "/papers/lalmonirhat/2023-07/", query="words=hatibandha", kept="hatibandha (বাংলা)"),
    List("returns/months.html", "/returns/", "office", kept="জুলাই ২০২৩"),
    List("returns/months.html", "/returns/hatibandha/", kept="জুলাই ২০২৩"),
    List("returns/queue.html", "/returns/queue/", kept="জুলাই ২০২৩"),
    List("returns/_below.html", MONTH, kept="hatibandha (বাংলা)"),
    List("returns/_month_sections.html", f"{MONTH}lines/", kept="B03"),
    List("returns/month_cell.html", f"{MONTH}cells/B03/", kept="hatibandha (বাংলা)"),
    List("returns/exceptions.html", f"{MONTH}exceptions/", kept="patgram (বাংলা)", dropped="aditmari (বাংলা)"),
    List("returns/late.html", "/returns/late/", kept="patgram (বাংলা)", dropped="hatibandha (বাংলা)"),
    List("returns/deadlines.html", "/returns/deadlines/", "admin", kept="বন্যার জন্য"),
    List("returns/annexes.html", "/returns/hatibandha/2023-07/annexes/", kept="যমুনা", dropped="মেঘনা"),
    List("returns/_annex_societies.html", "/returns/hatibandha/2023-07/annexes/", kept="যমুনা"),
    List("returns/uploads.html", "/returns/uploads/", "admin", kept="july.csv"),
    List("returns/upload.html", "/returns/uploads/UPLOAD/", "admin", query="only=refused", kept="july.csv"),
    List("returns/baselines_above.html", "/returns/bd/baselines/", "watch", kept="lalmonirhat (বাংলা)"),
    List("reports/quarter.html", "/quarters/lalmonirhat/2023-24-Q1/", kept="B03"),
    List("reports/starting_districts.html", "/starting/", "watch", kept="lalmonirhat (বাংলা)"),
    List("reports/starting.html", "/starting/lalmonirhat/", kept="hatibandha"),
]
FORM, ONE, PREVIEW = "a form that is filled in", "one row with its parts", "shown once, before consent; nothing is kept"
NOT_LISTS = {
    "audits/charges.html": "the sums of one audit, part of its page",
    "audits/detail.html": ONE,
    "contracts/achievements.html": FORM,
    "contracts/agreement.html": "one agreement; `export_agreement` gives it as a file",
    "contracts/indicator.html": "one line of the scorecard, which downloads as a whole",
    "core/look.html": "the living page of the look",
    "documents/document.html": "one document; its file carries the data",
    "documents/keys.html": "the officer's own keys",
    "offices/officer.html": ONE,
    "offices/officer_book_preview.html": PREVIEW,
    "returns/_asked.html": FORM,
    "returns/_baselines_table.html": "the baselines of a district, which come and go as a workbook of their own",
    "returns/_beside.html": "what stands beside one figure",
    "returns/_key_figures.html": "columns of the overview, whose list of offices downloads",
    "returns/_map.html": "the overview's list of offices, drawn as a map",
    "returns/_plain.html": FORM,
    "returns/_preview.html": PREVIEW,
    "returns/_section_grid.html": "the return itself, whose workbook is the template of the month",
    "returns/_section_list.html": "the return itself, whose workbook is the template of the month",
    "returns/amend.html": FORM,
    "returns/amendment.html": ONE,
    "returns/baseline.html": "one office's baseline, which comes and goes in the district's workbook",
    "returns/cell.html": "one figure with its versions",
    "returns/checks.html": "what the checks look at, in words",
    "returns/form_draft.html": PREVIEW,
    "returns/forms.html": "the published forms, each of which downloads as its own workbook",
    "returns/verdict.html": "one return, read for a verdict",
    "returns/versions.html": "two versions of one return, side by side",
    "returns/workbook_preview.html": PREVIEW,
    "societies/book_preview.html": PREVIEW,
    "societies/detail.html": ONE,
}


def pages_with_tables() -> set[str]:
    """Templates that draw a table, but for papers."""
    folder = Path(settings.BASE_DIR) / "templates"
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*.html") if "<table" in path.read_text()}
    return {name for name in found if not name.startswith("pdf/")}


def test_every_page_with_a_table_is_a_list_that_downloads_or_says_why_not() -> None:
    listed = {one.template for one in LISTS}
    assert not listed & NOT_LISTS.keys()
    assert pages_with_tables() == listed | NOT_LISTS.keys()


def table(client: Client, address: str) -> list[tuple[Any, ...]]:
    response = client.get(f"{address}{'&' if '?' in address else '?'}as=xlsx")
    assert response.status_code == 200 and response.headers["Content-Disposition"].startswith("attachment"), address
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    return list(load_workbook(BytesIO(content)).active.iter_rows(values_only=True))


@pytest.fixture
def world(clock: Any) -> World:
    """Two upazilas with a society, an audit and a paper each; July of the first is verified, the second has none."""
    clock(after(JULY, 8))
    made = make_world()
    tree = made.tree
    make_society(tree.upazila, reg_on=JULY.first, name_bn="যমুনা সমবায় সমিতি")
    other = make_society(tree.sibling, name_bn="মেঘনা সমবায় সমিতি")
    ret = services.open_return(tree.upazila, JULY, by=made.clerk, at=after(JULY))
    fill(ret, by=made.clerk, at=after(JULY), B03=12)
    settle(ret, by=made.clerk)
    services.submit_return(ret, by=made.officer, at=after(JULY))
    services.verify_return(ret, by=made.district_officer, at=after(JULY, 4))
    known: dict[str, Any] = {"entered_by": made.district_officer, "entered_at": on(2023, 7, 1)}
    Baseline.objects.create(office=tree.sibling, period=JUNE, form=made.form, **known)
    make_audit(tree.upazila, society=make_society(tree.upazila, name_bn="যমুনা বহুমুখী"))
    make_audit(tree.sibling, society=other)
    make_agreement(tree, at=after(JULY, 5))
    for office, title in ((tree.upazila, "দলিল-হা"), (tree.sibling, "দলিল-পা")):
        made_documents([office], title_bn=title)
    admin = Officer.objects.get(postings__post=Post.PERFORMANCE_ADMIN)
    last_day = on(2023, 10, 12).date()
    reason = "বন্যার জন্য সময় বাড়ানো হলো।"
    services.set_deadline(
        OfficeKind.UPAZILA, JULY.shift(2), last_day=last_day, reason=reason, by=admin, at=after(JULY, 5)
    )
    known = {"period": JULY, "submit": False, "verify_by": None, "by": admin, "at": after(JULY, 5)}
    start_upload(BytesIO(b"nothing"), "july.csv", key="k", **known)
    run_waiting_jobs()
    return made


def reader(world: World, who: str) -> Officer:
    if who == "admin":
        return Officer.objects.get(postings__post=Post.PERFORMANCE_ADMIN)
    if who == "watch":
        return make_officer(Post.SYSTEM_ADMIN, world.tree.department, username="watch")
    return world.officer if who == "office" else world.district_officer


@pytest.mark.parametrize("one", LISTS, ids=lambda one: f"{one.template}?{one.query}")
def test_a_list_downloads_with_its_filter(world: World, client: Client, one: List) -> None:
    client.force_login(reader(world, one.who))
    address = one.address.replace("UPLOAD", str(Upload.objects.get().pk))
    page = client.get(f"{address}?{one.query}").content.decode()
    link = re.search(r'href="([^"]*as=xlsx[^"]*)"', page)
    if one.kept:
        assert link, "the page offers its list as a file"
        assert all(f"{part.split('=')[0]}=" in link[1] for part in one.query.split("&") if part), link[1]
    told = " ".join(str(cell) for row in table(client, f"{address}?{one.query}") for cell in row)
    assert one.kept in told and (not one.dropped or one.dropped not in told), told
    if one.dropped and one.query:
        everything = " ".join(str(cell) for row in table(client, address + "?year=") for cell in row)
        assert one.dropped in everything, "the filter is what drops it"


def test_figures_stand_in_the_tables(world: World, client: Client) -> None:
    client.force_login(world.district_officer)
    totals = {row[0]: row for row in table(client, f"{MONTH}lines/")}
    assert totals["B03"][totals["কোড"].index("মোট")] == 12
    offices = table(client, MONTH)
    assert offices[1][offices[0].index("যাচাইকৃত")] == 1
    assert table(client, f"{MONTH}cells/B03/")[1][1] == 12
    assert client.get("/months/sylhet/2023-07/", {"as": "xlsx"}).status_code == 404
