"""The month of every office: its figures, who is missing, and the way down to the return."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jobs.models import Job
from jobs.services import run_waiting_jobs
from offices.models import Office, Officer
from returns.choices import ReturnState
from returns.models import Form, LineTarget
from returns.months import month_of, sheet_of
from returns.rollup import compute_total
from tests.factories import Tree, make_head, make_office, make_tree
from tests.returns.factories_rollup import AT, JUNE, make_baseline, make_clerk, make_form, make_return

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree() -> Tree:
    return make_tree()


@pytest.fixture
def form() -> Form:
    return make_form()


def reader(officer: Officer, language: str = "en") -> Client:
    client = Client()
    client.cookies["django_language"] = language
    client.force_login(officer, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def verified(tree: Tree, form: Form) -> None:
    by = make_head(tree.department)
    for office in (tree.upazila, tree.sibling, tree.third):
        make_baseline(office, JUNE.previous(), form=form, by=by, cumulative={"D04": 10})
    make_return(tree.upazila, JUNE, {"D01": 100, "D04": 12345, "E02": 100_000}, form=form)
    make_return(tree.sibling, JUNE, {"D01": 50, "D04": 5, "E02": 300_000}, form=form)
    for office in (tree.district, tree.division, tree.department):
        compute_total(office, JUNE, at=AT)


def test_children_stand_side_by_side_with_the_year_beside_the_flows(tree: Tree, form: Form) -> None:
    verified(tree, form)
    sheet = sheet_of(month_of(tree.district, JUNE, at=AT))
    assert [column.office.code for column in sheet.columns] == ["hatibandha", "patgram", "aditmari"]
    row = next(row for block in sheet.blocks for row in block.rows if row.cell.key == "D04")
    assert row.parts == (12345, 5, None)
    assert (row.amount, row.before, row.cumulative, row.target) == (12350, 30, 12380, 150)
    assert row.share == 825_333


def test_an_upper_offices_own_target_rules_and_is_never_summed(tree: Tree, form: Form) -> None:
    verified(tree, form)
    by = make_head(tree.division)
    year = JUNE.fiscal_year
    targets = ((tree.district, "D01", 200), (tree.upazila, "D01.GP", 90), (tree.third, "D01.BP", 85))
    for office, cell, amount in targets:
        LineTarget.objects.create(office=office, fiscal_year=year, cell=cell, amount=amount, set_by=by, set_at=AT)

    def target(office: Office) -> int | None:
        rows = [row for block in sheet_of(month_of(office, JUNE, at=AT)).blocks for row in block.rows]
        return next(row.target for row in rows if row.cell.key == "D04")

    assert target(tree.district) == 200
    assert target(tree.division) == 175, "the leaf offices' targets, also of those that are not in"


def test_a_months_page_shows_figures_and_names_who_is_missing(tree: Tree, form: Form) -> None:
    verified(tree, form)
    client = reader(make_head(tree.district))
    assert 'href="/returns/aditmari/2024-06/"' in text_of(client, "/months/lalmonirhat/2024-06/")
    page = text_of(client, "/months/lalmonirhat/2024-06/lines/")
    assert "12,350" in page
    assert "4,000" in page
    assert 'href="/months/lalmonirhat/2024-06/cells/D04/"' in page
    bangla = text_of(reader(make_head(tree.division), "bn"), "/months/lalmonirhat/2024-06/lines/")
    assert "১২,৩৫০" in bangla


def test_the_way_goes_down_from_the_nation_to_the_return(tree: Tree, form: Form) -> None:
    verified(tree, form)
    client = reader(make_head(tree.division))
    page = text_of(client, "/months/rangpur-division/2024-06/cells/D04/")
    assert 'href="/months/lalmonirhat/2024-06/cells/D04/"' in page
    page = text_of(client, "/months/lalmonirhat/2024-06/cells/D04/")
    assert 'href="/returns/hatibandha/2024-06/cells/D04/"' in page
    assert client.get("/months/hatibandha/2024-06/cells/D04/")["Location"] == "/returns/hatibandha/2024-06/cells/D04/"


def test_a_ratio_leads_to_its_two_sums(tree: Tree, form: Form) -> None:
    make_return(tree.upazila, JUNE, {"J10": 400, "J11": 100, "J12": 2500}, form=form)
    compute_total(tree.district, JUNE, at=AT)
    page = text_of(reader(make_head(tree.district)), "/months/lalmonirhat/2024-06/cells/J12/")
    assert 'href="/months/lalmonirhat/2024-06/cells/J11/"' in page
    assert "25.00" in page


def test_a_total_out_of_date_says_so_and_can_be_added_up(tree: Tree, form: Form) -> None:
    verified(tree, form)
    client = reader(make_head(tree.district))
    address = "/months/lalmonirhat/2024-06/"
    assert "being updated" not in text_of(client, address)
    make_return(tree.third, JUNE, {"D04": 1}, form=form)
    assert "being updated" in text_of(client, address)
    client.post(f"{address}add-up/")
    client.post(f"{address}add-up/")
    assert Job.objects.count() == 1
    run_waiting_jobs()
    page = text_of(client, address)
    assert "being updated" not in page
    assert "12,351" in page


def test_nothing_verified_shows_no_zero(tree: Tree, form: Form) -> None:
    make_return(tree.upazila, JUNE, {"D04": 7}, form=form, state=ReturnState.SUBMITTED)
    page = text_of(reader(make_head(tree.district)), "/months/lalmonirhat/2024-06/")
    assert "a dash is no zero" in page


def test_another_offices_month_is_not_found(tree: Tree, form: Form) -> None:
    client = reader(make_head(tree.foreign_district))
    for address in ("", "cells/D04/"):
        assert client.get(f"/months/lalmonirhat/2024-06/{address}").status_code == 404
    assert client.post("/months/lalmonirhat/2024-06/add-up/").status_code == 404
    assert client.post("/months/lalmonirhat/2024-06/paper/").status_code == 404
    assert client.get("/months/bd/2024-06/").status_code == 404


@pytest.mark.parametrize("address", ["2024-13", "2023-24-Q1", "2999-01", "2019-01", "2024-06/cells/Z99"])
def test_a_month_or_cell_that_is_none_is_not_found(tree: Tree, form: Form, address: str) -> None:
    assert reader(make_head(tree.district)).get(f"/months/lalmonirhat/{address}/").status_code == 404


def test_the_way_in_leads_to_ones_own_last_month(tree: Tree, form: Form) -> None:
    assert reader(make_head(tree.district)).get("/months/")["Location"].startswith("/months/lalmonirhat/")


@pytest.mark.parametrize("address", ["", "lines/", "cells/D04/"])
def test_a_page_asks_at_most_sixteen_questions_whatever_the_offices(tree: Tree, form: Form, address: str) -> None:
    verified(tree, form)
    counts: dict[str, list[int]] = {}
    for office in (tree.district, tree.division):
        client = reader(make_head(office))
        counts[office.code] = []
        for number in range(3):
            leaf = make_office(f"{office.code}{number}", parent=tree.district)
            make_baseline(leaf, JUNE.previous(), form=form, by=make_clerk("enterer"))
            make_return(leaf, JUNE, {"D04": 1}, form=form)
            for one in (tree.district, tree.division):
                compute_total(one, JUNE, at=AT)
            with CaptureQueriesContext(connection) as queries:
                text_of(client, f"/months/{office.code}/2024-06/{address}")
            counts[office.code].append(len(queries))
    assert all(len(set(each)) == 1 and each[0] <= 16 for each in counts.values()), counts
