"""Offices that move, open and close: old totals stay under the old superior, new months roll up under the new one."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from core.errors import UserError
from core.periods import DHAKA, Period, dhaka_date
from offices.choices import Post
from offices.models import Office, Officer
from offices.places import former_places, remembering
from offices.services import close_office, move_office
from returns.choices import ReturnState
from returns.completeness import completeness_of
from returns.integrity import check_totals
from returns.judges import bench_of
from returns.models import Form, Return, Total
from returns.months import month_of, sheet_of
from returns.rollup import compute_total, is_stale
from returns.services import open_return, verify_return
from returns.worklist import queue_of
from tests.factories import Tree, make_head, make_officer, make_tree
from tests.returns.factories_rollup import AT, JUNE, make_baseline, make_clerk, make_form, make_return

pytestmark = pytest.mark.django_db
JULY, AUGUST = Period.month(2024, 7), Period.month(2024, 8)
NOW = AT.replace(month=9, tzinfo=DHAKA)


@pytest.fixture
def offices() -> Tree:
    return make_tree()


@pytest.fixture
def form() -> Form:
    return make_form()


@pytest.fixture
def admin(offices: Tree) -> Officer:
    return make_officer(Post.SYSTEM_ADMIN, offices.department)


@pytest.fixture
def july(offices: Tree, form: Form) -> dict[str, dict[str, int | None]]:
    """July verified everywhere, added up to the nation: what each office's total says."""
    for number, office in enumerate((offices.upazila, offices.sibling, offices.foreign_upazila), start=1):
        make_baseline(office, JUNE, form=form, by=make_clerk("keeper"), cumulative={})
        make_return(office, JULY, {"D04.GP": 10**number, "D04": 10**number}, form=form)
    compute_total(offices.department, JULY, at=NOW)
    return totals(JULY)


def totals(period: Period) -> dict[str, dict[str, int | None]]:
    return {
        total.office.code: dict(total.values.values_list("cell", "amount"))
        for total in Total.objects.filter(period=period).select_related("office")
    }


def recomputed(period: Period) -> dict[str, dict[str, int | None]]:
    for office in Office.objects.filter(totals__period=period).order_by("-path"):
        compute_total(office, period, at=NOW)
    return totals(period)


def d04(office: Office, period: Period) -> int | None:
    return dict(compute_total(office, period, at=NOW).values.values_list("cell", "amount")).get("D04")


def names(office: Office, period: Period) -> set[str]:
    return {one.office.code for one in completeness_of(office, period, 5, at=NOW).standings}


def columns(office: Office, period: Period) -> dict[str, int | None]:
    sheet = sheet_of(month_of(office, period, at=NOW))
    return {column.office.code: column.amounts.get("D04") for column in sheet.columns}


def test_a_moved_upazila_leaves_its_old_months_behind(
    offices: Tree, form: Form, admin: Officer, july: dict[str, dict[str, int | None]]
) -> None:
    old, new = offices.district, offices.foreign_district
    move_office(office=offices.upazila, parent=new, first=AUGUST, by=admin, at=NOW)
    assert not any(is_stale(total) for total in Total.objects.all())
    assert recomputed(JULY) == july
    assert july["lalmonirhat"]["D04"] == 110 and july["sylhet"]["D04"] == 1000
    office = Office.objects.get(code="hatibandha")
    make_return(office, AUGUST, {"D04.GP": 7, "D04": 7}, form=form)
    assert (d04(old, AUGUST), d04(new, AUGUST)) == (None, 7)
    assert d04(offices.foreign_division, AUGUST) == d04(offices.department, AUGUST) == 7
    assert d04(offices.division, AUGUST) is None
    assert recomputed(JULY) == july
    assert all(not checked.is_stale and not checked.wrong for checked in check_totals())
    assert names(old, JULY) == {"hatibandha", "patgram"} and names(new, JULY) == {"balaganj"}
    assert names(old, AUGUST) == {"patgram"} and names(new, AUGUST) == {"balaganj", "hatibandha"}
    assert columns(old, JULY) == {"hatibandha": 10, "patgram": 100} and columns(new, JULY) == {"balaganj": 1000}
    assert columns(new, AUGUST) == {"balaganj": None, "hatibandha": 7} and columns(old, AUGUST) == {"patgram": None}


def test_a_moved_district_leaves_its_old_months_behind(
    offices: Tree, form: Form, admin: Officer, july: dict[str, dict[str, int | None]]
) -> None:
    move_office(office=offices.district, parent=offices.foreign_division, first=AUGUST, by=admin, at=NOW)
    assert recomputed(JULY) == july
    make_return(Office.objects.get(code="patgram"), AUGUST, {"D04.GP": 3, "D04": 3}, form=form)
    assert d04(offices.foreign_division, AUGUST) == 3 and d04(offices.division, AUGUST) is None
    assert d04(offices.district, AUGUST) == d04(offices.department, AUGUST) == 3
    assert columns(offices.division, JULY) == {"lalmonirhat": 110}
    assert columns(offices.foreign_division, JULY) == {"sylhet": 1000}
    assert columns(offices.foreign_division, AUGUST) == {"sylhet": None, "lalmonirhat": 3}
    assert names(offices.division, JULY) == {"hatibandha", "patgram"} and not names(offices.division, AUGUST)
    assert all(not checked.is_stale and not checked.wrong for checked in check_totals())


def test_a_month_already_verified_keeps_an_office_where_it_was(
    offices: Tree, admin: Officer, july: dict[str, dict[str, int | None]]
) -> None:
    path = offices.upazila.path
    with pytest.raises(UserError):
        move_office(office=offices.upazila, parent=offices.foreign_district, first=JULY, by=admin, at=NOW)
    assert Office.objects.get(code="hatibandha").path == path and recomputed(JULY) == july


def test_a_return_still_open_follows_or_stays_with_its_month(
    offices: Tree, form: Form, admin: Officer, july: dict[str, dict[str, int | None]]
) -> None:
    """August waits for its old superior's verdict when the office moves from September; a draft of September goes."""
    september = Period.month(2024, 9)
    august = make_return(offices.upazila, AUGUST, {"D04": 1}, form=form, state=ReturnState.SUBMITTED)
    old = offices.upazila.path
    later = make_return(offices.upazila, september, {"D04": 1}, form=form, state=ReturnState.DRAFT)
    before, after = make_head(offices.district), make_head(offices.foreign_district)
    move_office(office=offices.upazila, parent=offices.foreign_district, first=september, by=admin, at=NOW)
    office = Office.objects.get(code="hatibandha")
    assert Return.objects.get(pk=later.ret_id).office_path == office.path
    august.ret.refresh_from_db()
    assert august.ret.office_path == old
    today = dhaka_date(NOW)
    fresh_before, fresh_after = Officer.objects.get(pk=before.pk), Officer.objects.get(pk=after.pk)
    bench = bench_of(august.ret, august, today)
    assert bench.seat_of(before) and not bench.seat_of(after)
    assert ("hatibandha", AUGUST) in {(r.month.office.code, r.month.period) for r in queue_of(fresh_before, today)}
    assert ("hatibandha", AUGUST) not in {(r.month.office.code, r.month.period) for r in queue_of(fresh_after, today)}
    with pytest.raises(PermissionDenied):
        verify_return(august.ret, by=fresh_after, at=NOW)


def test_what_a_closed_superior_left_undecided_comes_to_the_next_one(
    offices: Tree, form: Form, admin: Officer, july: dict[str, dict[str, int | None]]
) -> None:
    """August waits below a district whose offices all moved in September, that was closed, and where nobody sits."""
    august = make_return(offices.upazila, AUGUST, {"D04": 1}, form=form, state=ReturnState.SUBMITTED)
    for office in (offices.upazila, offices.sibling, offices.third):
        move_office(office=office, parent=offices.foreign_district, first=Period.month(2024, 9), by=admin, at=NOW)
    close_office(office=offices.district, closed_on=date(2024, 8, 31), by=admin, at=NOW)
    august.ret.refresh_from_db()
    today = dhaka_date(NOW)
    joint, stranger = make_head(offices.division), make_head(offices.foreign_district)
    for officer, comes in ((joint, True), (stranger, False)):
        assert bool(bench_of(august.ret, august, today).seat_of(officer)) is comes
        waiting = {(row.month.office.code, row.month.period) for row in queue_of(officer, today)}
        assert (("hatibandha", AUGUST) in waiting) is comes
    verify_return(august.ret, by=joint, at=NOW)
    assert august.ret.versions.get().decided_by == joint


def test_a_return_opened_while_the_office_moved_has_its_new_place(
    offices: Tree, admin: Officer, july: dict[str, dict[str, int | None]]
) -> None:
    """Who opens it has read the office before the move: it would stay in the old superior's total for ever."""
    seen = Office.objects.get(code="hatibandha")
    importer = make_officer(Post.SYSTEM_ADMIN, offices.department, username="importer")
    with remembering():
        former_places()
        move_office(office=offices.upazila, parent=offices.foreign_district, first=AUGUST, by=admin, at=NOW)
        ret = open_return(seen, AUGUST, by=importer, at=NOW, right="returns.import_returns")
    assert ret.office_path == Office.objects.get(code="hatibandha").path
    assert names(offices.foreign_district, AUGUST) == {"balaganj", "hatibandha"}


def test_both_sides_and_the_office_itself_still_read_the_old_months(
    offices: Tree, admin: Officer, july: dict[str, dict[str, int | None]], client: Client, settings: object
) -> None:
    settings.PORTAL_CLOCK = NOW  # type: ignore[attr-defined]
    people = [make_head(offices.upazila), make_head(offices.district), make_head(offices.foreign_district)]
    stranger = make_head(offices.sibling)
    move_office(office=offices.upazila, parent=offices.foreign_district, first=AUGUST, by=admin, at=NOW)
    for officer in people:
        client.force_login(officer)
        assert client.get(f"/returns/hatibandha/{JULY}/").status_code == 200, officer
        assert client.get(f"/months/hatibandha/{JULY}/").status_code == 200, officer
    client.force_login(stranger)
    assert client.get(f"/returns/hatibandha/{JULY}/").status_code == 404
    client.force_login(people[1])
    assert client.get(f"/months/hatibandha/{AUGUST}/").status_code == 404
    page = client.get(f"/months/lalmonirhat/{JULY}/").content.decode()
    assert "hatibandha" in page and "hatibandha" not in client.get(f"/months/lalmonirhat/{AUGUST}/").content.decode()


def test_a_closed_office_is_due_to_its_last_month(
    offices: Tree, admin: Officer, july: dict[str, dict[str, int | None]]
) -> None:
    close_office(office=offices.upazila, closed_on=date(2024, 8, 15), by=admin, at=NOW)
    assert "hatibandha" in names(offices.district, AUGUST)
    assert names(offices.district, Period.month(2024, 9)) == {"patgram"}
    assert recomputed(JULY) == july


def test_no_office_closes_before_a_month_that_it_reported_for(
    offices: Tree, admin: Officer, july: dict[str, dict[str, int | None]]
) -> None:
    with pytest.raises(UserError) as refused:
        close_office(office=offices.upazila, closed_on=date(2024, 6, 30), by=admin, at=NOW)
    assert refused.value.cell == "closed_on" and "hatibandha" in names(offices.district, JULY)
    close_office(office=offices.upazila, closed_on=date(2024, 7, 1), by=admin, at=NOW)
    assert "hatibandha" in names(offices.district, JULY)


def test_an_office_opened_later_is_due_from_the_month_after_its_baseline(
    offices: Tree, form: Form, july: dict[str, dict[str, int | None]]
) -> None:
    assert "aditmari" not in names(offices.district, AUGUST)
    make_baseline(offices.third, AUGUST, form=form, by=make_clerk("keeper"), cumulative={"D04": 5})
    assert "aditmari" not in names(offices.district, AUGUST)
    assert "aditmari" in names(offices.district, Period.month(2024, 9))
