"""``import_returns``: workbooks and CSV become returns, each office all or nothing, with whose hands on record."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import translation

from core.models import Activity
from core.periods import Period
from jobs.models import Job
from jobs.services import run_waiting_jobs
from offices.choices import OfficeKind, Post
from offices.models import Office, Officer
from returns import services
from returns.choices import Origin
from returns.models import Baseline, Return, ReturnVersion, Value
from returns.months import month_of
from returns.papers.office_return import return_paper
from returns.published import catalogue_of
from returns.services.baselines import needed_closings
from tests.core.factories_lists import forged
from tests.factories import make_office, make_officer
from tests.returns.factories_returns import JULY, JUNE, World, after, form_data, make_world, on
from tests.returns.factories_workbooks import changed, filled, template
from tests.societies.factories_societies import make_society

pytestmark = pytest.mark.django_db
IN_TIME = after(JULY)


@pytest.fixture(autouse=True)
def _in_august(clock: Any) -> None:
    clock(IN_TIME)


def admin(world: World, post: Post = Post.SYSTEM_ADMIN) -> Officer:
    return make_officer(post, world.tree.department, username=f"importing-{post.value}")


def run(path: Path, *words: str) -> tuple[dict[str, Any], str]:
    """The report of the command, and its complaint."""
    out, err, complaint = io.StringIO(), io.StringIO(), ""
    try:
        call_command("import_returns", str(path), "--period", "2023-07", "--json", *words, stdout=out, stderr=err)
    except CommandError as error:
        complaint = str(error)
    return json.loads(out.getvalue() or "{}"), complaint


def workbook(world: World, path: Path, office: Office | None = None, **figures: object) -> Path:
    office = office or world.upazila
    file = path / f"{office.code}.xlsx"
    file.write_bytes(filled(template(office, JULY, at=IN_TIME), {k.replace("__", "."): v for k, v in figures.items()}))
    return file


def as_csv(world: World, path: Path, **figures: object) -> Path:
    """A whole return as CSV: zero, but for what is named."""
    cells = {c.key: "0" for c in world.catalogue.entered_cells("upazila")}
    cells |= {cell.replace("__", "."): str(figure) for cell, figure in figures.items()}
    file = path / "july.csv"
    with file.open("w", newline="", encoding="utf-8-sig") as opened:
        rows = csv.writer(opened)
        rows.writerow(["office", "period", "form", "line", "value"])
        rows.writerows(["hatibandha", "2023-07", "MR/1", cell, figure] for cell, figure in cells.items())
    return file


def test_an_administrator_imports_submits_and_another_verifies_on_import(tmp_path: Path, client: Client) -> None:
    world = make_world()
    file = workbook(world, tmp_path, B03="১২", C10=1.25)
    by, judge = admin(world), admin(world, Post.PERFORMANCE_ADMIN)
    report, complaint = run(file, "--as", by.username, "--submit", "--verify-as", judge.username)
    assert not complaint
    assert report["offices"][0]["state"] == "verified" and report["imported"] == 1
    version = ReturnVersion.objects.get()
    assert (version.imported_by, version.submitted_by, version.decided_by) == (by, by, judge)
    assert version.is_verified_on_import
    client.force_login(world.officer)
    page = client.get("/returns/hatibandha/2023-07/").content.decode()
    assert f"ফাইল থেকে এনেছেন {by.name_bn}" in page and f"আমদানির সময় যাচাই করেছেন {judge.name_bn}" in page
    hands = {hand.act: hand.name for hand in return_paper(office="hatibandha", period="2023-07").context["hands"]}
    assert hands["আমদানির সময় যাচাই করেছেন"] == judge.name_bn and hands["ফাইল থেকে এনেছেন"] == by.name_bn
    amounts = dict(Value.objects.values_list("cell", "amount"))
    assert amounts["B03"] == 12 and amounts["C10"] == 12_500_000
    verbs = Activity.objects.filter(subject__startswith="returns.return:").values_list("verb", flat=True)
    assert {"returns.open_return", "returns.import_return", "returns.submit_return", "returns.verify_return"} <= {
        *verbs
    }


def test_the_immediate_superior_may_verify_on_import_too(tmp_path: Path) -> None:
    world = make_world()
    file = workbook(world, tmp_path)
    words = ["--as", world.officer.username, "--submit", "--verify-as", world.district_officer.username]
    report, complaint = run(file, *words)
    assert Job.objects.filter(kind="returns.compute_total").count() == 3
    assert not complaint and report["offices"][0]["state"] == "verified"
    assert ReturnVersion.objects.get().is_verified_on_import


@pytest.mark.parametrize("who", ["foreign", "clerk", "district", "joint"])
def test_nobody_else_imports(tmp_path: Path, who: str) -> None:
    world = make_world()
    file = workbook(world, tmp_path)
    login = {
        "foreign": lambda: make_officer(Post.UPAZILA_OFFICER, world.tree.sibling),
        "clerk": lambda: world.clerk,
        "district": lambda: world.district_officer,
        "joint": lambda: world.joint_registrar,
    }[who]().username
    report, complaint = run(file, "--as", login)
    assert complaint and report["offices"][0]["state"] == "failed"
    assert not Return.objects.exists()


def test_whoever_imports_does_not_verify_and_a_stranger_neither(tmp_path: Path) -> None:
    world = make_world()
    file = workbook(world, tmp_path)
    login = admin(world).username
    assert run(file, "--as", login, "--submit", "--verify-as", login)[1]
    report, complaint = run(file, "--as", login, "--submit", "--verify-as", world.joint_registrar.username)
    assert complaint and world.joint_registrar.name in report["offices"][0]["message"]
    assert not Return.objects.exists()


def test_a_dry_run_judges_and_keeps_nothing(tmp_path: Path) -> None:
    world = make_world()
    report, complaint = run(workbook(world, tmp_path, B03=3), "--as", admin(world).username, "--submit", "--dry-run")
    assert not complaint and report["offices"][0]["state"] == "submitted" and report["dry_run"]
    assert not Return.objects.exists() and not Activity.objects.filter(verb="returns.open_return").exists()


def test_the_same_file_again_changes_nothing_and_another_figure_is_refused(tmp_path: Path) -> None:
    world = make_world()
    file = workbook(world, tmp_path, B03=3)
    words = ["--as", admin(world).username, "--submit"]
    run(file, *words)
    report, complaint = run(file, *words)
    assert not complaint and report["offices"][0]["state"] == "submitted"
    file.write_bytes(filled(file.read_bytes(), {"B03": 4}))
    report, complaint = run(file, *words)
    assert complaint and report["offices"][0]["state"] == "failed"
    assert Value.objects.get(cell="B03").amount == 3


def test_a_csv_is_a_return_and_names_its_file_where_registers_say_otherwise(tmp_path: Path) -> None:
    world = make_world()
    make_society(world.upazila, reg_on=date(2023, 7, 5))
    file = as_csv(world, tmp_path, A02__GP="১", A08__GP=1, B03="১,২৩৪", A07__GP="1", A07="1", C04="0")
    report, complaint = run(file, "--as", admin(world).username)
    assert not complaint, report
    value = Value.objects.get(cell="B03")
    assert (value.amount, value.origin) == (1234, Origin.TYPED)
    file = as_csv(world, tmp_path, A02__GP=2, A08__GP=2)
    with translation.override("en"):
        report, complaint = run(file, "--as", world.officer.username)
    assert not complaint, report
    value = Value.objects.get(cell="A02.GP")
    assert value.origin == Origin.OVERRIDE
    assert value.reason == "july.csv ফাইল থেকে আনা।", "papers in Bangla print it, whatever language the importer reads"


@pytest.mark.parametrize(
    ("figures", "cell"),
    [
        ({"B03": "বারো"}, "B03"),
        ({"B03": "-1"}, "B03"),
        ({"C04": "1.234"}, "C04"),
        ({"Z99": "1"}, "Z99"),
        ({"A07": "5"}, "A07"),
    ],
)
def test_a_figure_that_cannot_be_is_named_and_nothing_of_the_office_is_saved(
    tmp_path: Path, figures: dict[str, str], cell: str
) -> None:
    world = make_world()
    report, complaint = run(as_csv(world, tmp_path, **figures), "--as", admin(world).username)
    (office,) = report["offices"]
    assert complaint and [one["cell"] for one in office["refused"]] == [cell]
    assert office["refused"][0]["message"] and office["refused"][0]["place"]
    assert not Return.objects.exists()


def test_blanks_and_rules_stand_in_the_way_of_submission_by_name(tmp_path: Path) -> None:
    world = make_world()
    file = tmp_path / "blank.xlsx"
    file.write_bytes(filled(template(world.upazila, JULY, at=IN_TIME), {}, blanks=None))
    report, complaint = run(file, "--as", admin(world).username, "--submit")
    assert complaint and report["offices"][0]["refused"]
    assert not Return.objects.exists()


def test_another_month_form_or_office_is_refused_by_name(tmp_path: Path) -> None:
    world = make_world()
    login = admin(world).username
    file = workbook(world, tmp_path)
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("import_returns", str(file), "--period", "2023-08", "--as", login, stdout=out)
    assert "hatibandha.xlsx" in out.getvalue() and "জুলাই ২০২৩" in out.getvalue()
    next_form = form_data() | {"number": 2, "valid_from": "2023-07"}
    services.publish_form(next_form, by=world.officer, at=IN_TIME)
    report, complaint = run(file, "--as", login)
    assert complaint and "MR/1" in report["offices"][0]["message"] and "MR/2" in report["offices"][0]["message"]
    assert not Return.objects.exists()


@pytest.mark.parametrize("words", [["--as", "nobody"], ["--as", "nobody", "--verify-as", "x"]])
def test_an_unknown_log_in_or_path_ends_in_one_line(tmp_path: Path, words: list[str]) -> None:
    make_world()
    with pytest.raises(CommandError):
        call_command("import_returns", str(tmp_path), "--period", "2023-07", *words)


def test_of_fifty_files_one_damaged_forty_nine_go_through(tmp_path: Path) -> None:
    world = make_world()
    offices = [make_office(f"upazila-{n:02}", parent=world.tree.district) for n in range(48)]
    known = {"period": JUNE, "form": world.form, "entered_by": world.officer, "entered_at": IN_TIME}
    Baseline.objects.bulk_create(Baseline(office=office, **known) for office in offices)
    for office in offices:
        text = f"office,period,form,line,value\n{office.code},2023-07,MR/1,B03,7\n"
        (tmp_path / f"{office.code}.csv").write_text(text)
    content = workbook(world, tmp_path).read_bytes()
    (tmp_path / "damaged.xlsx").write_bytes(content[: len(content) // 2])
    report, complaint = run(tmp_path, "--as", admin(world).username)
    assert complaint.startswith("1 of 50") and (report["imported"], report["failed"]) == (49, 1)
    (bad,) = [one for one in report["offices"] if one["state"] == "failed"]
    assert bad["file"] == "damaged.xlsx" and "damaged.xlsx" in bad["message"]
    assert Return.objects.count() == 49


def test_february_2025_of_rajshahi_is_reproduced_from_workbooks(tmp_path: Path, clock: Any) -> None:
    """The district's published month: 1,353 general and 2,022 BRDB primary societies at the end of January 2025."""
    world = make_world()
    january, february = Period.month(2025, 1), Period.month(2025, 2)
    division = make_office("rajshahi-division", OfficeKind.DIVISION, world.tree.department)
    district = make_office("rajshahi", OfficeKind.DISTRICT, division)
    superior = make_officer(Post.DISTRICT_OFFICER, district)
    shares = {"paba": (900, 1500, 3, 10, 700), "boalia": (453, 522, 2, 4, 475)}
    clock(on(2025, 3, 3))
    for code, (general, brdb, registered, cancelled, audited) in shares.items():
        office = make_office(code, OfficeKind.THANA if code == "boalia" else OfficeKind.UPAZILA, district)
        head = make_officer(Post.UPAZILA_OFFICER, office)
        closings = dict.fromkeys(needed_closings(catalogue_of(world.form)), 0)
        closings |= {"A07.GP": general, "A07.BP": brdb, "A08.GP": general - cancelled, "A08.BP": brdb}
        closings |= {"A10.GP": cancelled, "A10": cancelled, "H05": cancelled}
        made = services.enter_baseline(
            office,
            january,
            closings=closings,
            cumulatives={"D04.GP": audited - 5, "D04.GC": 0, "D04.BP": 0, "D04.BC": 0},
            by=head,
            at=on(2025, 2, 1),
        )
        services.verify_baseline(made, by=superior, at=on(2025, 2, 2))
        targets = {"D01.GP": audited + 100, "D01.GC": 0, "D01.BP": 0, "D01.BC": 0, "F01": 0}
        services.set_line_targets(office, february.fiscal_year, amounts=targets, by=superior, at=on(2025, 2, 2))
        functional = {"A08.GP": general + registered - cancelled, "A08.BP": brdb}
        figures = {"A02.GP": registered, "A04.GP": cancelled, "D04.GP": 5, **functional, "H03": cancelled}
        content = filled(template(office, february, at=on(2025, 3, 3)), figures)
        (tmp_path / f"{code}.xlsx").write_bytes(content)
    out = io.StringIO()
    words = ["--period", "2025-02", "--as", admin(world).username, "--submit", "--verify-as", superior.username]
    try:
        call_command("import_returns", str(tmp_path), *words, stdout=out)
    except CommandError as error:
        raise AssertionError(out.getvalue()) from error
    run_waiting_jobs()
    amounts = month_of(district, february, at=on(2025, 3, 3)).amounts
    assert amounts["A01.GP"] == 1353
    assert (amounts["A02.GP"], amounts["A04.GP"]) == (5, 14)
    assert (amounts["A07.GP"], amounts["A07.BP"], amounts["D05.GP"]) == (1344, 2022, 1175)


def test_a_workbook_taken_apart_is_refused(tmp_path: Path) -> None:
    world = make_world()
    content = workbook(world, tmp_path).read_bytes()
    login = admin(world).username

    def drop_row(book: Any) -> None:
        book["রিটার্ন"].delete_rows(9)

    def tamper(book: Any) -> None:
        book["_portal"]["B3"].value = "patgram"

    def double(book: Any) -> None:
        book["রিটার্ন"]["A9"].value = book["রিটার্ন"]["A10"].value

    def formula(book: Any) -> None:
        book["রিটার্ন"]["F9"].value = "=1+1"

    def second_hidden(book: Any) -> None:
        book.create_sheet("গোপন").sheet_state = "hidden"

    endless, deep = (forged("cells", text) for text in ('[["A02.GP", Infinity, ""]]', "[" * 30_000))
    for change in (endless, deep, drop_row, tamper, double, formula, second_hidden):
        file = tmp_path / "apart.xlsx"
        file.write_bytes(changed(content, change))
        report, complaint = run(file, "--as", login)
        assert complaint and "apart.xlsx" in json.dumps(report), change.__name__
        assert not Return.objects.exists()


def test_merged_cells_and_a_bomb_are_named_and_the_others_go_through(tmp_path: Path) -> None:
    world = make_world()
    content = workbook(world, tmp_path).read_bytes()
    merged = changed(content, lambda book: book["রিটার্ন"].merge_cells("F9:F10"))
    (tmp_path / "merged.xlsx").write_bytes(merged)
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/workbook.xml", b"0" * 70 * 1024**2)
    report, complaint = run(tmp_path, "--as", admin(world).username)
    told = {one["file"]: one.get("message", "") for one in report["offices"]}
    assert complaint.startswith("2 of 3") and not told["hatibandha.xlsx"]
    assert "F9" in told["merged.xlsx"] and "“bomb.xlsx”" in told["bomb.xlsx"]
    assert Return.objects.get().office == world.upazila
