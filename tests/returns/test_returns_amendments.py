"""Amending a verified return: who may, what follows in later months, and what is refused whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import translation

from core.errors import UserError
from core.models import Activity
from jobs.models import Job
from offices.choices import Post
from returns import services
from returns.amending import changes_of, suppose
from returns.choices import AmendmentState, Origin, ReturnState, VersionKind
from returns.models import Remark, Return, ReturnVersion, Value
from returns.rollup import compute_total, is_stale
from returns.services import StaleAmendmentError
from tests.factories import make_officer
from tests.returns.factories_amendments import (
    ASKED,
    DECIDED,
    REASON,
    SEPTEMBER,
    approved,
    figure,
    in_force,
    proposed,
    three_months,
    written,
)
from tests.returns.factories_returns import AUGUST, JULY, after, fill, make_world, submitted, verified
from tests.societies.factories_societies import make_society

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_bangla() -> Iterator[None]:
    with translation.override("bn"):
        yield


def state_of_everything() -> list[Any]:
    """Every version and figure, to be compared with what they were."""
    versions = ReturnVersion.objects.order_by("pk").values_list("pk", "ret", "number", "state", "kind", "superseded_at")
    values = Value.objects.order_by("pk").values_list("version", "cell", "amount", "origin", "entered_at")
    return [list(versions), list(values), list(Remark.objects.order_by("pk").values_list("version", "rule", "text"))]


def test_an_approved_amendment_moves_openings_and_computed_cells_of_every_later_month() -> None:
    world, july, august, september = three_months()
    before = {ret.pk: dict(in_force(ret).values.values_list("cell", "origin")) for ret in (july, august, september)}
    amendment = approved(world, july, K02=12)
    assert amendment.state == AmendmentState.APPROVED and amendment.decided_by == world.district_officer
    assert (figure(july, "K02"), figure(july, "K04")) == (12, 12)
    assert [figure(august, cell) for cell in ("K01", "K02", "K03", "K04")] == [12, 0, 8, 4]
    assert [figure(september, cell) for cell in ("K01", "K04")] == [4, 4]
    for ret, kind in ((july, VersionKind.AMENDED), (august, VersionKind.CARRIED), (september, VersionKind.CARRIED)):
        old, new = ret.versions.order_by("number")
        assert (new.number, new.state, new.kind, new.amendment) == (2, ReturnState.VERIFIED, kind, amendment)
        assert (new.submitted_by, new.decided_by, new.decided_at) == (world.officer, world.district_officer, DECIDED)
        assert (old.state, old.superseded_at, old.kind) == (ReturnState.SUPERSEDED, DECIDED, VersionKind.ENTERED)
        ret.refresh_from_db()
        assert ret.state == ReturnState.VERIFIED
        origins = dict(new.values.values_list("cell", "origin"))
        assert {cell for cell in origins if origins[cell] != before[ret.pk][cell]} <= {"K02"}
    assert figure(july, "K02", 1) == 10 and figure(august, "K01", 1) == 10, "old versions are not touched"
    assert in_force(july).values.get(cell="K02").entered_by == world.officer
    assert in_force(july).values.get(cell="K02").entered_at == ASKED


def test_a_figure_that_nothing_later_reads_makes_no_later_version() -> None:
    world, july, august, _september = three_months()
    approved(world, july, G02=4)
    assert in_force(july).number == 2 and in_force(august).number == 1


def test_cumulatives_follow_to_the_end_of_the_fiscal_year() -> None:
    world, july, august, september = three_months()
    services.set_line_targets(
        world.upazila, JULY.fiscal_year, amounts={"D01.GP": 99}, by=world.district_officer, at=ASKED
    )
    approved(world, july, D04__GP=3)
    assert [figure(ret, "D05.GP") for ret in (july, august, september)] == [3, 3, 3]
    assert [figure(ret, "D05") for ret in (july, august, september)] == [3, 3, 3]
    assert [figure(ret, "D01.GP") for ret in (july, august, september)] == [0, 0, 0], "targets stay as submitted"
    assert in_force(august).values.get(cell="D04.GP").amount == 0


def test_a_warning_that_the_amendment_raises_is_answered_by_its_reason() -> None:
    world, july, august, _september = three_months()
    approved(world, july, D02__GP=7)  # more accounts received since July than societies to be audited (0)
    for ret in (july, august):
        remark = Remark.objects.get(version=in_force(ret), rule="D02", cell="D02.GP")
        assert (remark.text, remark.by) == (REASON, world.officer)


def test_an_amendment_that_breaks_a_later_month_is_refused_by_name_and_nothing_changes() -> None:
    world, july, _august, _september = three_months()
    draft = written(world, july, K02=7)
    before = state_of_everything()
    with pytest.raises(UserError, match=r"V03\.K04") as refused:
        services.propose_amendment(draft, by=world.officer, at=ASKED)
    message = str(refused.value.message)
    assert AUGUST.label() in message and "৭" in message and "৮" in message, message
    assert refused.value.cell == "K03"
    assert state_of_everything() == before
    draft.state, draft.proposed_at = AmendmentState.PROPOSED, ASKED
    draft.save()
    with pytest.raises(UserError, match=r"V03\.K04"):
        services.approve_amendment(draft, by=world.district_officer, at=DECIDED)
    draft.refresh_from_db()
    assert draft.state == AmendmentState.PROPOSED
    assert state_of_everything() == before


def test_figures_from_the_registers_carry_their_rows_and_others_the_reason() -> None:
    world = make_world()
    july = verified(world, JULY)
    make_society(world.upazila, reg_on=JULY.first)
    approved(world, july, A02__GP=1, A08__GP=1, B03=25)
    taken = in_force(july).values.get(cell="A02.GP")
    assert (taken.amount, taken.origin, taken.rows_model) == (1, Origin.REGISTER, "societies.statusevent")
    assert len(taken.rows) == 1 and figure(july, "A07.GP") == 1
    assert in_force(july).values.get(cell="B03").origin == Origin.TYPED


def test_an_amended_figure_that_is_not_the_registers_carries_the_reason() -> None:
    world, july, _august, _september = three_months()
    approved(world, july, E02=50_000)
    other = in_force(july).values.get(cell="E02")
    assert (other.amount, other.origin, other.proposed, other.reason) == (50_000, Origin.OVERRIDE, 0, REASON)


def test_a_figure_of_a_later_month_that_must_follow_is_amended_in_the_same_act() -> None:
    """One society more in July is one functional society more in every month after it, and those are typed."""
    world, july, august, september = three_months()
    alone = written(world, july, A02__GP=1, A08__GP=1)
    with pytest.raises(UserError, match="V04") as refused:
        services.propose_amendment(alone, by=world.officer, at=ASKED)
    assert AUGUST.label() in str(refused.value.message)
    whole = services.write_amendment(
        july,
        figures={"A02.GP": 1, "A08.GP": 1},
        later={AUGUST: {"A08.GP": 1}, SEPTEMBER: {"A08.GP": 1}},
        reason=REASON,
        by=world.officer,
        at=ASKED,
    )
    services.propose_amendment(whole, by=world.officer, at=ASKED)
    services.approve_amendment(whole, by=world.district_officer, at=DECIDED)
    assert [figure(ret, "A07.GP") for ret in (july, august, september)] == [1, 1, 1]
    assert {in_force(ret).kind for ret in (july, august, september)} == {VersionKind.AMENDED}


def test_an_amendment_reaches_neither_earlier_months_nor_unverified_ones() -> None:
    world = make_world()
    july = verified(world, JULY, K02=10)
    august = verified(world, AUGUST)
    submitted(world, SEPTEMBER)
    for ret, later in ((august, {JULY: {"K02": 9}}), (july, {SEPTEMBER: {"K02": 9}}), (july, {JULY.shift(9): {}})):
        with pytest.raises(UserError, match="যাচাই"):
            services.write_amendment(ret, figures={"K02": 5}, later=later, reason=REASON, by=world.officer, at=ASKED)


def test_a_submitted_later_month_takes_the_new_openings_and_stays_submitted() -> None:
    world = make_world()
    july = verified(world, JULY, K02=10)
    august = submitted(world, AUGUST, K03=8)
    old = in_force(august)
    approved(world, july, K02=12)
    new = in_force(august)
    assert (new.state, new.number, new.kind) == (ReturnState.SUBMITTED, 2, VersionKind.CARRIED)
    assert (new.submitted_by, new.submitted_at, new.decided_by) == (old.submitted_by, old.submitted_at, None)
    assert (figure(august, "K01"), figure(august, "K04")) == (12, 4)
    services.verify_return(august, by=world.district_officer, at=DECIDED)
    assert in_force(august).state == ReturnState.VERIFIED


def test_a_draft_and_a_month_sent_back_open_with_the_new_closing_by_themselves() -> None:
    world = make_world()
    july = verified(world, JULY, K02=10)
    august = submitted(world, AUGUST, K03=8)
    services.send_back_return(august, reason="আবার দেখুন।", by=world.district_officer, at=after(AUGUST, 4))
    approved(world, july, K02=12)
    assert [v.state for v in august.versions.order_by("number")] == [ReturnState.RETURNED, ReturnState.DRAFT]
    services.submit_return(august, by=world.officer, at=DECIDED)
    assert figure(august, "K01") == 12
    services.verify_return(august, by=world.district_officer, at=DECIDED)


def test_only_the_office_asks_and_only_an_uninvolved_superior_decides() -> None:
    world, july, _august, _september = three_months()
    for stranger in (world.clerk, world.district_officer, make_officer(Post.UPAZILA_OFFICER, world.tree.sibling)):
        with pytest.raises(PermissionDenied):
            services.write_amendment(july, figures={"K02": 12}, reason=REASON, by=stranger, at=ASKED)
    amendment = proposed(world, july, K02=12)
    neighbour = make_officer(Post.DISTRICT_OFFICER, world.tree.foreign_district)
    for stranger in (world.clerk, world.officer, world.joint_registrar, neighbour):
        with pytest.raises(PermissionDenied):
            services.approve_amendment(amendment, by=stranger, at=DECIDED)
        with pytest.raises(PermissionDenied):
            services.refuse_amendment(amendment, reason="না", by=stranger, at=DECIDED)
    assert in_force(july).number == 1


def test_who_holds_both_posts_does_not_decide_on_what_they_asked_for() -> None:
    world, july, _august, _september = three_months()
    both = make_officer(Post.UPAZILA_OFFICER, world.upazila, username="both")
    both.postings.create(office=world.tree.district, post=Post.DISTRICT_OFFICER, starts_on=JULY.first, is_acting=True)
    world.district_officer.postings.update(ends_on=JULY.last)
    amendment = services.write_amendment(july, figures={"K02": 12}, reason=REASON, by=both, at=ASKED)
    services.propose_amendment(amendment, by=both, at=ASKED)
    with pytest.raises(PermissionDenied):
        services.approve_amendment(amendment, by=both, at=DECIDED)
    services.approve_amendment(amendment, by=world.joint_registrar, at=DECIDED)
    assert in_force(july).decided_by == world.joint_registrar


@pytest.mark.parametrize(
    ("figures", "word"),
    [
        ({"K04": 3}, "K04|ট০৪|কে"),
        ({"NOPE": 3}, "NOPE"),
        ({"K02": -1}, "কম"),
        ({"K02": 10**17}, "বড়"),
        ({"K02": 10}, "বদল"),
        ({}, "বদল"),
    ],
    ids=["computed", "unknown", "negative", "too large", "unchanged", "none"],
)
def test_what_cannot_be_amended_is_said_and_not_kept(figures: dict[str, int], word: str) -> None:
    world, july, _august, _september = three_months()
    with pytest.raises(UserError):
        services.write_amendment(july, figures=figures, reason=REASON, by=world.officer, at=ASKED)
    assert not july.amendments.exists()


def test_an_amendment_needs_a_reason_and_a_verified_return() -> None:
    world = make_world()
    july = submitted(world, JULY, K02=10)
    for reason in ("", "   ", "ক" * 1001):
        with pytest.raises(UserError):
            services.write_amendment(july, figures={"K02": 12}, reason=reason, by=world.officer, at=ASKED)
    with pytest.raises(UserError, match="যাচাই"):
        services.write_amendment(july, figures={"K02": 12}, reason=REASON, by=world.officer, at=ASKED)


def test_refusing_and_withdrawing_leave_everything_as_it_was() -> None:
    world, july, _august, _september = three_months()
    before = state_of_everything()
    amendment = proposed(world, july, K02=12)
    with pytest.raises(UserError):
        services.refuse_amendment(amendment, reason=" ", by=world.district_officer, at=DECIDED)
    amendment = services.refuse_amendment(amendment, reason="কাগজ নেই।", by=world.district_officer, at=DECIDED)
    assert (amendment.state, amendment.decision) == (AmendmentState.REFUSED, "কাগজ নেই।")
    second = proposed(world, july, K02=12)
    second = services.withdraw_amendment(second, by=world.officer, at=DECIDED)
    assert second.state == AmendmentState.WITHDRAWN
    assert state_of_everything() == before
    for closed in (amendment, second):
        with pytest.raises(UserError, match="১২/১০/২০২৩"):
            services.approve_amendment(closed, by=world.district_officer, at=DECIDED)
    verbs = Activity.objects.filter(verb__contains="amendment").order_by("pk").values_list("verb", flat=True)
    assert [verb.partition("_")[0] for verb in verbs] == [
        "returns.write", "returns.propose", "returns.refuse", "returns.write", "returns.propose", "returns.withdraw",
    ]  # fmt: skip


def test_approved_twice_is_approved_once() -> None:
    world, july, _august, _september = three_months()
    amendment = approved(world, july, K02=12)
    before = state_of_everything()
    with pytest.raises(UserError):
        services.approve_amendment(amendment, by=world.district_officer, at=DECIDED)
    assert state_of_everything() == before


def test_a_second_amendment_of_the_same_return_waits_for_the_first() -> None:
    world, july, _august, _september = three_months()
    proposed(world, july, K02=12)
    with pytest.raises(UserError, match="১০/১০/২০২৩"):
        written(world, july, K02=13)
    assert july.amendments.count() == 1


def test_a_draft_is_written_anew_by_its_office() -> None:
    world, july, _august, _september = three_months()
    first = written(world, july, K02=12)
    second = written(world, july, G02=9)
    assert first == second and changes_of(second) == {JULY: {"G02": 9}}
    colleague = make_officer(Post.UPAZILA_OFFICER, world.upazila, username="colleague")
    with pytest.raises(UserError, match=world.officer.name):
        services.propose_amendment(second, by=colleague, at=ASKED)


def test_of_two_crossing_amendments_the_second_must_be_renewed() -> None:
    """July's amendment, once approved, moves September: September's stands on figures that are gone."""
    world, july, _august, september = three_months()
    later = proposed(world, september, K02=5)
    approved(world, july, K02=12)
    with pytest.raises(StaleAmendmentError, match="সংস্করণ"):
        services.approve_amendment(later, by=world.district_officer, at=DECIDED)
    assert in_force(september).number == 2
    later = services.renew_amendment(later, by=world.officer, at=DECIDED)
    assert (later.state, later.base_version.number) == (AmendmentState.DRAFT, 2)
    services.propose_amendment(later, by=world.officer, at=DECIDED)
    services.approve_amendment(later, by=world.district_officer, at=DECIDED)
    assert [figure(september, cell) for cell in ("K01", "K02", "K04")] == [4, 5, 9]
    assert [v.number for v in september.versions.order_by("number")] == [1, 2, 3]


def test_a_later_figure_crossing_another_amendment_must_be_renewed() -> None:
    world, july, august, _september = three_months()
    wide = services.write_amendment(
        july, figures={"G02": 4}, later={AUGUST: {"G02": 7}}, reason=REASON, by=world.officer, at=ASKED
    )
    services.propose_amendment(wide, by=world.officer, at=ASKED)
    approved(world, august, G02=8)
    with pytest.raises(StaleAmendmentError, match=AUGUST.label()):
        services.approve_amendment(wide, by=world.district_officer, at=DECIDED)
    assert figure(august, "G02") == 8 and figure(july, "G02") == 3


def test_an_approval_stands_on_the_preview_that_was_looked_at() -> None:
    world, july, _august, september = three_months()
    earlier = proposed(world, july, K02=12)
    seen = suppose(july, changes_of(earlier)).digest
    approved(world, september, K02=5)
    with pytest.raises(StaleAmendmentError):
        services.approve_amendment(earlier, by=world.district_officer, at=DECIDED, seen=seen)
    fresh = suppose(july, changes_of(earlier)).digest
    services.approve_amendment(earlier, by=world.district_officer, at=DECIDED, seen=fresh)
    assert figure(september, "K04") == 9


def test_totals_notice_and_are_asked_for_at_every_superior_and_month() -> None:
    world, july, _august, _september = three_months()
    above = (world.tree.district, world.tree.division, world.tree.department)
    totals = {
        (office.pk, period): compute_total(office, period, at=ASKED)
        for office in above
        for period in (JULY, AUGUST, SEPTEMBER)
    }
    amendment = proposed(world, july, K02=12)
    Job.objects.all().delete()
    assert not any(is_stale(total) for total in totals.values())
    services.approve_amendment(amendment, by=world.district_officer, at=DECIDED)
    assert Job.objects.filter(kind="returns.compute_total").count() == 9
    for (_office, period), total in totals.items():
        assert is_stale(total)
        fresh = compute_total(total.office, period, at=DECIDED)
        moved = {JULY: 12, AUGUST: 4, SEPTEMBER: 4}[period]
        assert fresh.values.get(cell="K04").amount == moved
        assert fresh.data_at == DECIDED


def version_of(ret: Return, **fields: Any) -> ReturnVersion:
    given = {"number": 9, "state": ReturnState.RETURNED, "opened_at": ASKED, "reason": "x"} | fields
    return ReturnVersion(ret=ret, submitted_at=ASKED, decided_at=ASKED, **given)


@pytest.mark.parametrize(
    "broken",
    [
        lambda ret: version_of(ret, state=ReturnState.SUPERSEDED),
        lambda ret: version_of(ret, superseded_at=ASKED),
        lambda ret: version_of(ret, kind=VersionKind.CARRIED),
    ],
    ids=["superseded without an instant", "an instant without being superseded", "carried by no amendment"],
)
def test_the_database_keeps_the_states_of_versions(broken: Callable[[Return], ReturnVersion]) -> None:
    world = make_world()
    july = verified(world, JULY)
    version = broken(july)
    version.submitted_by, version.decided_by = world.officer, world.district_officer
    with pytest.raises(IntegrityError), transaction.atomic():
        version.save()


def test_the_database_keeps_the_states_of_amendments() -> None:
    world, july, _august, _september = three_months()
    amendment = proposed(world, july, K02=12)
    wrong: list[dict[str, Any]] = [
        {"state": "approved"},
        {"state": "approved", "decided_at": DECIDED, "decided_by": world.officer},
        {"state": "refused", "decided_at": DECIDED, "decided_by": world.district_officer},
        {"decided_at": DECIDED},
        {"reason": ""},
        {"proposed_at": None},
    ]
    for fields in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            july.amendments.filter(pk=amendment.pk).update(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        july.amendments.create(
            base_version=amendment.base_version, reason="x", requested_by=world.officer, requested_at=ASKED
        )


def test_a_return_reopened_by_nobody_keeps_its_draft_rules() -> None:
    """An amended return is still closed for entry."""
    world, july, _august, _september = three_months()
    approved(world, july, K02=12)
    with pytest.raises(UserError):
        fill(july, by=world.clerk, at=DECIDED, K02=1)
