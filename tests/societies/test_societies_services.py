from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import given
from hypothesis import strategies as st

from core.errors import UserError
from core.models import Activity
from offices.choices import Post
from societies.choices import EventKind, Sponsor, Status, Tier, events_open_to, society_classes
from societies.models import Society
from societies.rules import forbidden_word, part_of
from societies.services import change_status, register_society, transfer_society, withdraw_event
from tests.factories import Tree, make_officer, make_tree
from tests.societies.factories_societies import at, keeper_of, make_society

pytestmark = pytest.mark.django_db

DAY = date(2023, 9, 4)


@pytest.fixture
def tree() -> Tree:
    return make_tree()


def change(society: Society, kind: EventKind, on: date, **words: str) -> None:
    change_status(society=society, kind=kind, on=on, by=keeper_of(society.office), at=at(on), **words)
    society.refresh_from_db()


def test_a_registration_writes_society_event_and_activity(tree: Tree) -> None:
    society = make_society(tree.upazila, name_bn="  আলোর​  পথে সমবায় সমিতি ", reg_no="০০০১২/২০২৩", reg_on=DAY)
    event = society.events.get()
    assert (society.name_bn, society.code, society.status) == ("আলোর পথে সমবায় সমিতি", "hatibandha.00001", "functional")
    assert (society.reg_key, society.registered_in) == ("00012/2023", tree.district)
    assert (event.kind, event.office, event.on, event.status) == ("registered", tree.upazila, DAY, "functional")
    activity = Activity.objects.get(verb="societies.register_society")
    assert (activity.subject, activity.office_path) == (f"societies.society:{society.pk}", tree.upazila.path)


def test_a_number_stands_once_in_a_district_and_year_in_either_digits(tree: Tree) -> None:
    make_society(tree.upazila, reg_no="12", reg_on=DAY)
    with pytest.raises(UserError) as refusal:
        make_society(tree.sibling, reg_no="১২", reg_on=date(2023, 2, 1))
    assert refusal.value.cell == "reg_no"
    make_society(tree.sibling, reg_no="12", reg_on=date(2022, 2, 1))
    make_society(tree.foreign_upazila, reg_no="12", reg_on=DAY)
    assert Society.objects.count() == 3


@pytest.mark.parametrize(
    ("field", "value", "cell"),
    [
        ("name_bn", "সোনালী ব্যাংক সমবায় সমিতি", "name_bn"),
        ("name_en", "Golden Investment Co-operative", "name_en"),
        ("class_code", "77", "class_code"),
        ("reg_on", date(2023, 9, 5), "reg_on"),
        ("reg_no", "  ", "name_bn"),
    ],
)
def test_bad_facts_are_refused_with_their_field(tree: Tree, field: str, value: object, cell: str) -> None:
    facts: dict[str, Any] = {"reg_on": DAY, "at": at(DAY), field: value}
    with pytest.raises(UserError) as refusal:
        make_society(tree.upazila, **facts)
    assert refusal.value.cell == cell
    assert not Society.objects.exists()


def test_a_land_development_bank_may_be_called_one(tree: Tree) -> None:
    assert make_society(tree.upazila, name_bn="পাটগ্রাম সমবায় ভূমি উন্নয়ন ব্যাংক", class_code="30").pk


def test_only_the_offices_own_officers_and_their_district_register(tree: Tree) -> None:
    make_society(tree.upazila, by=make_officer(Post.DISTRICT_OFFICER, tree.district))
    for stranger in (keeper_of(tree.sibling), make_officer(Post.JOINT_REGISTRAR, tree.division)):
        with pytest.raises(PermissionDenied):
            make_society(tree.upazila, by=stranger)
    ended = make_officer(Post.UPAZILA_OFFICER, tree.third, ends_on=date(2023, 8, 31))
    with pytest.raises(PermissionDenied):
        register_society(office=tree.third, name_bn="ক", reg_no="1", reg_on=DAY, class_code="01", by=ended, at=at(DAY))


def test_a_life_through_every_state(tree: Tree) -> None:
    society = make_society(tree.upazila, reg_on=DAY)
    steps = [
        (EventKind.MADE_NON_FUNCTIONAL, Status.NON_FUNCTIONAL),
        (EventKind.REACTIVATED, Status.FUNCTIONAL),
        (EventKind.PLACED_UNDER_LIQUIDATION, Status.UNDER_LIQUIDATION),
        (EventKind.LIQUIDATION_WITHDRAWN, Status.FUNCTIONAL),
        (EventKind.PLACED_UNDER_LIQUIDATION, Status.UNDER_LIQUIDATION),
        (EventKind.CANCELLED, Status.CANCELLED),
    ]
    for month, (kind, status) in enumerate(steps, start=10):
        change(society, kind, date(2023 + month // 13, (month - 1) % 12 + 1, 7))
        assert society.status == status
    assert list(society.events.values_list("sequence", flat=True)) == [7, 6, 5, 4, 3, 2, 1]
    assert not society.events.filter(is_direct=True).exists()
    assert events_open_to(Status.CANCELLED) == []


def test_an_event_that_cannot_follow_is_refused_also_on_a_second_click(tree: Tree) -> None:
    society = make_society(tree.upazila)
    with pytest.raises(UserError):
        change(society, EventKind.REACTIVATED, DAY)
    with pytest.raises(UserError):
        change(society, EventKind.REGISTERED, DAY)
    change(society, EventKind.MADE_NON_FUNCTIONAL, DAY)
    with pytest.raises(UserError):
        change(society, EventKind.MADE_NON_FUNCTIONAL, DAY)
    assert society.events.count() == 2


def test_events_run_with_the_dates_and_never_ahead(tree: Tree) -> None:
    society = make_society(tree.upazila)
    change(society, EventKind.MADE_NON_FUNCTIONAL, DAY)
    for day in (date(2023, 9, 3), date(2023, 10, 2)):
        with pytest.raises(UserError) as refusal:
            change_status(
                society=society,
                kind=EventKind.REACTIVATED,
                on=day,
                by=keeper_of(tree.upazila),
                at=at(date(2023, 10, 1)),
            )
        assert refusal.value.cell == "on"


def test_an_event_recorded_in_a_later_month_says_so(tree: Tree) -> None:
    society = make_society(tree.upazila)
    event = change_status(
        society=society,
        kind=EventKind.MADE_NON_FUNCTIONAL,
        on=DAY,
        by=keeper_of(tree.upazila),
        at=at(date(2023, 10, 2)),
    )
    assert event.is_late
    assert not society.events.get(kind="registered").is_late


def test_cancelling_without_liquidation_needs_a_reason(tree: Tree) -> None:
    society = make_society(tree.upazila)
    with pytest.raises(UserError) as refusal:
        change(society, EventKind.CANCELLED, DAY)
    assert refusal.value.cell == "reason"
    change(society, EventKind.CANCELLED, DAY, reason="ধারা ৫৩ এর আগে সাধারণ সভার সিদ্ধান্ত")
    assert society.events.get(kind="cancelled").is_direct


def test_a_failed_act_leaves_nothing_behind(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    society = make_society(tree.upazila)
    acts = Activity.objects.count()
    with pytest.raises(UserError):
        change(society, EventKind.CANCELLED, DAY)
    society.refresh_from_db()
    assert (society.status, society.events.count(), Activity.objects.count()) == ("functional", 1, acts)


def test_a_district_moves_a_society_and_its_number_stays(tree: Tree) -> None:
    society = make_society(tree.upazila)
    district = make_officer(Post.DISTRICT_OFFICER, tree.district)
    transfer_society(society=society, to=tree.sibling, on=DAY, by=district, at=at(DAY))
    society.refresh_from_db()
    assert (society.office, society.registered_in, society.status) == (tree.sibling, tree.district, "functional")
    moved = list(society.events.order_by("sequence").values_list("kind", "office", "status"))[1:]
    assert moved == [
        ("transferred_out", tree.upazila.pk, "moved"),
        ("transferred_in", tree.sibling.pk, "functional"),
    ]
    for to in (tree.sibling, tree.district):
        with pytest.raises(UserError):
            transfer_society(society=society, to=to, on=DAY, by=district, at=at(DAY))
    with pytest.raises(PermissionDenied):
        transfer_society(society=society, to=tree.foreign_upazila, on=DAY, by=district, at=at(DAY))


def test_search_finds_names_numbers_and_codes_in_either_digits(tree: Tree) -> None:
    society = make_society(
        tree.upazila, name_bn="বড়খাতা মৎস্যজীবী সমবায় সমিতি", name_en="Barkhata Fishers", reg_no="৪৫/২০২১"
    )
    make_society(tree.upazila, name_bn="সূর্যমুখী সমবায় সমিতি", reg_no="৩৬/২০১৯")
    for text in ("বড়খাতা", "fishers BARK", "45/2021", "৪৫", "hatibandha.00001 মৎস্য"):
        assert list(Society.objects.matching(text)) == [society], text


@given(st.sampled_from(Tier), st.sampled_from(Sponsor))
def test_every_society_but_a_national_one_has_one_of_four_parts(tier: Tier, sponsor: Sponsor) -> None:
    part = part_of(tier, sponsor)
    assert part in ({"N"} if tier is Tier.NATIONAL else {"GP", "GC", "BP", "BC"})
    assert tier is Tier.NATIONAL or (part[0] == "B") == (sponsor is Sponsor.BRDB)


def test_words_of_section_nine_are_found_whatever_their_ending() -> None:
    assert forbidden_word("পল্লী বিনিয়োগকারী সমবায়") == "বিনিয়োগকারী"
    assert forbidden_word("Rural Banking Society") == "Banking"
    assert forbidden_word("Rural-Finance Society") == "Finance"
    assert forbidden_word("বাঁকখালী মৎস্যজীবী সমবায় সমিতি") == ""
    assert forbidden_word("ভূমি উন্নয়ন ব্যাংক", may_be_bank=True) == ""


def test_classes_are_read_from_their_file() -> None:
    classes = society_classes()
    assert len(classes) == 35
    assert classes["06"].bn == "ভূমিহীন"


def test_the_last_change_can_be_taken_back_by_the_head_and_the_activity_keeps_it(tree: Tree) -> None:
    society = make_society(tree.upazila)
    change(society, EventKind.MADE_NON_FUNCTIONAL, DAY)
    change(society, EventKind.PLACED_UNDER_LIQUIDATION, DAY, order_number="৪৭.৬১")
    first, last = society.events.get(sequence=2), society.events.get(sequence=3)
    facts: dict[str, Any] = {"reason": "ভুল সমিতি", "at": at(DAY)}
    head = keeper_of(tree.upazila)
    with pytest.raises(PermissionDenied):
        withdraw_event(event=last, by=make_officer(Post.ASSISTANT_INSPECTOR, tree.upazila), **facts)
    with pytest.raises(UserError):
        withdraw_event(event=first, by=head, **facts)
    with pytest.raises(UserError):
        withdraw_event(event=last, by=head, at=at(DAY), reason="  ")
    withdraw_event(event=last, by=head, **facts)
    society.refresh_from_db()
    assert (society.status, society.events.count()) == ("non_functional", 2)
    activity = Activity.objects.get(verb="societies.withdraw_event")
    assert (activity.before["kind"], activity.before["order"]) == ("placed_under_liquidation", "৪৭.৬১")
    assert activity.after["why"] == "ভুল সমিতি"
    withdraw_event(event=first, by=head, **facts)
    with pytest.raises(UserError):
        withdraw_event(event=society.events.get(), by=head, **facts)
