"""Deadlines of levels and offices, who is late, and reminders that nobody gets twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries, Settings

from core.errors import UserError
from core.models import Activity
from core.periods import Period
from jobs.services import run_waiting_jobs
from offices.choices import OfficeKind, Post
from offices.inbox_models import Notice
from offices.models import Officer
from offices.services import close_office, move_office
from returns import services
from returns.completeness import completeness_of
from returns.deadlines import Calendar, due_on, is_late, late_from
from returns.late import late_returns
from returns.reminders import DAYS_BEFORE, DAYS_TO_SUPERIOR, Stage, send_reminders, stage_on
from tests.factories import make_office, make_officer
from tests.returns.factories_returns import AUGUST, JULY, World, baseline, make_world, on, submitted, verified

Clock = Callable[[datetime], None]


@given(
    day=st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    level=st.none() | st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    grant=st.none() | st.dates(date(2020, 1, 1), date(2040, 1, 1)),
)
def test_a_grant_goes_before_the_level_and_that_before_the_form(
    day: date, level: date | None, grant: date | None
) -> None:
    period = Period.of(day)
    calendar = Calendar(5, {("upazila", period): level} if level else {}, {(7, period): grant} if grant else {})
    assert calendar.last_day(period, kind="upazila", office=7) == (grant or level or due_on(period, 5))
    assert calendar.last_day(period, kind="upazila", office=8) == (level or due_on(period, 5))
    assert calendar.last_day(period, kind="district", office=8) == due_on(period, 5)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_late_begins_with_the_end_of_the_last_day(last_day: date) -> None:
    end = late_from(last_day)
    moment = timedelta(microseconds=1)
    assert not is_late(last_day, submitted_at=end - moment, at=end + timedelta(days=30))
    assert is_late(last_day, submitted_at=end, at=end) and is_late(last_day, submitted_at=None, at=end)
    assert not is_late(last_day, submitted_at=None, at=end - moment)


@given(last_day=st.dates(date(2020, 2, 1), date(2039, 1, 1)), days=st.integers(-20, 20))
def test_an_occasion_comes_before_the_day_after_it_and_a_week_later(last_day: date, days: int) -> None:
    stage = stage_on(last_day, last_day + timedelta(days=days))
    if days >= DAYS_TO_SUPERIOR:
        assert stage is Stage.SUPERIOR
    elif days > 0:
        assert stage is Stage.LATE
    else:
        assert stage is (Stage.SOON if days >= -DAYS_BEFORE else None)


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def admin(world: World) -> Officer:
    return make_officer(Post.PERFORMANCE_ADMIN, world.tree.department)


def late_in(world: World, at: datetime) -> int:
    return completeness_of(world.tree.district, JULY, 5, at=at).late


def test_time_granted_makes_a_late_return_one_in_time(world: World) -> None:
    submitted(world, at=on(2023, 8, 9))
    assert late_in(world, on(2023, 8, 10)) == 1
    services.grant_time(
        world.upazila, JULY, last_day=date(2023, 8, 10), reason="Flood", by=world.district_officer, at=on(2023, 8, 9)
    )
    assert late_in(world, on(2023, 8, 10)) == 0
    assert Activity.objects.filter(verb="returns.grant_time", office_path=world.upazila.path).count() == 1


def test_a_grant_is_not_known_before_it_was_given(world: World) -> None:
    services.grant_time(
        world.upazila, JULY, last_day=date(2023, 8, 20), reason="Flood", by=world.district_officer, at=on(2023, 8, 9)
    )
    assert late_in(world, on(2023, 8, 8)) == 1 and late_in(world, on(2023, 8, 12)) == 0
    assert late_in(world, on(2023, 8, 21)) == 1


def test_a_level_gets_another_day_and_an_office_with_its_own_keeps_it(world: World, admin: Officer) -> None:
    def set_day(day: int) -> None:
        services.set_deadline(
            OfficeKind.UPAZILA, JULY, last_day=date(2023, 8, day), reason="Eid", by=admin, at=on(2023, 8, 1)
        )

    set_day(8)
    assert late_in(world, on(2023, 8, 8)) == 0 and late_in(world, on(2023, 8, 9)) == 1
    set_day(10)
    assert late_in(world, on(2023, 8, 9)) == 0
    grant = date(2023, 8, 15)
    services.grant_time(world.upazila, JULY, last_day=grant, reason="Flood", by=admin, at=on(2023, 8, 2))
    set_day(7)
    assert late_in(world, on(2023, 8, 15)) == 0 and late_in(world, on(2023, 8, 16)) == 1


@pytest.mark.parametrize(
    ("last_day", "reason", "cell"),
    [
        (date(2023, 8, 20), " ", "reason"),
        (date(2023, 8, 5), "Flood", "last_day"),
        (date(2023, 7, 31), "Flood", "last_day"),
        (date(2024, 8, 1), "Flood", "last_day"),
    ],
)
def test_what_cannot_be_granted_is_refused_by_name(world: World, last_day: date, reason: str, cell: str) -> None:
    with pytest.raises(UserError) as refused:
        services.grant_time(
            world.upazila, JULY, last_day=last_day, reason=reason, by=world.district_officer, at=on(2023, 8, 6)
        )
    assert refused.value.cell == cell


def test_no_earlier_day_is_set_once_it_has_passed(world: World, admin: Officer) -> None:
    submitted(world, at=on(2023, 8, 4))

    def set_day(period: Period, day: date, at: datetime) -> None:
        services.set_deadline(OfficeKind.UPAZILA, period, last_day=day, reason="Eid", by=admin, at=at)

    with pytest.raises(UserError) as refused:
        set_day(JULY, date(2023, 8, 3), on(2023, 8, 6))
    assert refused.value.cell == "last_day" and late_in(world, on(2023, 8, 7)) == 0
    set_day(JULY, date(2023, 8, 5), on(2023, 8, 8))
    set_day(AUGUST, date(2023, 9, 3), on(2023, 8, 8))
    for day in (20, 16):
        services.grant_time(
            world.upazila, AUGUST, last_day=date(2023, 9, day), reason="x", by=admin, at=on(2023, 9, 10)
        )
    with pytest.raises(UserError):
        services.grant_time(world.upazila, AUGUST, last_day=date(2023, 9, 12), reason="x", by=admin, at=on(2023, 9, 15))


def test_a_verified_return_needs_no_time_and_nobody_grants_it_to_themselves(world: World) -> None:
    verified(world)
    with pytest.raises(UserError):
        services.grant_time(
            world.upazila, JULY, last_day=date(2023, 9, 1), reason="x", by=world.district_officer, at=on(2023, 8, 9)
        )
    with pytest.raises(PermissionDenied):
        services.grant_time(
            world.upazila, AUGUST, last_day=date(2023, 9, 20), reason="x", by=world.officer, at=on(2023, 9, 9)
        )


def test_the_list_names_who_is_late_with_phone_and_where_it_waits(world: World) -> None:
    Officer.objects.filter(pk=world.officer.pk).update(phone="01700000001")
    rows = late_returns(world.tree.division, at=on(2023, 9, 8))
    assert [(row.period.key, row.state, row.days_late) for row in rows] == [
        ("2023-07", "missing", 34),
        ("2023-08", "missing", 3),
    ]
    assert rows[0].head is not None and rows[0].head.officer.phone == "01700000001"
    submitted(world, at=on(2023, 9, 6))
    first = late_returns(world.tree.division, at=on(2023, 9, 8))[0]
    assert (first.waits_at, first.days, first.head and first.head.officer) == (
        world.tree.district,
        2,
        world.district_officer,
    )


def test_an_office_that_was_closed_owes_nothing_afterwards(world: World) -> None:
    keeper = Officer.objects.get(username="system-admin-bd")
    close_office(office=world.upazila, closed_on=date(2023, 8, 1), by=keeper, at=on(2023, 8, 2))
    rows = late_returns(world.tree.division, at=on(2023, 10, 20))
    assert [row.period for row in rows] == [JULY, AUGUST]
    assert send_reminders(at=on(2023, 9, 6)) == 1 and send_reminders(at=on(2023, 10, 6)) == 0


def test_a_month_before_a_move_waits_at_the_superior_of_that_month(world: World) -> None:
    keeper = Officer.objects.get(username="system-admin-bd")
    submitted(world, at=on(2023, 8, 9))
    new = world.tree.foreign_district
    move_office(office=world.upazila, parent=new, first=AUGUST, by=keeper, at=on(2023, 8, 20))
    here, there = (late_returns(one, at=on(2023, 9, 20)) for one in (world.tree.district, new))
    assert [(row.period, row.waits_at) for row in here] == [(JULY, world.tree.district)]
    assert [(row.period, row.waits_at) for row in there] == [(AUGUST, world.upazila)]


def test_the_list_costs_the_same_for_one_office_and_for_three(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(6):
        one = late_returns(world.tree.department, at=on(2023, 9, 8))
    for office in (world.tree.sibling, world.tree.foreign_upazila):
        make_officer(Post.UPAZILA_OFFICER, office)
        is_near = office.parent == world.tree.district
        judge = world.district_officer if is_near else make_officer(Post.DISTRICT_OFFICER, world.tree.foreign_district)
        baseline(world, office, by=office.postings.get().officer, verified_by=judge)
    with django_assert_num_queries(6):
        three = late_returns(world.tree.department, at=on(2023, 9, 8))
    assert (len(one), len(three)) == (2, 6)


def test_an_office_is_told_before_and_after_its_last_day_once_each(world: World) -> None:
    told = [send_reminders(at=on(2023, 8, day)) for day in (1, 3, 4, 5, 6, 7, 8)]
    assert told == [0, 1, 0, 0, 1, 0, 0]
    texts = [notice.text_bn for notice in Notice.objects.filter(officer=world.officer).order_by("created_at")]
    assert "০৫/০৮/২০২৩" in texts[0] and "বিলম্বিত" in texts[1]


def test_a_superior_hears_after_a_week_with_all_names_at_once(world: World) -> None:
    sibling = world.tree.sibling
    make_officer(Post.UPAZILA_OFFICER, sibling)
    baseline(world, sibling, by=sibling.postings.get().officer, verified_by=world.district_officer)
    send_reminders(at=on(2023, 8, 12))
    send_reminders(at=on(2023, 8, 13))
    notice = Notice.objects.get(officer=world.district_officer)
    assert world.upazila.name_bn in notice.text_bn and sibling.name_bn in notice.text_bn


def test_who_has_handed_in_or_has_more_time_is_left_alone(world: World) -> None:
    services.grant_time(
        world.upazila, JULY, last_day=date(2023, 8, 20), reason="x", by=world.district_officer, at=on(2023, 8, 3)
    )
    assert send_reminders(at=on(2023, 8, 10)) == 0
    assert send_reminders(at=on(2023, 8, 18)) == 1
    submitted(world, at=on(2023, 8, 19))
    assert send_reminders(at=on(2023, 8, 25)) == 0


def test_a_reminder_leaves_once_by_e_mail_where_an_address_is_known(world: World, settings: Settings) -> None:
    settings.PORTAL_SENDS_EMAIL = True
    Officer.objects.filter(pk=world.officer.pk).update(email="uo@example.org")
    send_reminders(at=on(2023, 8, 3))
    send_reminders(at=on(2023, 8, 4))
    run_waiting_jobs()
    run_waiting_jobs()
    assert [message.to for message in mail.outbox] == [["uo@example.org"]]
    assert reverse("returns:entry", args=["hatibandha", JULY]) in str(mail.outbox[0].body)
    assert Notice.objects.get().emailed_at is not None


def test_the_pages_of_late_returns_grant_time_and_show_it(client: Client, clock: Clock, world: World) -> None:
    clock(on(2023, 8, 8))
    client.force_login(world.district_officer)
    assert world.officer.name_bn in client.get(reverse("returns:late")).content.decode()
    address = reverse("returns:grant", args=["hatibandha", JULY])
    refused = client.post(address, {"last_day": "০১/০৮/২০২৩", "reason": "বন্যা"})
    assert refused.status_code == 400 and "০৫/০৮/২০২৩" in refused.content.decode()
    done = client.post(address, {"last_day": "২০/০৮/২০২৩", "reason": "বন্যা"}, follow=True)
    assert world.officer.name_bn not in done.content.decode().split("<main")[1]
    client.force_login(world.officer)
    assert "২০/০৮/২০২৩" in client.get(reverse("returns:months")).content.decode()
    services.open_return(world.upazila, JULY, by=world.clerk, at=on(2023, 8, 8))
    assert "২০/০৮/২০২৩" in client.get(reverse("returns:entry", args=["hatibandha", JULY])).content.decode()


def test_a_long_list_of_late_months_comes_in_pages(client: Client, clock: Clock, world: World) -> None:
    clock(on(2024, 8, 8))
    for number in range(9):
        leaf = make_office(f"leaf{number}", parent=world.tree.district)
        baseline(world, leaf, by=make_officer(Post.UPAZILA_OFFICER, leaf), verified_by=world.district_officer)
    client.force_login(world.district_officer)
    pages = [client.get(reverse("returns:late"), {"page": page}).content.decode() for page in ("1", "2", "x")]
    assert [page.count('data-h="মাস"') for page in pages] == [100, 20, 100]
    assert "?page=2" in pages[0]


def test_the_performance_cell_sets_the_day_of_a_level(
    client: Client, clock: Clock, world: World, admin: Officer
) -> None:
    clock(on(2023, 8, 1))
    client.force_login(admin)
    fields = {"period": "2023-07", "kind": "upazila", "last_day": "09/08/2023", "reason": "ঈদের ছুটি"}
    page = client.post(reverse("returns:deadlines"), fields, follow=True).content.decode()
    assert "০৯/০৮/২০২৩" in page and "ঈদের ছুটি" in page
    wrong = client.post(reverse("returns:deadlines"), fields | {"period": "2019-01"})
    assert wrong.status_code == 400


def test_messages_are_shown_and_marked_as_read(client: Client, clock: Clock, world: World) -> None:
    send_reminders(at=on(2023, 8, 6))
    clock(on(2023, 8, 6))
    client.force_login(world.officer)
    assert reverse("offices:inbox") in client.get(reverse("reports:home")).content.decode().split("<main")[1]
    assert "<strong>" in client.get(reverse("offices:inbox")).content.decode()
    assert "<strong>" not in client.post(reverse("offices:inbox"), follow=True).content.decode().split("<main")[1]
