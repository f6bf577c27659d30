"""Consolidated returns: frozen, numbered, explained, judged by another person, and never in the way of the sums."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import UserError
from core.models import Activity
from documents.rendering import render_html
from offices.choices import OfficeKind
from offices.models import Office, Officer
from reports.desk import desk_of
from returns.choices import ConsolidationState, ReturnState
from returns.consolidated import prospect_of, sheet_of_snapshot
from returns.consolidation_models import Consolidation
from returns.models import BaselineValue, Form, Return, ReturnVersion, TotalValue, Value
from returns.papers import consolidated_paper
from returns.rollup import fresh_total
from returns.services.consolidation import (
    send_back_consolidation,
    tell_arrivals,
    verify_consolidation,
)
from tests.factories import make_head, make_office
from tests.returns.factories_consolidated import FIGURES, WHY, Country
from tests.returns.factories_rollup import AT, JUNE, add_version, make_baseline, make_return

pytestmark = pytest.mark.django_db


@pytest.fixture
def country() -> Country:
    return Country()


def test_a_snapshot_freezes_figures_sources_and_who_is_missing(country: Country) -> None:
    made = country.submit(country.tree.district)
    assert (made.number, made.state, made.explanation, made.basis_count) == (1, "submitted", WHY, 2)
    values = dict(made.values.values_list("cell", "amount"))
    assert (values["D04"], values["E02"], values["J12.ASHRAYAN"]) == (6, 1000, 2500)
    through = made.sources.values_list("below__code", "version__ret__office__code")
    assert sorted(through) == [("hatibandha", "hatibandha"), ("patgram", "patgram")]
    states = {row["code"]: row["state"] for row in made.completeness["standings"]}
    assert states == {"hatibandha": "verified", "patgram": "verified", "aditmari": ""}
    activity = Activity.objects.get(verb="returns.submit_consolidation")
    assert (activity.actor, activity.after["number"]) == (country.heads["lalmonirhat"].username, 1)
    country.arrives()
    assert dict(made.values.values_list("cell", "amount")) == values


def test_what_is_missing_must_be_explained_and_what_is_whole_need_not(country: Country) -> None:
    with pytest.raises(UserError):
        country.submit(country.tree.district, "  ")
    assert not Consolidation.objects.exists()
    country.arrives()
    assert country.submit(country.tree.district, "").explanation == ""


def test_a_broken_identity_is_shown_and_must_be_explained(country: Country) -> None:
    rule = {
        "code": "X1",
        "severity": "block",
        "cell": "E03",
        "condition": "E03 <= E02",
        "bn": "{#E03} বেশি।",
        "en": "x",
    }
    warn = rule | {"code": "X2", "severity": "warn"}
    catalogue = country.form.catalogue | {"rules": [rule, warn], "number": 2}
    Form.objects.filter(pk=country.form.pk).update(catalogue=catalogue, digest="b" * 64)
    country.arrives()
    ret = Return.objects.get(office=country.tree.third)
    Value.objects.create(version=ret.versions.get(), cell="E03", amount=9_999, entered_at=AT)
    prospect = prospect_of(country.tree.district, JUNE, at=AT)
    assert [finding.rule for finding in prospect.findings] == ["X1"]
    with pytest.raises(UserError):
        country.submit(country.tree.district, "")
    assert country.submit(country.tree.district).completeness["findings"]


def test_an_office_that_is_missing_breaks_no_identity_over_the_year(country: Country) -> None:
    """Its audits since July are among those of the year, and not in this month's sum of what each has done by now."""
    rule = {"code": "V11", "severity": "block", "cell": "D05", "condition": "cum(D04) == D05", "bn": "ক", "en": "x"}
    catalogue = country.form.catalogue | {"rules": [rule], "number": 2}
    Form.objects.filter(pk=country.form.pk).update(catalogue=catalogue, digest="c" * 64)
    BaselineValue.objects.create(baseline=country.tree.third.baseline, cell="D04", cumulative=5)
    for version in ReturnVersion.objects.all():
        Value.objects.create(version=version, cell="D05", amount=3, entered_at=AT)
    prospect = prospect_of(country.tree.district, JUNE, at=AT)
    assert (prospect.before["D04"], prospect.month.amounts["D05"], prospect.findings) == (5, 6, ())


def test_numbers_go_up_and_the_same_returns_are_frozen_once(country: Country) -> None:
    country.submit(country.tree.district)
    with pytest.raises(UserError, match="১"):
        country.submit(country.tree.district)
    country.arrives()
    second = country.submit(country.tree.district, "")
    states = Consolidation.objects.order_by("number").values_list("number", "state")
    assert list(states) == [(1, ConsolidationState.REPLACED), (2, ConsolidationState.SUBMITTED)]
    assert second.basis_count == 3


def test_the_superior_verifies_and_nobody_what_they_submitted(country: Country) -> None:
    made = country.submit(country.tree.district)
    for wrong in ("lalmonirhat", "bd"):
        with pytest.raises(PermissionDenied):
            verify_consolidation(made, by=country.heads[wrong], at=AT)
    assert country.verify(made).state == ConsolidationState.VERIFIED
    with pytest.raises(UserError):
        country.verify(made)


def test_the_departments_is_verified_by_its_performance_cell(country: Country) -> None:
    made = country.submit(country.tree.department)
    with pytest.raises(PermissionDenied):
        verify_consolidation(made, by=country.heads["bd"], at=AT)
    assert country.verify(made).decided_by == country.cell


def test_sent_back_with_a_reason_it_goes_up_again_under_the_next_number(country: Country) -> None:
    made = country.submit(country.tree.district)
    with pytest.raises(UserError):
        send_back_consolidation(made, reason=" ", by=country.heads["rangpur-division"], at=AT)
    send_back_consolidation(made, reason="কারণ স্পষ্ট নয়।", by=country.heads["rangpur-division"], at=AT)
    assert country.submit(country.tree.district, "নতুন ব্যাখ্যা").number == 2


def test_a_late_arrival_makes_it_outdated_by_name_and_the_verifier_is_told(country: Country) -> None:
    made = country.submit(country.tree.district)
    country.arrives()
    prospect = prospect_of(country.tree.district, JUNE, at=AT)
    assert prospect.is_outdated and "aditmari" in tell_arrivals(prospect.arrivals)
    with pytest.raises(UserError, match="aditmari"):
        country.verify(made)
    assert country.verify(made, despite_later=True).state == ConsolidationState.VERIFIED
    assert country.submit(country.tree.district, "").number == 2


def test_a_changed_return_is_told_apart_from_one_that_arrived(country: Country) -> None:
    country.submit(country.tree.district)
    ret = Return.objects.get(office=country.tree.upazila)
    ReturnVersion.objects.filter(ret=ret).update(state=ReturnState.RETURNED, reason="ভুল")
    add_version(ret, FIGURES | {"D04": 9}, state=ReturnState.VERIFIED)
    later = prospect_of(country.tree.district, JUNE, at=AT).arrivals
    assert [o.code for o in later.changed] == ["hatibandha"] and not later.arrived and not later.gone


def test_consolidated_returns_never_gate_the_sum(country: Country) -> None:
    before = fresh_total(country.tree.department, JUNE, at=AT).values.get(cell="D04").amount
    send_back_consolidation(
        country.submit(country.tree.district), reason="না", by=country.heads["rangpur-division"], at=AT
    )
    country.arrives()
    after = fresh_total(country.tree.department, JUNE, at=AT).values.get(cell="D04").amount
    assert (before, after) == (6, 7)


def accepted() -> list[str]:
    marked = {ret.office.code for ret in Return.objects.with_acceptance() if getattr(ret, "is_accepted", False)}
    codes = sorted(Return.objects.accepted().values_list("office__code", flat=True))
    assert marked == set(codes)
    return codes


def test_a_return_is_accepted_once_its_superiors_snapshot_is_verified(country: Country) -> None:
    country.verify(country.submit(country.tree.division))
    made = country.submit(country.tree.district)
    assert accepted() == []
    country.verify(made)
    assert accepted() == ["hatibandha", "patgram"]
    country.arrives()
    assert accepted() == ["hatibandha", "patgram"]
    make_return(country.tree.department, JUNE, {"D04": 1}, form=country.form)
    country.verify(country.submit(country.tree.department))
    assert accepted() == ["bd", "hatibandha", "patgram"]


def test_a_division_says_which_districts_have_not_consolidated_and_is_not_stopped(country: Country) -> None:
    country.arrives()
    prospect = prospect_of(country.tree.division, JUNE, at=AT)
    assert [(level.office.code, level.state) for level in prospect.unfinished] == [("lalmonirhat", "")]
    with pytest.raises(UserError):
        country.submit(country.tree.division, "")
    assert country.submit(country.tree.division).state == ConsolidationState.SUBMITTED
    country.verify(country.submit(country.tree.district, ""))
    assert not prospect_of(country.tree.division, JUNE, at=AT).unfinished


@pytest.mark.parametrize(
    ("office", "at"), [("district", datetime(2024, 6, 30, 12, tzinfo=AT.tzinfo)), ("foreign_district", AT)]
)
def test_nothing_is_submitted_before_the_month_is_over_or_while_nothing_is_verified(
    country: Country, office: str, at: datetime
) -> None:
    row: Office = getattr(country.tree, office)
    country.heads.setdefault(row.code, make_head(row) if row.code not in country.heads else country.heads[row.code])
    with pytest.raises(UserError):
        country.submit(row, at=at)


def test_the_database_holds_numbers_reasons_and_judges(country: Country) -> None:
    made = country.submit(country.tree.district)
    by = {"decided_by": made.submitted_by, "decided_at": AT}
    for broken in (
        {"state": "verified", **by},
        {"state": "returned", "decided_by": country.cell, "decided_at": AT},
        {"state": "verified"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Consolidation.objects.filter(pk=made.pk).update(**broken)
    made.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        made.save(force_insert=True)


def test_what_now_names_the_consolidated_return(country: Country) -> None:
    jr = country.heads["rangpur-division"]
    july = datetime(2024, 7, 3, 10, tzinfo=AT.tzinfo)

    def labels(officer: Officer, at: datetime) -> list[tuple[str, str]]:
        officer = Officer.objects.get(pk=officer.pk)
        return [(t.address, t.state) for t in desk_of(officer, at).tasks if "consolidated" in t.address]

    district = country.heads["lalmonirhat"]
    page = "/months/lalmonirhat/2024-06/consolidated/"
    assert labels(district, july) == []
    assert labels(district, datetime(2024, 7, 6, 10, tzinfo=AT.tzinfo)) == [(page, "")]
    country.arrives()
    assert labels(district, july) == [(page, "")]
    country.submit(country.tree.district, "")
    assert labels(district, july) == []
    assert labels(jr, july)[0] == (f"{page}1/", "submitted")
    ret = Return.objects.get(office=country.tree.upazila)
    ReturnVersion.objects.filter(ret=ret).update(state=ReturnState.RETURNED, reason="ভুল")
    add_version(ret, FIGURES, state=ReturnState.VERIFIED)
    assert labels(district, july) == [(page, "outdated")]


def test_the_sheet_of_a_snapshot_stays_as_it_was(country: Country) -> None:
    made = country.submit(country.tree.division)
    sheet = sheet_of_snapshot(made)
    (column,) = sheet.columns
    assert (column.office.code, column.amounts["D04"], column.amounts["J12.ASHRAYAN"]) == ("lalmonirhat", 6, 2500)
    assert len(column.standings) == 3
    country.arrives()
    Office.objects.filter(pk=country.tree.upazila.pk).update(name_bn="অন্য নাম")
    assert sheet_of_snapshot(Consolidation.objects.get(pk=made.pk)).columns[0].amounts == column.amounts


def test_the_paper_names_number_state_explanation_and_the_missing(country: Country) -> None:
    country.submit(country.tree.division)
    paper = consolidated_paper(office="rangpur-division", period="2024-06", number=1)
    text = render_html(paper, code="ABCD-EFGH-JKLM-NPQR")
    for words in ("সমন্বিত রিটার্ন নং ১", WHY, "যাচাই বাকি", "aditmari (বাংলা)", "lalmonirhat (বাংলা): জমা হয়নি"):
        assert words in text, words
    country.arrives()
    assert consolidated_paper(office="rangpur-division", period="2024-06", number=1).context == paper.context
    country.submit(country.tree.division)
    with pytest.raises(UserError):
        consolidated_paper(office="rangpur-division", period="2024-06", number=1)


@pytest.mark.parametrize("above", ["district", "division"])
def test_the_page_asks_the_same_number_of_questions_for_more_offices(country: Country, above: str) -> None:
    office: Office = getattr(country.tree, above)
    counts = []
    for number in range(3):
        below = country.tree.district if above == "district" else make_office(f"d{number}", OfficeKind.DISTRICT, office)
        leaf = make_office(f"leaf{number}", parent=below)
        make_baseline(leaf, JUNE.previous(), form=country.form, by=country.cell)
        make_return(leaf, JUNE, FIGURES, form=country.form)
        fresh_total(office, JUNE, at=AT)
        with CaptureQueriesContext(connection) as queries:
            prospect_of(office, JUNE, at=AT, fresh=False)
        counts.append(len(queries))
    assert len(set(counts)) == 1 and counts[0] <= 16, counts


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**9), st.booleans()), min_size=3, max_size=3))
def test_a_snapshot_equals_an_independent_sum_at_every_level(rows: list[tuple[int, int, bool]]) -> None:
    with transaction.atomic():
        country = Country()
        Value.objects.all().delete()
        offices = [country.tree.upazila, country.tree.sibling, country.tree.third]
        expected = {"D04": 0, "E02": 0}
        for office, (audits, fees, verified) in zip(offices, rows, strict=True):
            Value.objects.filter(version__ret__office=office).delete()
            ReturnVersion.objects.filter(ret__office=office).delete()
            Return.objects.filter(office=office).delete()
            state = ReturnState.VERIFIED if verified else ReturnState.SUBMITTED
            make_return(office, JUNE, {"D04": audits, "E02": fees}, form=country.form, state=state)
            if verified:
                expected["D04"] += audits
                expected["E02"] += fees
        if any(verified for *_figures, verified in rows):
            for office in (country.tree.district, country.tree.division, country.tree.department):
                made = country.submit(office)
                values = dict(made.values.values_list("cell", "amount"))
                assert {cell: values[cell] for cell in expected} == expected
                columns = sheet_of_snapshot(made).columns
                assert sum(column.amounts.get("D04", 0) for column in columns) == expected["D04"]
                total = TotalValue.objects.filter(total__office=office, cell="E02").aggregate(n=Sum("amount"))["n"]
                assert total == values["E02"]
        transaction.set_rollback(True)


def test_a_page_of_many_offices_names_each_and_says_once_how_they_stand(
    country: Country, client: Client, clock: Any
) -> None:
    clock(AT)
    client.force_login(country.heads["rangpur-division"])
    sizes, codes = [], ["hatibandha", "patgram", "aditmari"]
    for more in (80, 20):
        for number in range(more):
            office = make_office(f"upazila-{len(codes):03}-{number}", parent=country.tree.district)
            make_baseline(office, JUNE.previous(), form=country.form, by=country.cell)
            codes.append(office.code)
        page = client.get(f"/months/rangpur-division/{JUNE.key}/consolidated/").content.decode()
        assert all(f"/returns/{code}/{JUNE.key}/" in page for code in codes)
        assert page.count("tag--missing") < 10
        sizes.append(len(page))
    assert (sizes[1] - sizes[0]) / 20 < 250, "a line for each office weighs three times that"
