"""From an opened month to a verified one, and what stands in the way."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from core.errors import UserError
from core.models import Activity
from core.periods import Period
from jobs.models import Job
from offices.choices import Post
from returns import services
from returns.choices import Origin, ReturnState
from returns.models import Remark, Return, ReturnVersion, Value
from returns.services import CellChange, SubmissionRefusedError
from tests.factories import make_officer
from tests.returns.factories_returns import AUGUST, JULY, after, fill, make_world, on, submitted, verified
from tests.societies.factories_societies import make_society

pytestmark = pytest.mark.django_db
IN_TIME = after(JULY)


def test_a_month_goes_from_open_to_verified_and_asks_for_the_totals() -> None:
    world = make_world()
    ret = verified(world)
    assert ret.state == ReturnState.VERIFIED and ret.first_submitted_at == IN_TIME
    assert Job.objects.filter(kind="returns.compute_total").count() == 3
    acts = Activity.objects.filter(subject=f"returns.return:{ret.pk}").order_by("pk").values_list("verb", flat=True)
    assert list(acts) == [
        "returns.open_return",
        "returns.confirm_proposals",
        "returns.save_cells",
        "returns.fill_zeros",
        "returns.submit_return",
        "returns.verify_return",
    ]


@pytest.mark.parametrize(
    ("period", "at"),
    [
        (Period.month(2023, 9), on(2023, 8, 31, 23)),
        (AUGUST, on(2023, 8, 3)),
        (Period.month(2023, 6), IN_TIME),
        (Period.parse("2023-24-Q1"), IN_TIME),
        (Period.parse("2023-24-Y"), IN_TIME),
    ],
    ids=["future", "gap", "before the baseline", "quarter", "year"],
)
def test_a_month_out_of_turn_does_not_open(period: Period, at: object) -> None:
    world = make_world()
    with pytest.raises(UserError):
        services.open_return(world.upazila, period, by=world.clerk, at=at)  # type: ignore[arg-type]
    assert not Return.objects.exists()


def test_a_month_opens_on_its_first_day_and_is_submitted_after_its_last() -> None:
    world = make_world()
    ret = services.open_return(world.upazila, JULY, by=world.clerk, at=on(2023, 7, 1, 0))
    fill(ret, by=world.clerk, at=on(2023, 7, 31))
    with pytest.raises(UserError, match="২০২৩"):
        services.submit_return(ret, by=world.officer, at=on(2023, 7, 31, 23))
    services.submit_return(ret, by=world.officer, at=on(2023, 8, 1, 0))


def test_without_baseline_or_above_the_leaf_nothing_opens() -> None:
    world = make_world()
    neighbour = make_officer(Post.UPAZILA_OFFICER, world.tree.sibling)
    with pytest.raises(UserError):
        services.open_return(world.tree.sibling, JULY, by=neighbour, at=IN_TIME)


def test_only_the_office_enters_only_its_head_submits_and_an_expired_posting_does_neither() -> None:
    world = make_world()
    ret = services.open_return(world.upazila, JULY, by=world.clerk, at=IN_TIME)
    gone = make_officer(Post.UPAZILA_OFFICER, world.upazila, username="gone", ends_on=on(2023, 7, 31).date())
    for stranger in (world.district_officer, make_officer(Post.UPAZILA_OFFICER, world.tree.sibling), gone):
        with pytest.raises(PermissionDenied):
            services.save_cells(ret, [CellChange("B03", 1)], key="x", by=stranger, at=IN_TIME)
    fill(ret, by=world.clerk, at=IN_TIME)
    with pytest.raises(PermissionDenied):
        services.submit_return(ret, by=world.clerk, at=IN_TIME)


def test_the_same_key_saves_once_and_answers_the_same() -> None:
    world = make_world()
    ret = services.open_return(world.upazila, JULY, by=world.clerk, at=IN_TIME)
    first = services.save_cells(ret, [CellChange("B03", 4)], key="k", by=world.clerk, at=IN_TIME)
    again = services.save_cells(ret, [CellChange("B03", 4)], key="k", by=world.clerk, at=IN_TIME)
    assert again.saved == first.saved == ("B03",) and again.repeated
    value = Value.objects.get(cell="B03")
    assert (value.amount, value.revision) == (4, 1)


def test_two_hands_do_not_overwrite_each_other_silently() -> None:
    world = make_world()
    ret = services.open_return(world.upazila, JULY, by=world.clerk, at=IN_TIME)
    services.save_cells(ret, [CellChange("B03", 4)], key="clerk", by=world.clerk, at=IN_TIME)
    changes = [CellChange("B03", 5), CellChange("B04", 6)]
    result = services.save_cells(ret, changes, key="officer", by=world.officer, at=IN_TIME)
    assert result.saved == ("B04",)
    (conflict,) = result.conflicts
    assert (conflict.mine, conflict.theirs, conflict.name) == (5, 4, world.clerk.name)
    assert Value.objects.get(cell="B03").amount == 4
    again = [CellChange("B03", 5, conflict.revision)]
    knowing = services.save_cells(ret, again, key="o2", by=world.officer, at=IN_TIME)
    assert knowing.saved == ("B03",) and Value.objects.get(cell="B03").amount == 5


@pytest.mark.parametrize("cell", ["A01.GP", "A07.GP", "A07", "A02", "D01.GP", "E14", "A02.N", "Z99", ""])
def test_what_nobody_types_is_refused(cell: str) -> None:
    world = make_world()
    ret = services.open_return(world.upazila, JULY, by=world.clerk, at=IN_TIME)
    with pytest.raises(UserError):
        services.save_cells(ret, [CellChange(cell, 1)], key="k", by=world.clerk, at=IN_TIME)
    assert not Value.objects.exists()


def test_the_registers_propose_and_an_override_says_why() -> None:
    world = make_world()
    for _number in range(2):
        make_society(world.upazila, reg_on=on(2023, 7, 10).date(), by=world.officer)
    ret = services.open_return(world.upazila, JULY, by=world.clerk, at=IN_TIME)
    services.confirm_proposals(ret, section="A", by=world.clerk, at=IN_TIME)
    taken = Value.objects.get(cell="A02.GP")
    assert (taken.amount, taken.origin, taken.proposed) == (2, Origin.REGISTER, 2)
    change = CellChange("A02.GP", 3, taken.revision)
    refused = services.save_cells(ret, [change], key="1", by=world.clerk, at=IN_TIME)
    assert [r.cell for r in refused.refused] == ["A02.GP"] and Value.objects.get(cell="A02.GP").amount == 2
    reasoned = CellChange("A02.GP", 3, taken.revision, reason="One certificate is on its way.")
    services.save_cells(ret, [reasoned], key="2", by=world.clerk, at=IN_TIME)
    value = Value.objects.get(cell="A02.GP")
    assert (value.amount, value.origin, value.proposed) == (3, Origin.OVERRIDE, 2)
    assert value.reason == "One certificate is on its way."
    services.confirm_proposals(ret, section="A", by=world.clerk, at=IN_TIME)
    assert Value.objects.get(cell="A02.GP").amount == 3, "a reasoned override stands"


def test_rows_that_change_after_confirming_are_told_before_submission_and_kept_with_it() -> None:
    world = make_world()
    make_society(world.upazila, reg_on=on(2023, 7, 10).date(), by=world.officer)
    ret = services.open_return(world.upazila, JULY, by=world.clerk, at=IN_TIME)
    fill(ret, by=world.clerk, at=IN_TIME, B03=40)
    make_society(world.upazila, reg_on=on(2023, 7, 20).date(), by=world.officer)
    with pytest.raises(SubmissionRefusedError) as refused:
        services.submit_return(ret, by=world.officer, at=IN_TIME)
    assert {f.cell for f in refused.value.findings if f.rule == "V19"} >= {"A02.GP", "A08.GP"}
    services.confirm_proposals(ret, by=world.clerk, at=IN_TIME)
    services.submit_return(ret, by=world.officer, at=IN_TIME)
    kept = Value.objects.get(cell="A02.GP")
    assert (kept.amount, len(kept.rows), kept.rows_model) == (2, 2, "societies.statusevent")
    assert len(kept.rows_hash) == 64


def test_zeros_go_into_blank_flows_only() -> None:
    world = make_world()
    ret = services.open_return(world.upazila, JULY, by=world.clerk, at=IN_TIME)
    services.save_cells(ret, [CellChange("E11", 5)], key="k", by=world.clerk, at=IN_TIME)
    services.fill_zeros(ret, section="E", by=world.clerk, at=IN_TIME)
    assert Value.objects.get(cell="E11").amount == 5
    assert Value.objects.get(cell="E12").origin == Origin.ZERO
    assert not Value.objects.filter(cell__startswith="A").exists()
    services.fill_zeros(ret, by=world.clerk, at=IN_TIME)
    assert not Value.objects.filter(cell="C04").exists(), "a stock is never zero by button"


def test_a_nil_return_is_refused_while_a_flow_is_filled() -> None:
    world = make_world()
    ret = services.open_return(world.upazila, JULY, by=world.clerk, at=IN_TIME)
    services.save_cells(ret, [CellChange("B03", 0)], key="k", by=world.clerk, at=IN_TIME)
    with pytest.raises(UserError):
        services.make_nil(ret, by=world.clerk, at=IN_TIME)
    services.save_cells(ret, [CellChange("B03", None, 1)], key="k2", by=world.clerk, at=IN_TIME)
    verified(world)
    august = services.open_return(world.upazila, AUGUST, by=world.clerk, at=after(AUGUST))
    services.make_nil(august, by=world.clerk, at=after(AUGUST))
    services.submit_return(august, by=world.officer, at=after(AUGUST))
    assert ReturnVersion.objects.get(ret=august).is_nil


def test_a_warning_waits_for_its_remark_and_long_remarks_are_refused() -> None:
    world = make_world()
    ret = services.open_return(world.upazila, JULY, by=world.clerk, at=IN_TIME)
    fill(ret, by=world.clerk, at=IN_TIME, I01=1, I02=10)
    with pytest.raises(SubmissionRefusedError) as refused:
        services.submit_return(ret, by=world.officer, at=IN_TIME)
    assert [f.rule for f in refused.value.findings] == ["V16.I01"]
    remark = {"rule": "V16.I01", "cell": "I02", "by": world.clerk, "at": IN_TIME}
    with pytest.raises(UserError):
        services.write_remark(ret, text="ক" * 10_000, **remark)  # type: ignore[arg-type]
    with pytest.raises(UserError):
        services.write_remark(ret, text="x", **(remark | {"rule": "V99"}))  # type: ignore[arg-type]
    services.write_remark(ret, text="Rain kept people away.", **remark)  # type: ignore[arg-type]
    services.submit_return(ret, by=world.officer, at=IN_TIME)
    assert Remark.objects.get().text == "Rain kept people away."


def test_submitting_twice_says_so_and_changes_nothing() -> None:
    world = make_world()
    ret = submitted(world)
    before = ReturnVersion.objects.values().get()
    with pytest.raises(UserError):
        services.submit_return(ret, by=world.officer, at=after(JULY, 9))
    assert ReturnVersion.objects.values().get() == before


def test_a_return_sent_back_opens_as_a_copy_with_the_reason() -> None:
    world = make_world()
    ret = submitted(world, B03=4)
    with pytest.raises(UserError):
        services.send_back_return(ret, reason="  ", by=world.district_officer, at=after(JULY, 4))
    draft = services.send_back_return(
        ret, reason="B03 is too low.", cell="B03", by=world.district_officer, at=after(JULY, 4)
    )
    ret.refresh_from_db()
    assert (draft.number, draft.state, ret.state) == (2, ReturnState.DRAFT, ReturnState.RETURNED)
    copied = Value.objects.get(version=draft, cell="B03")
    assert (copied.amount, copied.revision, copied.entered_by) == (4, 1, world.clerk)
    assert not Value.objects.filter(version=draft, cell="B07").exists(), "what is computed is computed anew"
    with pytest.raises(UserError):
        services.verify_return(ret, by=world.district_officer, at=after(JULY, 5))
    services.save_cells(ret, [CellChange("B03", 9, 1)], key="m", by=world.clerk, at=after(JULY, 6))
    services.submit_return(ret, by=world.officer, at=after(JULY, 6))
    services.verify_return(ret, by=world.district_officer, at=after(JULY, 7))
    ret.refresh_from_db()
    assert ret.first_submitted_at == IN_TIME, "late is judged by the first submission"


def test_a_month_waits_for_the_one_before_it() -> None:
    world = make_world()
    july = submitted(world, B03=4)
    august = submitted(world, AUGUST)
    with pytest.raises(UserError):
        services.verify_return(august, by=world.district_officer, at=after(AUGUST, 4))
    services.send_back_return(july, reason="B03", by=world.district_officer, at=after(AUGUST, 4))
    services.save_cells(july, [CellChange("B03", 7, 1)], key="m", by=world.clerk, at=after(AUGUST, 4))
    services.submit_return(july, by=world.officer, at=after(AUGUST, 4))
    services.verify_return(july, by=world.district_officer, at=after(AUGUST, 4))
    with pytest.raises(UserError) as moved:
        services.verify_return(august, by=world.district_officer, at=after(AUGUST, 5))
    assert moved.value.cell == "B01"
    services.send_back_return(august, reason="Openings moved.", by=world.district_officer, at=after(AUGUST, 5))
    services.submit_return(august, by=world.officer, at=after(AUGUST, 5))
    services.verify_return(august, by=world.district_officer, at=after(AUGUST, 5))
    assert Value.objects.get(version__ret=august, version__number=2, cell="B01").amount == 7


def test_an_unverified_baseline_holds_back_the_verdict_not_the_entry() -> None:
    world = make_world(verified=False)
    ret = submitted(world)
    with pytest.raises(UserError):
        services.verify_return(ret, by=world.district_officer, at=after(JULY, 4))


def test_only_the_immediate_superior_verifies() -> None:
    world = make_world()
    ret = submitted(world)
    foreign = make_officer(Post.DISTRICT_OFFICER, world.tree.foreign_district)
    for other in (world.officer, world.clerk, world.joint_registrar, foreign):
        with pytest.raises(PermissionDenied):
            services.verify_return(ret, by=other, at=after(JULY, 4))


def test_who_entered_does_not_verify_the_next_superior_does() -> None:
    world = make_world()
    both = make_officer(Post.UPAZILA_OFFICER, world.upazila, username="both")
    world.district_officer.postings.update(ends_on=on(2023, 8, 1).date())
    both.postings.create(office=world.tree.district, post=Post.DISTRICT_OFFICER, starts_on=on(2023, 8, 2).date())
    ret = services.open_return(world.upazila, JULY, by=both, at=IN_TIME)
    fill(ret, by=both, at=IN_TIME)
    services.submit_return(ret, by=both, at=IN_TIME)
    with pytest.raises(PermissionDenied):
        services.verify_return(ret, by=both, at=after(JULY, 4))
    services.verify_return(ret, by=world.joint_registrar, at=after(JULY, 4))


def test_the_database_refuses_what_no_service_does() -> None:
    world = make_world()
    ret = submitted(world)
    version = ReturnVersion.objects.get()
    wrong: list[dict[str, Any]] = [
        {"state": ReturnState.VERIFIED},
        {"state": ReturnState.VERIFIED, "decided_by": world.officer, "decided_at": IN_TIME},
        {"state": ReturnState.RETURNED, "decided_by": world.district_officer, "decided_at": IN_TIME},
        {"state": ReturnState.DRAFT},
        {"submitted_by": None},
    ]
    for change in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            ReturnVersion.objects.filter(pk=version.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReturnVersion.objects.create(ret=ret, number=2, opened_at=IN_TIME)


def test_act_and_record_roll_back_together() -> None:
    world = make_world()
    ret = services.open_return(world.upazila, JULY, by=world.clerk, at=IN_TIME)
    acts = Activity.objects.count()
    with pytest.raises(RuntimeError), transaction.atomic():
        services.save_cells(ret, [CellChange("B03", 1)], key="k", by=world.clerk, at=IN_TIME)
        raise RuntimeError
    assert not Value.objects.exists() and Activity.objects.count() == acts
