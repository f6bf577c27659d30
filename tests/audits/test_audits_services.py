from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from hypothesis import given
from hypothesis import strategies as st

from audits.choices import AuditState, Charge
from audits.models import Audit, Collection
from audits.rules import Rates, assess, whole_taka
from audits.services import (
    allot_audit,
    allot_audits,
    collect,
    complete_audit,
    outstanding,
    plan_audits,
    propose_assessment,
    reopen_audit,
    withdraw_collection,
)
from core.errors import UserError
from core.models import Activity
from offices.choices import Post
from societies.choices import EventKind
from societies.services import change_status
from tests.audits.factories_audits import YEAR, make_audit
from tests.factories import Tree, make_officer, make_tree
from tests.societies.factories_societies import at, keeper_of, make_society

RATES = Rates(fee_rate=1000, fee_cap=10_000_00, fund_rate=300)
DAY = date(2023, 9, 20)


@pytest.fixture
def tree(db: None) -> Tree:
    return make_tree()


@given(st.integers(-(10**14), 10**14))
def test_charges_are_exact_whole_taka_and_rounded_half_up(profit: int) -> None:
    result = assess(profit, RATES)
    assert result.fee % 100 == result.fund % 100 == 0
    assert 0 <= result.fee <= RATES.fee_cap
    if profit <= 0:
        assert (result.fee, result.fund, result.fee_uncapped) == (0, 0, 0)
    else:
        assert -50 < result.fee_uncapped - Fraction(profit, 10) <= 50
        assert -50 < result.fund - Fraction(3 * profit, 100) <= 50
        assert result.fee == min(result.fee_uncapped, RATES.fee_cap)
        assert result.is_capped == (result.fee_uncapped > RATES.fee_cap)


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_more_profit_never_owes_less(one: int, other: int) -> None:
    less, more = (assess(profit, RATES) for profit in sorted((one, other)))
    assert less.fee <= more.fee
    assert less.fund <= more.fund


def test_half_a_taka_rounds_up() -> None:
    assert [whole_taka(amount) for amount in (0, 49, 50, 149, 150)] == [0, 0, 100, 100, 200]


def test_the_years_plan_holds_societies_functional_when_it_began_and_is_made_once(tree: Tree) -> None:
    by = keeper_of(tree.upazila)
    kept = make_society(tree.upazila)
    asleep = make_society(tree.upazila)
    make_society(tree.upazila, reg_on=date(2023, 7, 5))
    make_society(tree.sibling)
    change_status(
        society=asleep, kind=EventKind.MADE_NON_FUNCTIONAL, on=date(2023, 6, 1), by=by, at=at(date(2023, 6, 1))
    )
    change_status(society=kept, kind=EventKind.MADE_NON_FUNCTIONAL, on=DAY, by=by, at=at(DAY))
    assert plan_audits(office=tree.upazila, audit_year=YEAR, by=by, at=at(DAY)) == 1
    audit = Audit.objects.get()
    assert (audit.society, audit.accounts_year, audit.office) == (kept, YEAR.shift(-1), tree.upazila)
    assert plan_audits(office=tree.upazila, audit_year=YEAR, by=by, at=at(DAY)) == 0
    with pytest.raises(UserError):
        plan_audits(office=tree.upazila, audit_year=YEAR.shift(1), by=by, at=at(DAY))
    assert Activity.objects.filter(verb="audits.plan_audits").count() == 1


def test_the_database_holds_one_audit_a_society_and_year(tree: Tree) -> None:
    audit = make_audit(tree.upazila)
    with pytest.raises(IntegrityError):
        Audit.objects.create(
            society=audit.society, office=audit.office, audit_year=YEAR, accounts_year=YEAR, planned_on=DAY
        )


def test_an_audit_goes_from_planned_over_allotted_to_done(tree: Tree) -> None:
    by = keeper_of(tree.upazila)
    audit = make_audit(tree.upazila)
    with pytest.raises(UserError):
        complete_audit(audit=audit, on=DAY, net_profit=0, by=by, at=at(DAY))
    allot_audit(audit=audit, auditor=" মোঃ  আলী ", on=DAY, by=by, at=at(DAY))
    done = complete_audit(audit=audit, on=DAY, net_profit=45_678_90, by=by, at=at(DAY))
    done.refresh_from_db()
    assert (done.state, done.auditor, done.fee_assessed, done.fund_assessed) == ("done", "মোঃ আলী", 4568_00, 1370_00)
    assert (done.fee_proposed, done.fund_proposed, done.is_late) == (4568_00, 1370_00, False)
    verbs = list(Activity.objects.filter(verb__startswith="audits.").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["audits.plan_audits", "audits.allot_audit", "audits.complete_audit"]


def test_a_second_click_changes_nothing(tree: Tree) -> None:
    by = keeper_of(tree.upazila)
    audit = make_audit(tree.upazila, AuditState.DONE)
    with pytest.raises(UserError):
        complete_audit(audit=audit, on=DAY, net_profit=1, by=by, at=at(DAY))
    with pytest.raises(UserError):
        allot_audit(audit=audit, auditor="আরেকজন", on=DAY, by=by, at=at(DAY))
    money: dict[str, Any] = {"kind": Charge.FEE, "amount": 1000_00, "on": DAY, "challan": "T-৭"}
    collect(audit=audit, by=by, at=at(DAY), **money)
    with pytest.raises(UserError) as refusal:
        collect(audit=audit, by=by, at=at(DAY), **money)
    assert refusal.value.cell == "challan"
    audit.refresh_from_db()
    assert (audit.net_profit, audit.auditor, Collection.objects.count()) == (100_000_00, "মোঃ আলী", 1)


def test_the_cap_follows_the_tier(tree: Tree) -> None:
    for tier, cap in (("primary", 10_000_00), ("central", 30_000_00), ("national", 50_000_00)):
        audit = make_audit(tree.upazila, society=make_society(tree.upazila, tier=tier))
        proposed = propose_assessment(audit, net_profit=10_00_00_000_00, on=DAY)
        assert (proposed.fee, proposed.is_capped, proposed.fund) == (cap, True, 30_00_000_00)


def test_another_assessment_needs_a_reason_and_keeps_the_proposal(tree: Tree) -> None:
    by = keeper_of(tree.upazila)
    audit = make_audit(tree.upazila, AuditState.ALLOTTED)
    facts: dict[str, Any] = {
        "audit": audit,
        "on": DAY,
        "net_profit": 50_000_00,
        "fee_assessed": 4000_00,
        "by": by,
        "at": at(DAY),
    }
    with pytest.raises(UserError) as refusal:
        complete_audit(**facts)
    assert refusal.value.cell == "reason"
    with pytest.raises(UserError):
        complete_audit(**{**facts, "fee_assessed": 4000_50, "reason": "x"})
    with pytest.raises(UserError):
        complete_audit(**{**facts, "fee_assessed": -100, "reason": "x"})
    done = complete_audit(**facts, reason="আদালতের আদেশ")
    assert (done.fee_assessed, done.fee_proposed, done.reason) == (4000_00, 5000_00, "আদালতের আদেশ")


def test_a_loss_is_kept_and_owes_nothing(tree: Tree) -> None:
    audit = make_audit(tree.upazila, AuditState.DONE, net_profit=-12_345_00)
    assert (audit.net_profit, audit.fee_assessed, audit.fund_assessed) == (-12_345_00, 0, 0)


def test_dates_run_from_plan_to_challan_and_never_ahead(tree: Tree) -> None:
    by = keeper_of(tree.upazila)
    audit = make_audit(tree.upazila)
    now = at(date(2023, 10, 10))
    with pytest.raises(UserError):
        allot_audit(audit=audit, auditor="ক", on=date(2023, 6, 30), by=by, at=now)
    with pytest.raises(UserError):
        allot_audit(audit=audit, auditor="ক", on=date(2023, 10, 11), by=by, at=now)
    allot_audit(audit=audit, auditor="ক", on=date(2023, 9, 1), by=by, at=now)
    for day in (date(2023, 8, 31), date(2023, 10, 11)):
        with pytest.raises(UserError):
            complete_audit(audit=audit, on=day, net_profit=5000_00, by=by, at=now)
    with pytest.raises(UserError):
        collect(audit=audit, kind=Charge.FEE, amount=1, on=DAY, challan="১", by=by, at=now)
    done = complete_audit(audit=audit, on=DAY, net_profit=5000_00, by=by, at=now)
    assert done.is_late
    for day in (date(2023, 9, 19), date(2023, 10, 11)):
        with pytest.raises(UserError):
            collect(audit=audit, kind=Charge.FEE, amount=100, on=day, challan="১", by=by, at=now)


def test_never_more_is_collected_than_is_outstanding(tree: Tree) -> None:
    by = keeper_of(tree.upazila)
    audit = make_audit(tree.upazila, AuditState.DONE)
    collect(audit=audit, kind=Charge.FEE, amount=6000_00, on=DAY, challan="১", by=by, at=at(DAY))
    assert (outstanding(audit, Charge.FEE), outstanding(audit, Charge.FUND)) == (4000_00, 3000_00)
    for amount in (4000_01, 0, -5):
        with pytest.raises(UserError) as refusal:
            collect(audit=audit, kind=Charge.FEE, amount=amount, on=DAY, challan="২", by=by, at=at(DAY))
        assert refusal.value.cell == "amount"
    collect(audit=audit, kind=Charge.FEE, amount=4000_00, on=DAY, challan="২", by=by, at=at(DAY))
    collect(audit=audit, kind=Charge.FUND, amount=3000_00, on=DAY, challan="২", by=by, at=at(DAY))
    assert (outstanding(audit, Charge.FEE), outstanding(audit, Charge.FUND)) == (0, 0)
    unpaid = Audit.objects.with_collected().unpaid()
    assert not unpaid.exists()


def test_only_the_offices_own_officers_and_their_district_record(tree: Tree) -> None:
    audit = make_audit(tree.upazila)
    for stranger in (keeper_of(tree.sibling), make_officer(Post.JOINT_REGISTRAR, tree.division)):
        with pytest.raises(PermissionDenied):
            allot_audit(audit=audit, auditor="ক", on=DAY, by=stranger, at=at(DAY))
    inspector = make_officer(Post.ASSISTANT_INSPECTOR, tree.upazila)
    assert allot_audit(audit=audit, auditor="ক", on=DAY, by=inspector, at=at(DAY)).state == "allotted"


def test_one_auditor_is_named_for_many_and_others_stay(tree: Tree) -> None:
    planned = [make_audit(tree.upazila) for _ in range(3)]
    make_audit(tree.upazila, AuditState.ALLOTTED)
    foreign = make_audit(tree.sibling)
    by = keeper_of(tree.upazila)
    with pytest.raises(PermissionDenied):
        allot_audits(audits=Audit.objects.all(), auditor="রহিমা", on=DAY, by=by, at=at(DAY))
    assert Audit.objects.filter(auditor="রহিমা").count() == 0
    rows = Audit.objects.exclude(pk=foreign.pk)
    assert allot_audits(audits=rows, auditor="রহিমা", on=DAY, by=by, at=at(DAY)) == 3
    assert set(Audit.objects.filter(auditor="রহিমা")) == set(planned)
    activity = Activity.objects.get(verb="audits.allot_audits")
    assert activity.after["audits"] == [audit.pk for audit in planned]


def test_an_audit_is_overdue_once_its_year_is_over(tree: Tree) -> None:
    audit = make_audit(tree.upazila, AuditState.ALLOTTED)
    make_audit(tree.upazila, AuditState.DONE)
    assert not Audit.objects.overdue(date(2024, 6, 30)).exists()
    assert list(Audit.objects.overdue(date(2024, 7, 1))) == [audit]


def test_a_mistake_is_taken_back_by_the_head_payments_first(tree: Tree) -> None:
    head = keeper_of(tree.upazila)
    audit = make_audit(tree.upazila, AuditState.DONE)
    paid = collect(audit=audit, kind=Charge.FEE, amount=100_00, on=DAY, challan="১", by=head, at=at(DAY))
    facts: dict[str, Any] = {"reason": "ভুল সমিতি", "at": at(DAY)}
    with pytest.raises(UserError):
        reopen_audit(audit=audit, by=head, **facts)
    with pytest.raises(PermissionDenied):
        withdraw_collection(row=paid, by=make_officer(Post.ASSISTANT_INSPECTOR, tree.upazila), **facts)
    withdraw_collection(row=paid, by=head, **facts)
    with pytest.raises(UserError):
        withdraw_collection(row=paid, by=head, **facts)
    with pytest.raises(UserError):
        reopen_audit(audit=audit, by=head, at=at(DAY), reason=" ")
    again = reopen_audit(audit=audit, by=head, **facts)
    again.refresh_from_db()
    assert (again.state, again.net_profit, again.fee_assessed, again.auditor) == ("allotted", None, None, "মোঃ আলী")
    with pytest.raises(UserError):
        reopen_audit(audit=audit, by=head, **facts)
    said = Activity.objects.get(verb="audits.reopen_audit").before
    assert (said["net_profit"], said["fee_assessed"]) == ("10000000", "1000000")
    assert complete_audit(audit=audit, on=DAY, net_profit=0, by=head, at=at(DAY)).is_done
