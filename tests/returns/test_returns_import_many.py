"""Importing many offices at once writes, row for row, what the services write office by office."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from audits.choices import AuditState
from core.errors import UserError
from core.models import Activity
from jobs.models import Job
from offices.choices import Post
from offices.models import Office, Officer
from returns import services
from returns.annex_models import AnnexRows
from returns.importing import FAILED, Order, files_at, import_files
from returns.models import Remark, Return, ReturnVersion, SaveReceipt, TotalValue, Value
from returns.rollup import compute_total
from returns.workbooks.delivery import Delivery, read_csv
from tests.audits.factories_audits import make_audit
from tests.factories import make_head, make_office, make_officer
from tests.returns.factories_returns import AUGUST, JULY, World, after, baseline, make_world, verified
from tests.returns.factories_workbooks import filled, template
from tests.societies.factories_societies import make_society

pytestmark = pytest.mark.django_db
IN_TIME = after(AUGUST)


@pytest.fixture(autouse=True)
def _in_september(clock: Any) -> None:
    clock(IN_TIME)


@dataclass(frozen=True)
class Country:
    """Offices of two districts, each with another past, and two administrators."""

    world: World
    importer: Officer
    judge: Officer
    offices: tuple[Office, ...]


def make_country() -> Country:
    """One office stood in July and has registers; one has registers and a remark to write; one's baseline waits."""
    world = make_world()
    tree = world.tree
    superior = make_officer(Post.DISTRICT_OFFICER, tree.foreign_district)
    for office, judge in ((tree.sibling, world.district_officer), (tree.foreign_upazila, superior)):
        baseline_of(world, office, judge)
    verified(world, JULY)
    verified_july(world, tree.sibling, world.district_officer)
    verified_july(world, tree.foreign_upazila, superior)
    make_society(tree.upazila, reg_on=date(2023, 8, 5))
    audited = make_society(tree.sibling, reg_on=date(2023, 8, 9))
    make_audit(tree.sibling, AuditState.DONE, society=audited, on=date(2023, 8, 20))
    importer = make_officer(Post.SYSTEM_ADMIN, tree.department, username="importer")
    judge = make_officer(Post.PERFORMANCE_ADMIN, tree.department, username="judge")
    return Country(world, importer, judge, (tree.upazila, tree.sibling, tree.foreign_upazila, tree.third))


def baseline_of(world: World, office: Office, judge: Officer | None) -> None:
    baseline(world, office, by=make_head(office), verified_by=judge)


def verified_july(world: World, office: Office, judge: Officer) -> None:
    """A July without figures."""
    head = Officer.objects.get(postings__office=office, postings__post=Post.UPAZILA_OFFICER)
    ret = services.open_return(office, JULY, by=head, at=after(JULY, 2))
    zeros = [services.CellChange(cell, 0) for cell in entered(world)]
    assert services.save_cells(ret, zeros, key="zeros", by=head, at=after(JULY, 2)).is_clean
    services.submit_return(ret, by=head, at=after(JULY, 3))
    services.verify_return(ret, by=judge, at=after(JULY, 4))


def entered(world: World) -> list[str]:
    return [cell.key for cell in world.catalogue.entered_cells("upazila")]


def as_csv(world: World, office: str, **figures: object) -> bytes:
    """A whole return as CSV: zero, but for what is named."""
    cells = dict.fromkeys(entered(world), "0") | {c.replace("__", "."): str(f) for c, f in figures.items()}
    lines = [f"{office},{AUGUST.key},MR/1,{cell},{figure}" for cell, figure in cells.items()]
    return "\n".join(["office,period,form,line,value", *lines]).encode()


def folder(country: Country, path: Path) -> list[Path]:
    """August of every office: one takes the registers' figures, one overrides them, one meets a warning, one has no
    baseline, one has a figure below nothing; one that does not exist and a damaged file lie among them."""
    codes = [office.code for office in country.offices]
    figures: dict[str, dict[str, object]] = {
        codes[0]: {"A02__GP": 1, "A08__GP": 1, "B03": 25},
        codes[1]: {"A02__GP": 2, "A08__GP": 2, "B03": 50, "F05": 9, "K02": 7},
        codes[2]: {"F05": 4, "C10": "১,২৩৪.৫৬"},
        codes[3]: {},
        "nowhere": {},
    }
    for code, given in figures.items():
        (path / f"{code}.csv").write_bytes(as_csv(country.world, code, **given))
    (path / "broken.xlsx").write_bytes(b"PK\x03\x04")
    lone = make_office("lone", parent=country.world.tree.district)
    baseline_of(country.world, lone, country.world.district_officer)
    verified_july(country.world, lone, country.world.district_officer)
    (path / "negative.csv").write_bytes(as_csv(country.world, lone.code, B03=-1))
    return files_at(path)


def rows_of(model: type[Model], *besides: str, order: Iterable[str]) -> list[dict[str, Any]]:
    names = [field.attname for field in model._meta.concrete_fields if field.attname not in ("id", *besides)]
    return list(model._default_manager.order_by(*order).values(*order, *names))


def everything(country: Country) -> dict[str, list[Any]]:
    """Every row about August, with public names in place of keys."""
    of_version = ("version__ret__office", "version__ret__period")
    compute_total(country.world.tree.department, AUGUST, at=IN_TIME)
    acts = Activity.objects.filter(subject__startswith="returns.return:")
    return {
        "returns": rows_of(Return, order=("office", "period")),
        "versions": rows_of(ReturnVersion, "ret_id", order=("ret__office", "ret__period")),
        "values": rows_of(Value, "version_id", order=(*of_version, "cell")),
        "remarks": rows_of(Remark, "version_id", order=(*of_version, "cell", "rule")),
        "receipts": rows_of(SaveReceipt, "version_id", "key", order=of_version),
        "annexes": rows_of(AnnexRows, "version_id", order=of_version),
        "totals": rows_of(TotalValue, "total_id", order=("total__office", "total__period", "cell")),
        "activities": sorted(
            acts.values_list("at", "actor", "post", "office_path", "verb", "before", "after"), key=str
        ),
    }


def by_services(paths: list[Path], order: Order) -> Iterator[tuple[str, str, str]]:
    """Office, state and what was said of it, one office after another."""
    for path in paths:
        try:
            (delivery,) = read_csv(path.read_bytes(), path.name)
        except UserError:
            yield "", FAILED, ""
            continue
        yield delivery.office, *one_by_services(delivery, order)


def one_by_services(delivery: Delivery, order: Order) -> tuple[str, str]:
    office = Office.objects.filter(code=delivery.office).first()
    if office is None:
        return FAILED, ""
    try:
        taken = services.import_return(
            delivery, office, order.period, by=order.by, at=order.at, submit=order.submit, verify_by=order.verify_by
        )
    except UserError as error:
        return FAILED, str(error.message)
    except PermissionDenied:
        return FAILED, ""
    return taken.version.state, ""


@pytest.mark.parametrize(
    ("submit", "verifier", "states"),
    [
        (True, "judge", {"verified": 3, FAILED: 4}),
        (True, "superior", {"verified": 2, FAILED: 5}),
        (True, "", {"submitted": 3, FAILED: 4}),
        (False, "", {"draft": 3, FAILED: 4}),
    ],
)
def test_together_writes_what_the_services_write(
    tmp_path: Path, submit: bool, verifier: str, states: dict[str, int]
) -> None:
    country = make_country()
    judges = {"judge": country.judge, "superior": country.world.district_officer, "": None}
    order = Order(AUGUST, country.importer, IN_TIME, submit=submit, verify_by=judges[verifier])
    paths = folder(country, tmp_path)
    with transaction.atomic():
        with CaptureQueriesContext(connection) as asked:
            verdicts = [verdict for _number, verdict in import_files(paths, order)]
        together = everything(country)
        transaction.set_rollback(True)
    with transaction.atomic():
        with CaptureQueriesContext(connection) as asked_singly:
            said = list(by_services(paths, order))
        singly = everything(country)
        transaction.set_rollback(True)
    for name, rows in singly.items():
        assert together[name] == rows, name
    assert {state: sum(one.state == state for one in verdicts) for state in states} == states
    assert [(one.office, one.state) for one in verdicts] == [(office, state) for office, state, _words in said]
    assert all(one.message == words for one, (_office, _state, words) in zip(verdicts, said, strict=True) if words)
    assert len(asked) < len(asked_singly), "nothing was taken together"
    if submit:
        assert (
            together["remarks"]
            and together["annexes"]
            and {row["origin"] for row in together["values"]}
            > {
                "register",
                "override",
            }
        )


def test_what_was_begun_is_gone_on_with(tmp_path: Path) -> None:
    """A first run was killed after some offices; the second takes the others and leaves those as they are."""
    country = make_country()
    order = Order(AUGUST, country.importer, IN_TIME, submit=True, verify_by=country.judge)
    paths = [path for path in folder(country, tmp_path) if path.stem in {one.code for one in country.offices[:3]}]
    (delivery,) = read_csv(paths[0].read_bytes(), paths[0].name)
    one_by_services(delivery, order)  # no totals are asked for: it died before
    services.open_return(country.world.upazila, AUGUST, by=country.world.officer, at=IN_TIME)
    assert Return.objects.filter(period=AUGUST).count() == 2
    verdicts = [verdict for _number, verdict in import_files(paths, order)]
    assert [one.state for one in verdicts] == ["verified"] * 3
    assert ReturnVersion.objects.filter(ret__period=AUGUST).count() == 3
    above = {"bd", "rangpur-division", "lalmonirhat", "sylhet-division", "sylhet"}
    assert {
        job.arguments["office"]
        for job in Job.objects.filter(kind="returns.compute_total", arguments__period=AUGUST.key)
    } == above


@pytest.mark.parametrize("submit", [True, False])
def test_an_office_twice_in_a_folder_is_refused_by_all_its_files(tmp_path: Path, submit: bool) -> None:
    """In one folder and in two, far from each other and twice in one file; the others go through."""
    country = make_country()
    one, third, other = (office.code for office in country.offices[:3])
    for folder, figure in (("a", 1), ("z", 2)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "august.csv").write_bytes(as_csv(country.world, one, K02=figure))
    (tmp_path / "b.csv").write_bytes(as_csv(country.world, other, K02=1))
    twice = as_csv(country.world, third, K02=1)
    (tmp_path / "c.csv").write_bytes(twice + twice.partition(b"\n")[2].replace(b"MR/1", b"MR"))
    order = Order(AUGUST, country.importer, IN_TIME, submit=submit)
    verdicts = [verdict for _number, verdict in import_files(files_at(tmp_path), order)]
    fine = "submitted" if submit else "draft"
    assert [(v.office, v.state) for v in verdicts] == [
        (one, FAILED), (other, fine), (third, FAILED), (third, FAILED), (one, FAILED),
    ]  # fmt: skip
    assert "“a/august.csv”, “z/august.csv”" in verdicts[0].message == verdicts[4].message
    assert "“c.csv”" in verdicts[2].message
    assert [ret.office.code for ret in Return.objects.filter(period=AUGUST)] == [other]


def more_offices(country: Country, number: int) -> list[Office]:
    """Upazilas of the first district with a verified baseline."""
    made = [make_office(f"upazila-{n:02}", parent=country.world.tree.district) for n in range(number)]
    for office in made:
        baseline_of(country.world, office, country.world.district_officer)
    return made


def july_csv(world: World, office: Office) -> bytes:
    return as_csv(world, office.code, F05=3).replace(AUGUST.key.encode(), JULY.key.encode())


def test_ten_offices_take_as_many_statements_as_five() -> None:
    country = make_country()
    offices = more_offices(country, 15)
    order = Order(JULY, country.importer, IN_TIME, submit=True, verify_by=country.judge)
    counts = []
    for some in (offices[:5], offices[5:]):
        deliveries = [one for office in some for one in read_csv(july_csv(country.world, office), "f.csv")]
        with CaptureQueriesContext(connection) as asked:
            taken = services.import_returns(
                deliveries, JULY, by=order.by, at=order.at, submit=True, verify_by=order.verify_by
            )
        assert {one.version.state for one in taken.values()} == {"verified"} and len(taken) == len(some)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 40, counts


@pytest.mark.full
@pytest.mark.sqlite
def test_a_folder_is_read_ahead_in_flat_memory(tmp_path: Path) -> None:
    """Four times as many workbooks, read by processes beside this one, take no more memory; each is taken."""
    country = make_country()
    offices = more_offices(country, 100)
    peaks = []
    for name, some in (("warm", offices[:20]), ("few", offices[20:40]), ("many", offices[40:])):
        (tmp_path / name).mkdir()
        for office in some:
            content = filled(template(office, JULY, at=IN_TIME), {"F05": 2})
            (tmp_path / name / f"{office.code}.xlsx").write_bytes(content)
        order = Order(JULY, country.importer, IN_TIME, submit=True, verify_by=country.judge)
        tracemalloc.start()
        states = {verdict.state for _number, verdict in import_files(files_at(tmp_path / name), order)}
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert states == {"verified"}
    assert peaks[2] < 1.5 * peaks[1] < 60_000_000, peaks


def test_the_command_tells_of_each_file_as_it_goes(tmp_path: Path) -> None:
    country = make_country()
    paths = folder(country, tmp_path)
    out = io.StringIO()
    words = ["--period", AUGUST.key, "--as", country.importer.username, "--submit", "--dry-run"]
    with pytest.raises(Exception, match="4 of 7"):
        call_command("import_returns", str(tmp_path), *words, stdout=out)
    assert [line.split()[0] for line in out.getvalue().splitlines() if "/7 " in line] == [
        f"{number}/7" for number in range(1, len(paths) + 1)
    ]
    assert not Return.objects.filter(period=AUGUST).exists()
