"""Own returns of upper offices: their own lines, submitted upward in the same workflow, and counted once."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from core.errors import UserError
from offices.choices import Post
from offices.models import Office, Officer
from offices.services import move_office
from reports.desk import desk_of
from returns import services
from returns.choices import LineKind, ReturnState
from returns.completeness import completeness_of
from returns.levels import form_of_kinds
from returns.models import Return
from returns.month_printing import MonthPanel
from returns.months import Column, month_of, sheet_of
from returns.papers import month_paper, return_paper
from returns.reading import CatalogueError, read_catalogue
from returns.rollup import fresh_total
from returns.services.baselines import needed_closings
from returns.sources import proposals_for
from returns.worklist import due_return, queue_of
from tests.factories import make_officer
from tests.returns.factories_returns import AUGUST, JULY, JUNE, World, after, fill, form_data, make_world, on, verified

pytestmark = pytest.mark.django_db

OWN_LINES = ["A13", "G02", "G06", "G10", "I01", "I02", "I03", "K02", "K03", "K06", "K07"]
OF_THE_DEPARTMENT = [f"{line}.N" for line in ["A02", "A03", "A04", "A05", "A08", "A09", "A10", "A11"]]
APEX = {"A07.N": 22, "K04": 3, "K08": 1}


def own_return(office: Office, by: Officer, period: object = JULY, **amounts: int) -> Return:
    """An upper office's own return of a month, submitted by its head."""
    at = after(period)  # type: ignore[arg-type]
    ret = services.open_return(office, period, by=by, at=at)  # type: ignore[arg-type]
    fill(ret, by=by, at=at, **amounts)
    services.submit_return(ret, by=by, at=at)
    ret.refresh_from_db()
    return ret


def begin_department(world: World, registrar: Officer, cell: Officer) -> None:
    closings = {key: APEX[key] for key in needed_closings(world.catalogue, "department")}
    made = services.enter_baseline(world.tree.department, JUNE, closings=closings, by=registrar, at=on(2023, 7, 1))
    services.verify_baseline(made, by=cell, at=on(2023, 7, 2))


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def registrar(world: World) -> Officer:
    return make_officer(Post.REGISTRAR, world.tree.department)


@pytest.fixture
def cell(world: World) -> Officer:
    return make_officer(Post.PERFORMANCE_ADMIN, world.tree.department)


def amounts_of(office: Office, at: datetime) -> dict[str, int | None]:
    return dict(fresh_total(office, JULY, at=at).values.values_list("cell", "amount"))


def test_each_level_enters_its_own_lines_and_no_others(world: World) -> None:
    form = world.catalogue
    for kind in ("district", "division"):
        assert [c.key for c in form.entered_cells(kind)] == OWN_LINES
    assert [c.key for c in form.entered_cells("department")] == OF_THE_DEPARTMENT
    assert not {c.key for c in form.entered_cells("upazila")} & set(OF_THE_DEPARTMENT)
    assert "D04.N" not in form.cells_by_key
    own = form_of_kinds(form, ["district"])
    assert {rule.code for rule in own.rules} == {"V03.K04", "V03.K08", "V16.I01"}
    assert {line.kind for line in own.lines.values()} == {LineKind.FLOW, LineKind.OPENING, LineKind.COMPUTED}


def test_a_form_whose_line_reads_what_its_office_does_not_keep_is_refused() -> None:
    data = form_data()
    (section,) = [section for section in data["sections"] if section["code"] == "K"]
    (line,) = [line for line in section["lines"] if line["code"] == "K02"]
    line["levels"] = ["upazila", "thana"]
    with pytest.raises(CatalogueError, match="line K04: district offices keep it, but not K02, which it reads"):
        read_catalogue(data)


def test_a_district_begins_without_a_baseline_and_carries_on(world: World) -> None:
    july = own_return(world.tree.district, world.district_officer, G02=4, K02=5, K03=2)
    amounts = dict(july.versions.get().values.values_list("cell", "amount"))
    assert (amounts["K01"], amounts["K04"], amounts["G02"]) == (0, 3, 4)
    assert set(amounts) == {*OWN_LINES, "K01", "K04", "K05", "K08"}
    august = own_return(world.tree.district, world.district_officer, AUGUST)
    assert august.versions.get().values.get(cell="K01").amount == 3


def test_own_months_leave_no_gap_and_none_comes_before_the_first(world: World) -> None:
    own_return(world.tree.district, world.district_officer, AUGUST)
    with pytest.raises(UserError):
        services.open_return(world.tree.district, JULY, by=world.district_officer, at=after(AUGUST))
    with pytest.raises(UserError):
        services.open_return(world.tree.district, AUGUST.next().next(), by=world.district_officer, at=on(2023, 11, 3))


def test_the_superior_verifies_and_the_figures_count_once_at_every_level(world: World) -> None:
    verified(world, G02=3)
    own = own_return(world.tree.district, world.district_officer, G02=4, I01=1, I02=25)
    for wrong in (world.district_officer, world.officer):
        with pytest.raises(PermissionDenied):
            services.verify_return(own, by=wrong, at=after(JULY, 4))
    services.verify_return(own, by=world.joint_registrar, at=after(JULY, 4))
    at = after(JULY, 5)
    for office in (world.tree.district, world.tree.division, world.tree.department):
        amounts = amounts_of(office, at)
        assert (amounts["G02"], amounts["I02"]) == (7, 25)
    sheet = sheet_of(month_of(world.tree.district, JULY, at=at))
    columns = {column.office.code: column for column in sheet.columns}
    assert columns["lalmonirhat"].is_own and columns["lalmonirhat"].amounts["G02"] == 4
    assert columns["hatibandha"].amounts["G02"] == 3


def test_completeness_counts_leaf_offices_only(world: World) -> None:
    own = own_return(world.tree.district, world.district_officer)
    services.verify_return(own, by=world.joint_registrar, at=after(JULY, 4))
    known = completeness_of(world.tree.division, JULY, 5, at=after(JULY, 9))
    assert [one.office.code for one in known.standings] == ["hatibandha"]
    assert (known.due, known.received, known.verified) == (1, 0, 0)


def test_the_national_societies_count_in_the_nation_alone(world: World, registrar: Officer, cell: Officer) -> None:
    verified(world)
    with pytest.raises(UserError, match="ভিত্তি"):
        services.open_return(world.tree.department, JULY, by=registrar, at=after(JULY))
    begin_department(world, registrar, cell)
    own = own_return(world.tree.department, registrar, A02__N=1, A08__N=23, A09__N=0, A10__N=0)
    with pytest.raises(PermissionDenied):
        services.verify_return(own, by=registrar, at=after(JULY, 4))
    services.verify_return(own, by=cell, at=after(JULY, 4))
    nation, division = (amounts_of(o, after(JULY, 5)) for o in (world.tree.department, world.tree.division))
    assert (nation["A07.N"], nation["A07"], nation["A02"]) == (23, 23, 1)
    assert division["A07"] == 0 and "A07.N" not in division
    parts = [nation[f"A07.{part}"] for part in ("GP", "GC", "BP", "BC", "N")]
    assert sum(n or 0 for n in parts) == nation["A07"]


def test_registers_propose_nothing_for_the_national_societies(world: World) -> None:
    own = form_of_kinds(world.catalogue, ["department"])
    assert proposals_for(own.cells, world.tree.department, JULY) == {}


def test_a_division_is_verified_by_the_registrar_not_by_the_cell(
    world: World, registrar: Officer, cell: Officer
) -> None:
    own = own_return(world.tree.division, world.joint_registrar, A13=2)
    with pytest.raises(PermissionDenied):
        services.verify_return(own, by=cell, at=after(JULY, 4))
    assert [row.month.office.code for row in queue_of(registrar, after(JULY, 4).date())] == ["rangpur-division"]
    services.verify_return(own, by=registrar, at=after(JULY, 4))


def test_who_entered_in_acting_charge_of_both_posts_leaves_it_to_the_next_superior(
    world: World, registrar: Officer
) -> None:
    services_of_both = make_officer(Post.JOINT_REGISTRAR, world.tree.foreign_division, username="both")
    services_of_both.postings.create(
        office=world.tree.foreign_district, post=Post.DISTRICT_OFFICER, starts_on="2020-07-01", is_acting=True
    )
    own = own_return(world.tree.foreign_district, services_of_both)
    with pytest.raises(PermissionDenied):
        services.verify_return(own, by=services_of_both, at=after(JULY, 4))
    services.verify_return(own, by=registrar, at=after(JULY, 4))


def test_a_nil_own_return_and_what_waits(world: World, browser_of: object, clock: object, registrar: Officer) -> None:
    clock(after(JULY))  # type: ignore[operator]
    due = due_return(world.tree.district, after(JULY).date())
    assert due is not None and due.period == JULY
    ret = services.open_return(world.tree.district, JULY, by=world.district_officer, at=after(JULY))
    services.make_nil(ret, by=world.district_officer, at=after(JULY))
    services.submit_return(ret, by=world.district_officer, at=after(JULY))
    assert due_return(world.tree.district, after(JULY).date()) is None
    (row,) = queue_of(world.joint_registrar, after(JULY).date())
    assert (row.month.office.code, row.month.state) == ("lalmonirhat", ReturnState.SUBMITTED)
    assert "lalmonirhat" in desk_of(world.joint_registrar, after(JULY)).tasks[0].note


@pytest.fixture
def browser_of() -> object:
    def open_for(officer: Officer) -> Client:
        client = Client()
        client.force_login(officer, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return open_for


def test_the_entry_page_shows_the_own_lines_and_says_that_it_begins(
    world: World, browser_of: object, clock: object
) -> None:
    clock(after(JULY))  # type: ignore[operator]
    client: Client = browser_of(world.district_officer)  # type: ignore[operator]
    tasks = [task.address for task in desk_of(world.district_officer, after(JULY)).tasks]
    assert "/returns/lalmonirhat/2023-07/" in tasks
    text = client.get("/returns/lalmonirhat/2023-07/").content.decode()
    assert text.count('inputmode="decimal"') == len(OWN_LINES)
    assert "নিজস্ব রিটার্ন শুরু" in text
    assert 'href="/returns/lalmonirhat/2023-07/"' in client.get("/returns/").content.decode()


def test_the_paper_of_an_own_return_prints_its_lines_alone(world: World) -> None:
    own_return(world.tree.district, world.district_officer, G02=4)
    sections = return_paper(office="lalmonirhat", period="2023-07").context["sections"]
    printed = [line.code for section in sections for line in section.lines]
    assert len(printed) == len(OWN_LINES) + 4 and "ছ০২" in printed


def panel_of(office: Office, period: object = JULY) -> MonthPanel:
    panel: MonthPanel = month_paper(office=office.code, period=str(period)).context["panels"][0]
    return panel


def test_an_office_that_moved_away_keeps_its_column_in_the_old_month(world: World) -> None:
    verified(world, G02=3)
    upazila = world.upazila
    admin = Officer.objects.get(postings__post=Post.SYSTEM_ADMIN)
    move_office(office=upazila, parent=world.tree.foreign_district, first=AUGUST, by=admin, at=after(AUGUST))
    sheet = sheet_of(month_of(world.tree.district, JULY, at=after(JULY, 9)))
    assert [(column.office.code, column.amounts["G02"]) for column in sheet.columns] == [("hatibandha", 3)]
    assert sheet.month.amounts["G02"] == 3
    assert [column.name for column in panel_of(world.tree.district).columns] == [upazila.name_bn]
    there = sheet_of(month_of(world.tree.foreign_district, JULY, at=after(JULY, 9)))
    assert all(not column.amounts for column in there.columns)


def test_page_and_paper_count_the_year_alike(world: World) -> None:
    """An office whose baseline closes the printed month is not in that month, and not in its year either."""
    verified(world, G02=3)
    later = make_officer(Post.UPAZILA_OFFICER, world.tree.sibling)
    closings = dict.fromkeys(needed_closings(world.catalogue), 0)
    made = services.enter_baseline(
        world.tree.sibling, JULY, closings=closings, cumulatives={"G02": 9, "A02.GP": 2}, by=later, at=after(JULY)
    )
    services.verify_baseline(made, by=world.district_officer, at=after(JULY))
    month = month_of(world.tree.district, JULY, at=after(JULY, 9))
    row = next(r for block in sheet_of(month).blocks for r in block.rows if r.cell.key == "G02")
    line = next(x for s in panel_of(world.tree.district).sections for x in s.lines if x.code == "ছ০২")
    assert (row.cumulative, line.since_july) == (3, "৩")
    august = month_of(world.tree.district, AUGUST, at=on(2023, 9, 9))
    rows = {r.cell.key: r for block in sheet_of(august).blocks for r in block.rows}
    assert (rows["G02"].before, rows["A02"].before) == (12, 2)


def test_columns_say_who_is_in(world: World) -> None:
    verified(world)
    columns: tuple[Column, ...] = sheet_of(month_of(world.tree.division, JULY, at=after(JULY, 9))).columns
    assert [(c.office.code, [one.state for one in c.standings]) for c in columns] == [("lalmonirhat", ["verified"])]
