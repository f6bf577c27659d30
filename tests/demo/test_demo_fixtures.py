"""The published figures of the country's fixtures, and how the demonstration fills the rest."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Sum

from core.legal import load_legal_settings
from core.periods import DHAKA, Period
from demo.accounts import make_people
from demo.country import districts_of, filings_of, fill_district
from demo.filing import Filing
from demo.people import DISTRICT
from demo.places import starts_of
from demo.profiles import BASELINE
from demo.registers import instant
from demo.rest import ask_for_the_country
from jobs.choices import JobState
from jobs.models import Job
from jobs.services import execute_job
from offices.models import Office, Officer
from offices.tree import load_offices
from returns.integrity import check_totals
from returns.models import Baseline, BaselineValue, Return, Value
from returns.services import publish_form
from returns.services.forms import FORM_FILE

pytestmark = pytest.mark.django_db
LAKH = 10_000_000


@pytest.fixture(autouse=True)
def _founded(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 10, tzinfo=DHAKA))
    load_offices()
    load_legal_settings()
    publish_form(FORM_FILE, by=make_people()["cell.bd"], at=instant(BASELINE.first, 10))


def totals_of(office: str, period: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command("show_totals", office, period, json=True, stdout=out)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def fill(code: str, until: str) -> Office:
    district = Office.objects.get(code=code)
    assert fill_district(district, Period.parse(until)) > 0
    return district


def test_february_2025_of_rajshahi_is_as_published() -> None:
    district = fill("rajshahi", "2025-02")
    totals = totals_of("rajshahi", "2025-02")
    lines = {"A01.GP": "1353", "A02.GP": "5", "A04.GP": "14", "A07.GP": "1344", "A07.BP": "2022", "D05.GP": "1175"}
    assert {cell: totals["lines"][cell] for cell in lines} == lines
    assert totals["completeness"]["due"] == totals["completeness"]["verified"] == 10
    closing = BaselineValue.objects.filter(baseline__office__parent=district)
    assert closing.filter(cell="A07.GP").aggregate(sum=Sum("closing"))["sum"] == 1353
    assert all(not checked.is_stale and not checked.wrong for checked in check_totals())


def test_sirajganj_brings_its_published_closings_of_october_2023() -> None:
    district = fill("sirajganj", "2023-11")
    closing = BaselineValue.objects.filter(baseline__office__parent=district)
    sums = dict(closing.values_list("cell").annotate(Sum("closing")).order_by())
    assert (sums["A07"], sums["B09"]) == (4_582, 242_622)
    money = {"C04": 800_89, "C08": 1_777_60, "C09": 1_574_44, "C11": 4_152_93}
    assert {cell: sums[cell] for cell in money} == {cell: amount * LAKH // 100 for cell, amount in money.items()}
    assert set(closing.filter(cell="C09").values_list("remark", flat=True)) == {"residual"}
    baselines = Baseline.objects.filter(office__parent=district)
    assert set(baselines.values_list("period", "is_demo")) == {(Period.month(2023, 10), True)}
    assert baselines.filter(verified_at__isnull=False).count() == 9
    november = totals_of("sirajganj", "2023-11")
    assert (november["lines"]["A01"], november["completeness"]["verified"]) == ("4582", 9)


def test_other_districts_show_their_last_four_months_and_a_second_call_changes_nothing() -> None:
    district = fill("meherpur", "2026-10")
    months = set(Return.objects.filter(office__parent=district).values_list("period", flat=True))
    assert sorted(period.key for period in months) == ["2026-07", "2026-08", "2026-09", "2026-10"]
    before = Value.objects.count(), Officer.objects.count()
    assert fill_district(district, Period.parse("2026-10")) == 0
    assert (Value.objects.count(), Officer.objects.count()) == before
    heads = Officer.objects.filter(username__in=["do.meherpur", "uo.gangni"])
    assert all(head.is_demo and not head.has_usable_password() for head in heads) and len(heads) == 2


def test_the_same_seed_fills_the_same_figures() -> None:
    def told() -> list[Any]:
        with transaction.atomic():
            fill("meherpur", "2026-09")
            rows = Value.objects.filter(version__ret__office__parent__code="meherpur")
            found = list(rows.values_list("version__ret__office__code", "version__ret__period", "cell", "amount"))
            transaction.set_rollback(True)
        return sorted(found, key=str)

    first = told()
    assert first and first == told()


def how_it_stands(filing: Filing, due: datetime) -> str:
    if filing.submitted_at is None:
        return "draft"
    if filing.verified_at is None:
        return "waiting"
    return "late" if filing.submitted_at > due else "verified"


def test_the_last_month_has_late_missing_and_waiting_returns_but_not_where_it_is_closed() -> None:
    until = Period.month(2026, 10)
    due = instant(until.next().first.replace(day=6), 0)
    closed = Office.objects.get(code="rangpur-division")
    left: Counter[str] = Counter()
    for district in Office.objects.filter(kind="district").exclude(code=DISTRICT).select_related("parent"):
        for office in Office.objects.filter(parent=district).select_related("parent__parent"):
            filings = list(filings_of(office, {until: {}}, until))
            state = how_it_stands(filings[0], due) if filings else "missing"
            left[state] += 1
            assert state in ("verified", "late") or district.parent != closed
    assert all(left[state] >= 3 for state in ("missing", "draft", "waiting", "late"))
    assert left["verified"] > 380


def test_every_district_can_be_planned() -> None:
    """Each fixture's and each invented beginning has its societies; published cancellations find theirs."""
    until = Period.month(2026, 10)
    for district in Office.objects.filter(kind="district").exclude(code=DISTRICT):
        offices = list(Office.objects.filter(parent=district).order_by("path"))
        for start in starts_of(district, offices, until):
            assert start.profile.total >= 60
            assert min(start.profile.societies.values()) >= 0


def run(job: Job) -> Job:
    assert execute_job(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DONE, job.error
    return job


@pytest.mark.full
def test_a_job_fills_each_division_and_the_first_one_is_closed_next() -> None:
    july = BASELINE.next()
    first, *others = ask_for_the_country(july)
    assert (first.arguments["division"], len(others)) == ("rangpur-division", 7)
    assert not Job.objects.filter(kind="demo.close_division").exists()
    run(first)
    rangpur = Office.objects.get(code="rangpur-division")
    assert (first.done_steps, first.all_steps) == (7, 7) == (len(districts_of(rangpur)),) * 2
    assert totals_of("rangpur-division", "2023-07")["completeness"]["verified"] == 53
    assert Job.objects.get(kind="demo.close_division").arguments == first.arguments
