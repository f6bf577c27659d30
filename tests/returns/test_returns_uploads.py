"""Many returns as one file: judged with nothing saved, imported on consent, verified by whoever was asked."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from core.clock import now as instant_now
from core.periods import Period
from jobs.choices import JobState
from jobs.models import Job
from jobs.registry import LeaseLostError
from jobs.services import run_waiting_jobs
from offices.choices import Post
from offices.inbox_models import Notice
from offices.models import Office, Officer
from returns import services
from returns.importing import TOGETHER
from returns.models import Baseline, Return, ReturnVersion, Total, Value
from returns.upload_models import Upload, UploadVerdict
from returns.uploads import agree_to_upload, run_upload, start_upload
from tests.factories import make_office, make_officer
from tests.returns.factories_amendments import approved
from tests.returns.factories_returns import AUGUST, JULY, JUNE, World, after, baseline, form_data, make_world, verified
from tests.returns.factories_workbooks import changed, filled, template

pytestmark = pytest.mark.django_db
IN_TIME = after(JULY)
HOME = "/returns/uploads/"
HEAD = "office,period,form,line,value\n"


@pytest.fixture
def world(clock: Any) -> World:
    clock(IN_TIME)
    return make_world()


@pytest.fixture
def sender(world: World, client: Client) -> Officer:
    officer = make_officer(Post.PERFORMANCE_ADMIN, world.tree.department, username="sender")
    client.force_login(officer)
    return officer


def judge_of(world: World) -> Officer:
    return make_officer(Post.SYSTEM_ADMIN, world.tree.department, username="judge")


def workbook(office: Office, **figures: object) -> bytes:
    return filled(template(office, JULY, at=IN_TIME), {k.replace("__", "."): v for k, v in figures.items()})


def neighbours(world: World, count: int) -> list[Office]:
    """More upazilas of the district, each with a baseline of nothing."""
    offices = [make_office(f"upazila-{n:02}", parent=world.tree.district) for n in range(count)]
    known = {"period": JUNE, "form": world.form, "entered_by": world.officer, "entered_at": IN_TIME}
    Baseline.objects.bulk_create(Baseline(office=office, **known) for office in offices)
    return offices


def whole_office(world: World, code: str, district: Office, superior: Officer) -> Office:
    """An upazila that can submit: closings of June that are all zero, and targets."""
    office = make_office(code, parent=district)
    baseline(world, office, by=make_officer(Post.UPAZILA_OFFICER, office), verified_by=superior)
    return office


def one_figure(office: str, figure: object = 7) -> bytes:
    return f"{HEAD}{office},2023-07,MR/1,B03,{figure}\n".encode()


def packed(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def send(client: Client, content: bytes, name: str = "জুলাই.zip", key: str = "a" * 32, **more: object) -> Any:
    data: dict[str, object] = {"file": SimpleUploadedFile(name, content), "period": "2023-07", "key": key} | more
    return client.post(HOME, data)


def shown(client: Client, address: str) -> str:
    return unescape(client.get(address).content.decode())


def verdicts(*, is_preview: bool) -> dict[str, str]:
    rows = UploadVerdict.objects.filter(is_preview=is_preview)
    return {row.file: row.state for row in rows}


def test_nothing_is_saved_before_consent_then_each_office_has_its_verdict(
    world: World, sender: Officer, client: Client
) -> None:
    (other,) = neighbours(world, 1)
    files = {"লালমনিরহাট/হাতীবান্ধা.xlsx": workbook(world.upazila, B03=12), "b.csv": one_figure(other.code, "বারো")}
    files |= {"readme.txt": b"hello", "__MACOSX/b.csv": b"x", "~$b.csv": b"x"}
    response = send(client, packed(files), submit="on")
    address = response.url
    assert "Refresh" in client.get(address).headers
    run_waiting_jobs()
    assert not Return.objects.exists() and not Value.objects.exists()
    page = shown(client, address)
    assert "readme.txt" in page and "__MACOSX" not in page and "~$b" not in page
    assert "লালমনিরহাট › হাতীবান্ধা.xlsx" in page and "“বারো”" in page and "B03" in page
    assert verdicts(is_preview=True) == {
        "b.csv": "failed",
        "readme.txt": "failed",
        "লালমনিরহাট › হাতীবান্ধা.xlsx": "submitted",
    }
    client.post(f"{address}agree/")
    assert not Return.objects.exists()
    run_waiting_jobs()
    ret = Return.objects.get()
    assert ret.office == world.upazila and ret.state == "submitted"
    version = ReturnVersion.objects.get()
    assert version.imported_by == sender and version.submitted_by == sender
    assert verdicts(is_preview=False) == verdicts(is_preview=True)
    job = Job.objects.get(kind="returns.import_upload")
    assert (job.state, job.done_steps, job.all_steps) == (JobState.DONE, 2, 2)


def test_a_double_click_is_one_upload_and_a_double_consent_one_import(
    world: World, sender: Officer, client: Client
) -> None:
    content = packed({"a.xlsx": workbook(world.upazila)})
    assert send(client, content).url == send(client, content).url
    assert Upload.objects.count() == 1 and Job.objects.count() == 1
    address = f"{HOME}{Upload.objects.get().pk}/"
    early = client.post(f"{address}agree/", follow=True).content.decode()
    assert "পূর্বরূপের জন্য অপেক্ষা" in early, "the preview is not there yet"
    assert Upload.objects.get().consented_at is None
    run_waiting_jobs()
    for _twice in range(2):
        client.post(f"{address}agree/")
        run_waiting_jobs()
    again = client.post(f"{address}agree/", follow=True).content.decode()
    assert "পূর্বরূপের জন্য অপেক্ষা" not in again, "a second press is no mistake"
    assert Job.objects.filter(kind="returns.import_upload").count() == 1
    assert ReturnVersion.objects.count() == 1


def test_the_verdicts_are_kept_as_a_workbook_with_their_filter(world: World, sender: Officer, client: Client) -> None:
    (other,) = neighbours(world, 1)
    figures = {"a.xlsx": workbook(world.upazila, B03=4), "b.csv": one_figure(other.code, "x")}
    address = send(client, packed(figures)).url
    run_waiting_jobs()
    client.post(f"{address}agree/")
    run_waiting_jobs()

    def rows(query: str) -> list[tuple[Any, ...]]:
        content = b"".join(client.get(f"{address}?as=xlsx{query}").streaming_content)  # type: ignore[attr-defined]
        return list(load_workbook(io.BytesIO(content)).active.iter_rows(min_row=2, values_only=True))

    everything, refused = rows(""), rows("&only=refused")
    assert [row[0] for row in everything] == ["a.xlsx", "b.csv", "b.csv"]
    assert everything[0][3] and everything[2][6:9] == ("B03", "লাইন ২", "x")
    assert [row[0] for row in refused] == ["b.csv", "b.csv"]
    sent = b"".join(client.get(f"{HOME}?as=xlsx").streaming_content)  # type: ignore[attr-defined]
    assert next(cell.value for cell in load_workbook(io.BytesIO(sent)).active[2]) == "জুলাই.zip"


def test_whoever_was_asked_verifies_on_import_and_nobody_in_their_name(
    world: World, sender: Officer, client: Client
) -> None:
    judge = judge_of(world)
    other = whole_office(world, "kaliganj", world.tree.district, world.district_officer)
    files = {"a.xlsx": workbook(world.upazila), "b.xlsx": workbook(other)}
    address = send(client, packed(files), submit="on", verify_by=judge.pk).url
    run_waiting_jobs()
    theirs = Client()
    theirs.force_login(judge)
    assert theirs.get(address).status_code == 404, "nothing waits for them before the consent"
    client.post(f"{address}agree/")
    run_waiting_jobs()
    assert set(Return.objects.values_list("state", flat=True)) == {"submitted"}
    assert Notice.objects.get(officer=judge).address == address
    client.post(f"{address}agree/")  # the sender cannot
    run_waiting_jobs()
    assert set(Return.objects.values_list("state", flat=True)) == {"submitted"}
    for _twice in range(2):
        theirs.post(f"{address}agree/")
        run_waiting_jobs()
    versions = ReturnVersion.objects.all()
    assert {(v.state, v.decided_by, v.is_verified_on_import) for v in versions} == {("verified", judge, True)}
    assert Total.objects.get(office=world.tree.district).basis_count == 2
    assert "আমদানির সময় যাচাইকৃত" in shown(theirs, address)


def test_where_nothing_came_through_nobody_is_waited_for(world: World, sender: Officer, client: Client) -> None:
    judge = judge_of(world)
    address = send(client, packed({"a.xlsx": b"no workbook"}), submit="on", verify_by=judge.pk).url
    run_waiting_jobs()
    client.post(f"{address}agree/")
    run_waiting_jobs()
    upload = Upload.objects.get()
    assert upload.consented_at and upload.verify_by is None and not upload.waits_for_verifier
    assert not Notice.objects.filter(officer=judge).exists()


def test_the_immediate_superior_verifies_only_what_is_below_and_unchanged(world: World, client: Client) -> None:
    district = world.tree.foreign_district
    office = whole_office(world, "elsewhere", district, make_officer(Post.DISTRICT_OFFICER, district))
    sender = make_officer(Post.PERFORMANCE_ADMIN, world.tree.department, username="sender")
    client.force_login(sender)
    files = {"a.xlsx": workbook(world.upazila), "b.xlsx": workbook(office)}
    address = send(client, packed(files), submit="on", verify_by=world.district_officer.pk).url
    run_waiting_jobs()
    assert verdicts(is_preview=True) == {"a.xlsx": "verified", "b.xlsx": "failed"}
    client.post(f"{address}agree/")
    run_waiting_jobs()
    theirs = Client()
    theirs.force_login(world.district_officer)
    theirs.post(f"{address}agree/")
    run_waiting_jobs()
    states = {ret.office.code: ret.state for ret in Return.objects.select_related("office")}
    assert states == {"hatibandha": "verified", "elsewhere": "submitted"}
    page = shown(theirs, address)
    assert "elsewhere" in page and "যাচাই করতে পারেন না" in page


def judged(world: World, client: Client, period: Period, meanwhile: Callable[[], object]) -> str:
    """A workbook is imported and submitted, something happens, then whoever was asked verifies: their page."""
    judge = judge_of(world)
    content = filled(template(world.upazila, period, at=instant_now()), {})
    address = send(client, content, "a.xlsx", period=period.key, submit="on", verify_by=judge.pk).url
    run_waiting_jobs()
    client.post(f"{address}agree/")
    run_waiting_jobs()
    assert Return.objects.get(period=period).state == "submitted"
    meanwhile()
    theirs = Client()
    theirs.force_login(judge)
    theirs.post(f"{address}agree/")
    run_waiting_jobs()
    return shown(theirs, address)


def test_what_was_sent_back_and_submitted_anew_is_not_verified_on_import(
    world: World, sender: Officer, client: Client
) -> None:
    def anew() -> None:
        ret = Return.objects.get()
        services.send_back_return(ret, reason="আবার দেখুন।", by=world.district_officer, at=IN_TIME)
        changes = [services.CellChange("K02", 1, base_revision=1)]
        assert services.save_cells(ret, changes, key="again", by=world.officer, at=IN_TIME).is_clean
        services.submit_return(ret, by=world.officer, at=IN_TIME)

    page = judged(world, client, JULY, anew)
    assert list(ReturnVersion.objects.order_by("number").values_list("state", flat=True)) == ["returned", "submitted"]
    assert "যে সংস্করণ আমদানি হয়েছিল" in page and "সংস্করণ ২" in page


def test_what_an_amendment_carried_forward_is_not_verified_on_import(
    world: World, sender: Officer, client: Client, clock: Any
) -> None:
    clock(after(AUGUST))
    july = verified(world, JULY, K02=10)
    page = judged(world, client, AUGUST, lambda: approved(world, july, K02=12))
    versions = ReturnVersion.objects.filter(ret__period=AUGUST).order_by("number")
    assert versions.last().number == 2 and not versions.filter(state="verified").exists()  # type: ignore[union-attr]
    assert "যে সংস্করণ আমদানি হয়েছিল" in page and "সংস্করণ ২" in page


def test_an_office_head_imports_the_own_office_and_no_other(world: World, client: Client) -> None:
    (other,) = neighbours(world, 1)
    client.force_login(world.officer)
    address = send(client, one_figure("hatibandha") + one_figure(other.code).removeprefix(HEAD.encode()), "a.csv").url
    run_waiting_jobs()
    client.post(f"{address}agree/")
    run_waiting_jobs()
    assert Return.objects.get().office == world.upazila
    page = shown(client, address)
    assert "আনতে বা জমা দিতে পারেন না" in page and other.code in page
    stranger = Client()
    stranger.force_login(world.district_officer)
    assert stranger.get(address).status_code == 404 and stranger.post(f"{address}agree/").status_code == 404
    assert "a.csv" not in shown(stranger, HOME)


def test_a_worker_that_is_killed_begins_anew_and_nothing_is_doubled(world: World, sender: Officer) -> None:
    offices = neighbours(world, TOGETHER + 2)
    content = packed({f"{office.code}.csv": one_figure(office.code, n) for n, office in enumerate(offices)})
    words: dict[str, Any] = {"period": JULY, "submit": False, "verify_by": None, "by": sender, "at": IN_TIME}
    upload = start_upload(io.BytesIO(content), "a.zip", key="k", **words)
    run_waiting_jobs()
    agree_to_upload(upload, by=sender, at=IN_TIME)

    class Dies:
        def step(self, done: int, of: int) -> None:
            if done == TOGETHER:
                raise LeaseLostError

        def confirm(self) -> None:
            pass

    with pytest.raises(LeaseLostError):
        run_upload(upload.pk, is_preview=False, progress=Dies(), at=IN_TIME)
    assert Return.objects.count() == TOGETHER
    run_waiting_jobs()
    assert Return.objects.count() == Value.objects.filter(cell="B03").count() == len(offices)
    rows = list(UploadVerdict.objects.filter(is_preview=False))
    assert [(row.state, row.new) for row in rows] == [("draft", 1)] * len(offices)
    assert set(Value.objects.filter(cell="B03").values_list("revision", flat=True)) == {1}


def test_of_fifty_files_one_damaged_forty_nine_go_through(world: World, sender: Officer, client: Client) -> None:
    files = {f"{office.code}.csv": one_figure(office.code) for office in neighbours(world, 48)}
    whole = workbook(world.upazila)
    files |= {"hatibandha.xlsx": whole, "damaged.xlsx": whole[: len(whole) // 2]}
    address = send(client, packed(files)).url
    run_waiting_jobs()
    client.post(f"{address}agree/")
    run_waiting_jobs()
    assert Return.objects.count() == 49
    page = shown(client, f"{address}?only=refused")
    assert "damaged.xlsx" in page and "hatibandha.xlsx" not in page
    assert "৪৯" in page


def test_two_files_of_one_office_are_both_refused_by_name(world: World, sender: Officer, client: Client) -> None:
    one, other = neighbours(world, 2)
    files = {"ক/first.csv": one_figure(one.code, 7), "second.csv": one_figure(one.code, 8)}
    files |= {
        "book.xlsx": workbook(world.upazila),
        "rows.csv": one_figure("hatibandha"),
        "fine.csv": one_figure(other.code),
    }
    address = send(client, packed(files)).url
    run_waiting_jobs()
    page = shown(client, address)
    assert page.count("“second.csv”, “ক › first.csv”") == page.count("“book.xlsx”, “rows.csv”") == 2
    client.post(f"{address}agree/")
    run_waiting_jobs()
    assert Return.objects.get().office == other
    assert verdicts(is_preview=False) == verdicts(is_preview=True)


def bomb(size: int) -> bytes:
    """A zip of zeros that unpacks to so many MB."""
    return packed({"xl/workbook.xml": b"0" * size * 1024**2})


def test_a_bomb_in_the_zip_or_the_zip_itself_is_not_opened(world: World, sender: Officer, client: Client) -> None:
    files = {"a.csv": one_figure("hatibandha"), "bomb.xlsx": bomb(70), "large.csv": b"0" * 30 * 1024**2}
    address = send(client, packed(files)).url
    run_waiting_jobs()
    assert verdicts(is_preview=True) == {"a.csv": "draft", "bomb.xlsx": "failed", "large.csv": "failed"}
    page = shown(client, address)
    assert page.count("খোলা হয়নি") == 2
    many = packed({f"{n}.csv": b"" for n in range(2_001)})
    for name, content in (("many.zip", many), ("a.zip", b"PK\x03\x04 broken"), ("a.pdf", b"%PDF")):
        response = send(client, content, name, key="b" * 32)
        assert response.status_code == 422 and name in unescape(response.content.decode()), name
    assert Upload.objects.count() == 1


def test_names_in_the_zip_lead_nowhere_and_never_twice(world: World, sender: Officer, client: Client) -> None:
    (one, two) = neighbours(world, 2)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("../../../etc/x.csv", one_figure("hatibandha"))
        archive.writestr("/x.csv", one_figure(one.code))
        archive.writestr("x.csv", one_figure(two.code))
        archive.writestr(f"{'ক' * 90}.csv", one_figure(two.code))
    address = send(client, file.getvalue()).url
    run_waiting_jobs()
    page = shown(client, address)
    assert verdicts(is_preview=True) | {"etc › x.csv": "draft"} == verdicts(is_preview=True)
    assert "দুইবার" in page and "নাম বেশি লম্বা" in page


def merged(book: Any) -> None:
    book["রিটার্ন"].merge_cells("F9:F10")


def formula(book: Any) -> None:
    book["রিটার্ন"]["F9"].value = "=1+1"


def hidden(book: Any) -> None:
    book.create_sheet("গোপন").sheet_state = "hidden"


@pytest.mark.parametrize(("change", "word"), [(merged, "F9"), (formula, "F9"), (hidden, "গোপন")])
def test_a_workbook_that_hides_something_is_refused_by_name(
    world: World, sender: Officer, client: Client, change: Any, word: str
) -> None:
    address = send(client, packed({"apart.xlsx": changed(workbook(world.upazila), change)})).url
    run_waiting_jobs()
    page = shown(client, address)
    assert "apart.xlsx" in page and word in page
    assert "agree/" not in page
    assert not Return.objects.exists()


def test_a_workbook_of_last_years_form_is_refused_by_both_names(world: World, sender: Officer, client: Client) -> None:
    content = workbook(world.upazila)
    data = form_data()
    data |= {"number": 2, "valid_from": "2023-07"}
    services.publish_form(data, by=sender, at=IN_TIME)
    address = send(client, packed({"old.xlsx": content})).url
    run_waiting_jobs()
    page = shown(client, address)
    assert "MR/1" in page and "MR/2" in page and "ওয়ার্কবুকটি নতুন করে নামান" in page
    assert not Return.objects.exists()


def test_what_cannot_be_asked_is_said(world: World, sender: Officer, client: Client) -> None:
    judge = judge_of(world)
    answer = send(client, one_figure("hatibandha"), "a.csv", verify_by=judge.pk)
    assert answer.status_code == 422 and "জমা" in answer.content.decode()
    for words in ({"verify_by": sender.pk, "submit": "on"}, {"period": "2019-01"}):
        assert send(client, one_figure("hatibandha"), "a.csv", **{"key": "c" * 32} | words).status_code == 422
    assert not Upload.objects.exists()
    stranger = make_officer(Post.ASSISTANT_INSPECTOR, world.tree.upazila, username="stranger")
    client.force_login(stranger)
    assert client.get(HOME).status_code == 403


@pytest.mark.parametrize("path", [HOME, "one"])
def test_the_pages_ask_no_more_for_more_rows(
    world: World, sender: Officer, client: Client, path: str, django_assert_num_queries: Any
) -> None:
    neighbours(world, 4)
    counts = []
    for few in (1, 4):
        files = {f"{n}.csv": one_figure(f"upazila-{n:02}") for n in range(few)}
        for turn in range(few):
            address = send(client, packed(files), key=f"{few}{turn}".ljust(32, "0")).url
        run_waiting_jobs()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(address if path == "one" else HOME).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_months_offered_are_those_with_a_form(world: World, sender: Officer, client: Client) -> None:
    page = shown(client, HOME)
    offered = re.findall(r'<option value="(\d{4}-\d\d)"', page)
    now = Period.month(2023, 8)
    assert offered[:2] == [now.previous().key, now.key] and min(offered) == world.form.valid_from.key


def test_an_office_in_two_months_of_a_csv_has_a_verdict_for_each(world: World, sender: Officer, client: Client) -> None:
    content = one_figure("hatibandha") + b"hatibandha,2023-06,MR/1,B03,7\n"
    address = send(client, content, "a.csv").url
    run_waiting_jobs()
    client.post(f"{address}agree/")
    run_waiting_jobs()
    assert verdicts(is_preview=False) == verdicts(is_preview=True) == {"a.csv": "draft", "a.csv (২)": "failed"}


def test_names_longer_than_a_verdict_keeps_stop_nothing(world: World, sender: Officer, client: Client) -> None:
    long = "a" * 220
    send(client, packed({f"{long}1.csv": b"", f"{long}2.csv": b"", "b.csv": one_figure("hatibandha")}))
    run_waiting_jobs()
    rows = verdicts(is_preview=True)
    assert sorted(rows.values()) == ["draft", "failed", "failed"] and max(map(len, rows)) <= 200


def test_a_form_sent_back_with_another_file_or_wish_is_another_upload(
    world: World, sender: Officer, client: Client
) -> None:
    first, second = one_figure("hatibandha", 7), one_figure("hatibandha", 8)
    pages = {send(client, content, "a.csv", submit=wish).url for content in (first, second) for wish in ("on", "")}
    assert len(pages) == Upload.objects.count() == 4


def test_a_csv_is_read_in_bangla_digits(world: World, sender: Officer, client: Client) -> None:
    send(client, f"{HEAD}hatibandha,২০২৩-০৭,MR/১,B০৩,৭\n".encode(), "a.csv")
    run_waiting_jobs()
    assert verdicts(is_preview=True) == {"a.csv": "draft"}
