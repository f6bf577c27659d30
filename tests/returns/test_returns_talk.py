"""Comments and flags at a cell, files beside a line: both sides see them, and who may not, does not."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from core.errors import UserError
from core.models import Activity
from documents.models import StoredFile
from documents.registry import build_paper
from offices.choices import Post
from returns import services
from returns.cell_models import Comment, Flag, LineFile
from returns.file_kinds import MOST_BYTES, MOST_FILES, kind_of, safe_name
from returns.models import Return
from returns.papers import RETURN
from tests.factories import make_officer
from tests.returns.factories_returns import AUGUST, World, after, fill, make_world, submitted, verified

pytestmark = pytest.mark.django_db
HERE = "/returns/hatibandha/2023-08/"
PDF = b"%PDF-1.7 proof"


@pytest.fixture
def world(settings: Settings) -> World:
    settings.PORTAL_CLOCK = after(AUGUST)
    world = make_world()
    verified(world)
    return world


@pytest.fixture
def draft(world: World) -> Return:
    ret = services.open_return(world.upazila, AUGUST, by=world.clerk, at=after(AUGUST))
    fill(ret, by=world.clerk, at=after(AUGUST))
    return ret


def browser(world: World, who: str = "officer") -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(getattr(world, who))
    return client


def workbook(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as book:
        for name in names:
            book.writestr(name, "<x/>")
    return file.getvalue()


def test_both_sides_talk_at_the_cell_and_see_it_where_they_work(world: World, draft: Return) -> None:
    head, district = browser(world), browser(world, "district_officer")
    assert head.post(f"{HERE}cells/B03/talk/", {"say": "1", "text": "Fair of the union."}).status_code == 302
    for page in (HERE, f"{HERE}check/", f"{HERE}cells/B03/"):
        assert "1 comment" in (text := head.get(page).content.decode()) or "Fair of the union." in text, page
    services.submit_return(draft, by=world.officer, at=after(AUGUST))
    district.post(f"{HERE}cells/B03/talk/", {"say": "1", "text": "Which one?", "flag": "1"})
    page = district.get(f"{HERE}verdict/").content.decode()
    for words in ("Fair of the union.", "Which one?", world.officer.name_en, world.district_officer.name_en, "⚑"):
        assert words in page
    assert "Which one?" in head.get(HERE).content.decode(), "the entering office reads it, too"
    assert [c.by for c in Comment.objects.all()] == [world.officer, world.district_officer]
    assert Activity.objects.filter(verb="returns.write_comment").count() == 2


def test_the_list_of_sections_counts_what_stands_there(world: World, draft: Return) -> None:
    for cell in ("B03", "B04"):
        services.write_comment(draft, cell=cell, text="x", by=world.clerk, at=after(AUGUST))
    services.attach_file(draft, line="B04", name="a.pdf", data=PDF, by=world.clerk, at=after(AUGUST))
    assert '<span class="sub">2 comments · 1 file</span>' in browser(world).get(HERE).content.decode()


@pytest.mark.parametrize("text", ["", "  ", "\u200b", "x" * 1001])
def test_a_comment_says_something_in_a_thousand_characters(world: World, draft: Return, text: str) -> None:
    with pytest.raises(UserError):
        services.write_comment(draft, cell="B03", text=text, by=world.clerk, at=after(AUGUST))


def test_whoever_neither_enters_nor_verifies_says_nothing(world: World, draft: Return) -> None:
    strangers = [
        make_officer(Post.UPAZILA_OFFICER, world.tree.sibling),
        make_officer(Post.DISTRICT_OFFICER, world.tree.foreign_district),
    ]
    for stranger in strangers:
        with pytest.raises(PermissionDenied):
            services.write_comment(draft, cell="B03", text="x", by=stranger, at=after(AUGUST))
    with pytest.raises(UserError):
        services.write_comment(draft, cell="Z99", text="x", by=world.clerk, at=after(AUGUST))
    with pytest.raises(PermissionDenied):
        services.flag_cell(draft, cell="B03", by=world.officer, at=after(AUGUST))


def test_a_flag_stands_out_stops_verification_and_leads_the_office_there(world: World, draft: Return) -> None:
    with pytest.raises(UserError):
        services.flag_cell(draft, cell="E03", by=world.district_officer, at=after(AUGUST))
    submitted(world, AUGUST)
    for cell in ("E03", "B04", "B04"):
        services.flag_cell(draft, cell=cell, by=world.district_officer, at=after(AUGUST))
    assert Flag.objects.count() == 2
    with pytest.raises(UserError) as refused:
        services.verify_return(draft, by=world.district_officer, at=after(AUGUST, 4))
    assert refused.value.cell == "B04"
    services.send_back_return(draft, reason="Look.", by=world.district_officer, at=after(AUGUST, 4))
    page = browser(world).get(HERE).content.decode()
    assert 'href="#cell-B04"' in page and 'class="sub flagged"' in page
    services.submit_return(draft, by=world.officer, at=after(AUGUST, 5))
    district = browser(world, "district_officer")
    for cell in ("B04", "E03"):
        assert "Clear the flag" in district.get(f"{HERE}cells/{cell}/").content.decode()
        district.post(f"{HERE}cells/{cell}/talk/", {"clear": "1", "text": ""})
    assert not Flag.objects.filter(cleared_at=None).exists() and Flag.objects.count() == 2
    services.verify_return(draft, by=world.district_officer, at=after(AUGUST, 6))


def test_many_files_beside_a_line_are_seen_by_both_and_handed_out_safely(world: World, draft: Return) -> None:
    head, district = browser(world), browser(world, "district_officer")
    files = [SimpleUploadedFile("নিরীক্ষা প্রতিবেদন.PDF", PDF), SimpleUploadedFile("photo.pdf", b"\xff\xd8\xff\xe0 jpeg")]
    assert head.post(f"{HERE}cells/D04.GP/files/", {"files": files}).status_code == 302
    assert [row.name for row in LineFile.objects.all()] == ["নিরীক্ষা প্রতিবেদন.pdf", "photo.jpg"]
    services.submit_return(draft, by=world.officer, at=after(AUGUST))
    row = LineFile.objects.select_related("file").first()
    assert row is not None
    for page in (f"{HERE}verdict/", f"{HERE}cells/D04/", f"{HERE}cells/D04.GP/"):
        assert row.name in district.get(page).content.decode(), page
    answer = district.get(f"{HERE}files/{row.pk}/")
    assert answer.content == PDF and answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment;") and answer["X-Content-Type-Options"] == "nosniff"
    stranger = Client()
    stranger.force_login(make_officer(Post.UPAZILA_OFFICER, world.tree.sibling))
    assert stranger.get(f"{HERE}files/{row.pk}/").status_code == 404
    assert district.get(f"/returns/hatibandha/2023-07/files/{row.pk}/").status_code == 404
    with pytest.raises(UserError):
        services.attach_file(draft, line="D04", name="b.pdf", data=PDF, by=world.clerk, at=after(AUGUST))


def test_the_same_bytes_stand_once_and_can_be_taken_away_from_a_draft(world: World, draft: Return) -> None:
    for name in ("a.pdf", "b.pdf"):
        services.attach_file(draft, line="D04", name=name, data=PDF, by=world.clerk, at=after(AUGUST))
    row = LineFile.objects.get()
    head = browser(world)
    assert "Take away" in head.get(f"{HERE}cells/D04/").content.decode()
    assert head.post(f"{HERE}files/{row.pk}/").status_code == 302
    assert not LineFile.objects.exists() and StoredFile.objects.filter(sha256=row.file.sha256).exists()
    assert Activity.objects.filter(verb="returns.remove_file").exists()
    head.post(f"{HERE}cells/D04/files/")
    assert "Choose a file first." in head.get(f"{HERE}cells/D04/").content.decode()


def test_a_line_holds_so_many_files(world: World, draft: Return) -> None:
    for number in range(MOST_FILES):
        services.attach_file(
            draft, line="D04", name="a.pdf", data=PDF + bytes([number]), by=world.clerk, at=after(AUGUST)
        )
    with pytest.raises(UserError):
        services.attach_file(draft, line="D04", name="a.pdf", data=PDF, by=world.clerk, at=after(AUGUST))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html><script>",
        b"MZ\x90",
        b"PK\x03\x04 broken",
        workbook("word/document.xml", "[Content_Types].xml"),
        b"%PDF-" + b"0" * MOST_BYTES,
    ],
    ids=["empty", "page", "program", "broken zip", "document", "too large"],
)
def test_what_is_none_of_the_four_kinds_is_refused_by_name(world: World, draft: Return, data: bytes) -> None:
    head = browser(world)
    head.post(
        f"{HERE}cells/D04/files/",
        {"files": [SimpleUploadedFile("proof.pdf", data), SimpleUploadedFile("good.pdf", PDF)]},
    )
    assert "proof" in head.get(HERE).content.decode()
    assert [row.name for row in LineFile.objects.all()] == ["good.pdf"], "the other one is kept"


def test_a_workbook_is_known_by_its_contents() -> None:
    assert kind_of(workbook("[Content_Types].xml", "xl/workbook.xml"), "a").ending == "xlsx"
    assert kind_of(b"\x89PNG\r\n\x1a\n", "a").ending == "png"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\scans\\৫.jpeg", "৫.pdf"),
        ("safe\u202efdp.exe", "safefdp.exe.pdf"),
        ("", "file.pdf"),
        ("...", "file.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
    ],
)
def test_names_cannot_deceive(sent: str, kept: str) -> None:
    assert safe_name(sent, "pdf") == kept


@given(st.text(max_size=300))
def test_any_name_becomes_a_short_one_without_folders(name: str) -> None:
    kept = safe_name(name, "pdf")
    assert kept.endswith(".pdf") and 5 <= len(kept) <= 120
    assert not set(kept) & set('/\\:*?"<>|\r\n\t\0\u202e')


def test_files_are_listed_with_their_hash_on_the_paper_and_in_its_data(world: World, draft: Return) -> None:
    arguments = {"office": "hatibandha", "period": "2023-08"}
    before = build_paper(RETURN, arguments)
    row = services.attach_file(draft, line="D04", name="a.pdf", data=PDF, by=world.clerk, at=after(AUGUST))
    paper = build_paper(RETURN, arguments)
    assert [file.sha256 for file in paper.context["files"]] == [row.file.sha256] and not before.context["files"]
    assert row.file.sha256 in paper.attachments[0].content.decode()


def test_the_pages_cost_the_same_whatever_is_said(world: World, draft: Return) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            for page in (HERE, f"{HERE}check/", f"{HERE}cells/D04/"):
                browser_of.get(page)
        return len(asked)

    browser_of = browser(world)
    services.write_comment(draft, cell="D04", text="x", by=world.clerk, at=after(AUGUST))
    services.attach_file(draft, line="D04", name="a.pdf", data=PDF, by=world.clerk, at=after(AUGUST))
    cost()
    one = cost()
    for cell in ("B03", "B04", "D04"):
        services.write_comment(draft, cell=cell, text="x", by=world.officer, at=after(AUGUST))
        services.attach_file(
            draft, line=cell, name="a.pdf", data=PDF + cell.encode(), by=world.officer, at=after(AUGUST)
        )
    assert cost() == one
