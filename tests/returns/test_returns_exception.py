"""Verifying by exception on real rows: the queue in order, clean returns in one act, its statement, its results."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from core.errors import UserError
from core.models import Activity
from core.periods import Period
from offices.choices import Post
from offices.models import Office, Officer
from returns import services
from returns.checks import CHECKS, look_at
from returns.clearance import UNSEEN
from returns.dossiers import dossiers_of
from returns.models import Baseline, Clearance, Clearing, Return, ReturnVersion, Value
from returns.ranking import ranked_queue
from returns.services import CellChange
from returns.sheet import load_sheet
from returns.worklist import queue_of
from tests.factories import make_head, make_office, make_officer
from tests.returns.factories_returns import AUGUST, JULY, JUNE, World, after, baseline, fill, make_world, submitted

pytestmark = pytest.mark.django_db
KEY = "0123456789abcdef" * 2
ORDINARY = {"C04": 20_00_00_000, "C08": 40_00_00_000, "B03": 20, "B04": 15, "B05": 6, "B06": 5}


@pytest.fixture
def world(settings: Settings) -> World:
    settings.PORTAL_CLOCK = after(JULY, 5)
    return make_world()


def hand_in(world: World, office: Office, period: Period = JULY, **amounts: int) -> Return:
    """An office's return of a month, submitted by its head with a remark to each warning."""
    head = Officer.objects.filter(postings__office=office, postings__post=Post.UPAZILA_OFFICER).first()
    head = head or make_head(office)
    if not hasattr(office, "baseline"):
        baseline(world, office, by=head, verified_by=world.district_officer)
    at = after(period)
    ret = services.open_return(office, period, by=head, at=at)
    fill(ret, by=head, at=at, **amounts)
    for rule, cell in _obstacles(ret):
        services.write_remark(ret, rule=rule, cell=cell, text="As counted.", by=head, at=at)
    services.submit_return(ret, by=head, at=at)
    return Return.objects.get(pk=ret.pk)


def _obstacles(ret: Return) -> list[tuple[str, str]]:
    sheet = load_sheet(ret, ret.versions.latest("number"))
    return [(finding.rule, finding.cell) for finding in sheet.obstacles]


def newest(ret: Return) -> ReturnVersion:
    return ret.versions.order_by("-number")[0]


def clear(world: World, *returns: Return, key: str = KEY, by: Officer | None = None) -> Clearing:
    keys = [newest(ret).pk for ret in returns]
    return services.clear_returns(keys, key=key, by=by or world.district_officer, at=after(JULY, 5))


def browser(officer: Officer, language: str = "en") -> Client:
    client = Client()
    client.cookies["django_language"] = language
    client.force_login(officer)
    return client


def test_clean_returns_are_verified_in_one_act_that_says_what_nobody_looked_at(world: World) -> None:
    mine, other = submitted(world), hand_in(world, world.tree.sibling)
    act = clear(world, mine, other)
    assert {c.version.ret_id for c in act.clearances.all()} == {mine.pk, other.pk} and not act.skipped
    for clearance in act.clearances.all():
        assert clearance.version.state == "verified" and clearance.version.decided_by == world.district_officer
        assert set(clearance.unseen) >= set(UNSEEN) | {"growth", "peers"}, "what had no history is no approval"
        assert {*clearance.clean, *clearance.unseen} == {check.code for check in CHECKS} | set(UNSEEN)
    said = Activity.objects.get(verb="returns.clear_returns").after
    assert said["verified"] == ["hatibandha", "patgram"]
    assert Activity.objects.filter(verb="returns.verify_return").count() == 2


def test_each_that_is_not_verified_says_why(world: World) -> None:
    clean, changed, doubted = submitted(world), hand_in(world, world.tree.sibling), hand_in(world, world.tree.third)
    seen = [newest(ret).pk for ret in (clean, changed, doubted)]
    services.send_back_return(changed, reason="Look again.", by=world.district_officer, at=after(JULY, 4))
    services.submit_return(changed, by=_head(changed), at=after(JULY, 4))
    told = Value.objects.filter(version=newest(doubted), cell="A02.GP")
    told.update(amount=4, origin="override", proposed=0, reason="ok")
    act = services.clear_returns(seen, key=KEY, by=world.district_officer, at=after(JULY, 5))
    assert [c.version.ret for c in act.clearances.all()] == [clean]
    why = {one["office"]: one["why"] for one in act.skipped}
    assert "২" in why["patgram"] or "2" in why["patgram"]
    assert "ok" in why["aditmari"]
    assert not Clearance.objects.filter(version__ret__in=[changed, doubted]).exists()


def _head(ret: Return) -> Officer:
    return Officer.objects.get(postings__office=ret.office)


def test_nobody_clears_what_they_entered_and_a_stale_opening_stays(world: World) -> None:
    both = make_officer(Post.UPAZILA_OFFICER, world.tree.sibling, username="both")
    make_officer(Post.DISTRICT_OFFICER, world.tree.district, username="second")
    both.postings.create(office=world.tree.district, post=Post.DISTRICT_OFFICER, starts_on=after(JULY, 1).date())
    own = hand_in(world, world.tree.sibling)
    assert [row.is_clean for row in ranked_queue(both, after(JULY, 5).date()) if row.looked] == [False]
    act = clear(world, own, by=both)
    assert not act.clearances.exists() and act.skipped[0]["office"] == "patgram"
    assert ReturnVersion.objects.get(ret=own).state == "submitted"


def test_the_same_form_sent_twice_is_one_act(world: World) -> None:
    ret, other = submitted(world), hand_in(world, world.tree.sibling)
    first = clear(world, ret)
    assert clear(world, ret) == first == clear(world, ret, other)
    assert Clearance.objects.count() == 1 and newest(other).state == "submitted"
    again = clear(world, ret, key="f" * 32)
    assert "already" in again.skipped[0]["why"] or "আগেই" in again.skipped[0]["why"]


def test_an_act_reaches_no_further_than_its_officer(world: World) -> None:
    ret = submitted(world)
    strange = make_head(world.tree.foreign_district)
    with pytest.raises(UserError):
        clear(world, ret, by=strange)
    with pytest.raises(UserError):
        services.clear_returns([], key=KEY, by=world.district_officer, at=after(JULY, 5))
    for nobody in (world.clerk, world.officer):
        with pytest.raises(PermissionDenied):
            clear(world, ret, by=nobody)
    assert not Clearing.objects.exists() and newest(ret).state == "submitted"
    act = clear(world, ret, by=world.joint_registrar)
    assert act.skipped and newest(ret).state == "submitted", "nobody skips a level"
    with pytest.raises(PermissionDenied):
        clear(world, ret)


def test_the_dossier_knows_past_peers_registers_and_openings(world: World) -> None:
    july = hand_in(world, world.upazila, JULY, **ORDINARY)
    services.verify_return(july, by=world.district_officer, at=after(JULY, 4))
    hand_in(world, world.tree.sibling, JULY, **ORDINARY)
    ret = hand_in(world, world.upazila, AUGUST, **{**ORDINARY, "C04": 90_00_00_000})
    version = newest(ret)
    dossier = dossiers_of([version])[version.pk]
    assert dossier.amounts["C04"] == 90_00_00_000 and dossier.last_month("C04") == 20_00_00_000
    assert dossier.history[-2]["B07"] == 0, "the baseline's closing"
    assert dossier.before["B03"] == 20 and dossier.registers["A02.GP"] == 0 and dossier.targets["F01"] == 0
    assert dossier.opening_is_verified and not dossier.moved
    sister = newest(Return.objects.get(office=world.tree.sibling))
    peers = dossiers_of([sister])[sister.pk].peers
    assert [peer.amounts["C08"] for peer in peers] == [40_00_00_000]
    Value.objects.filter(version__ret__period=JULY, version__ret__office=world.upazila, cell="B07").update(amount=11)
    moved = dossiers_of([version])[version.pk].moved
    assert [(one.cell, one.closing) for one in moved] == [("B01", 11)]
    ReturnVersion.objects.filter(ret__period=JULY, ret__office=world.upazila).update(state="returned", reason="…")
    assert not dossiers_of([version])[version.pk].opening_is_verified


def test_the_worst_stands_first_and_only_the_clean_have_a_tick(world: World) -> None:
    submitted(world)
    hand_in(world, world.tree.sibling)
    doubted = hand_in(world, world.tree.third)
    Value.objects.filter(version__ret=doubted, cell="A02.GP").update(
        amount=4, origin="override", proposed=0, reason="ok"
    )
    rows = ranked_queue(world.district_officer, after(JULY, 5).date())
    assert [row.waiting.month.office.code for row in rows] == ["aditmari", "hatibandha", "patgram"]
    page = browser(world.district_officer).get("/returns/queue/").content.decode()
    assert page.count('name="version"') == 2 and "the only reason given is" in page
    assert page.index("aditmari") < page.index("hatibandha")
    assert "each figure by itself" in page


def test_from_ticks_to_results_by_name(world: World) -> None:
    submitted(world)
    hand_in(world, world.tree.sibling)
    client = browser(world.district_officer)
    page = client.get("/returns/queue/").content.decode()
    (key,) = re.findall(r'name="key" value="(\w+)"', page)
    versions = re.findall(r'name="version" value="(\d+)"', page)
    for _click in range(2):
        answer = client.post("/returns/queue/clear/", {"key": key, "version": versions})
        assert answer.headers["Location"] == f"/returns/queue/clearings/{key}/"
    result = client.get(answer.headers["Location"]).content.decode()
    assert "2 returns verified" in result and "hatibandha" in result and "patgram" in result
    shown = client.get("/returns/hatibandha/2023-07/").content.decode()
    assert "Verified together with others" in shown and "each figure by itself" in shown and "stale opening" in shown
    assert browser(world.joint_registrar).get(answer.headers["Location"]).status_code == 404
    assert Clearing.objects.count() == 1


@pytest.mark.parametrize("ticked", [[], ["x"], ["-1"], ["9" * 40], ["१२"], ["999999"]])
def test_strange_ticks_change_nothing(world: World, ticked: list[str]) -> None:
    submitted(world)
    client = browser(world.district_officer)
    answer = client.post("/returns/queue/clear/", {"key": "'" * 70, "version": ticked})
    assert answer.headers["Location"] == "/returns/queue/"
    assert "Choose at least one return." in client.get("/returns/queue/").content.decode()
    assert not Clearing.objects.exists()


def test_what_was_passed_up_waits_for_the_next_superior(world: World) -> None:
    ret = services.open_return(world.upazila, JULY, by=world.clerk, at=after(JULY))
    world.district_officer.postings.create(
        office=world.upazila, post=Post.ASSISTANT_INSPECTOR, starts_on=after(JULY, 1).date()
    )
    fill(ret, by=world.clerk, at=after(JULY))
    revision = Value.objects.get(version__ret=ret, cell="B03").revision
    change = CellChange("B03", 0, revision)
    services.save_cells(ret, [CellChange("B03", 3, revision)], key="a", by=world.district_officer, at=after(JULY))
    services.save_cells(
        ret, [CellChange(change.cell, 0, revision + 1)], key="b", by=world.district_officer, at=after(JULY)
    )
    services.submit_return(ret, by=world.officer, at=after(JULY))
    today = after(JULY, 5).date()
    (row,) = [row for row in ranked_queue(world.district_officer, today) if row.looked]
    assert row.is_own and not row.is_clean
    (row,) = ranked_queue(world.joint_registrar, today)
    assert row.is_clean
    act = clear(world, ret, by=world.joint_registrar)
    assert act.clearances.count() == 1


def test_a_queue_of_58_costs_what_one_row_costs(world: World) -> None:
    client = browser(world.district_officer)
    hand_in(world, world.upazila, JULY, **ORDINARY)
    client.get("/returns/queue/")

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/returns/queue/").status_code == 200
        return len(asked)

    one = cost()
    for office in (world.tree.sibling, world.tree.third):
        hand_in(world, office, JULY, **ORDINARY)
    assert cost() == one
    _multiply(world, 55)
    assert len([row for row in queue_of(world.district_officer, after(JULY, 5).date()) if row.is_submitted]) == 58
    assert cost() == one
    assert one <= 17


def _multiply(world: World, count: int) -> None:
    """More upazilas with the same submitted return, by rows."""
    model = newest(Return.objects.get(office=world.upazila))
    values = list(model.values.all())
    for number in range(count):
        office = make_office(f"upazila-{number}", parent=world.tree.district)
        Baseline.objects.create(
            office=office, period=JUNE, form=world.form, entered_by=world.officer, entered_at=model.opened_at,
            verified_by=world.district_officer, verified_at=model.opened_at,
        )  # fmt: skip
        ret = Return.objects.create(
            office=office, office_path=office.path, period=JULY, form=world.form, state="submitted",
            first_submitted_at=model.submitted_at,
        )  # fmt: skip
        version = ReturnVersion.objects.create(
            ret=ret, number=1, state="submitted", opened_at=model.opened_at, submitted_at=model.submitted_at,
            submitted_by=model.submitted_by,
        )  # fmt: skip
        for value in values:
            value.pk, value.version = None, version
        Value.objects.bulk_create(values)


def test_checks_are_asked_of_rows_as_of_memory(world: World) -> None:
    july = hand_in(world, world.upazila, JULY, **ORDINARY)
    services.verify_return(july, by=world.district_officer, at=after(JULY, 4))
    ret = hand_in(world, world.upazila, AUGUST, **{**ORDINARY, "C04": 20_00_00_000 * 100_000})
    version = newest(ret)
    looked = look_at(dossiers_of([version])[version.pk])
    assert looked.doubts[0].check == "lakh" and looked.doubts[0].cell == "C04"
    assert "copied" in {doubt.check for doubt in looked.doubts}


def test_the_page_of_checks_names_them_all(world: World) -> None:
    page = browser(world.officer, "bn").get("/returns/checks/").content.decode()
    assert all(f'id="{check.code}"' in page for check in CHECKS) and "প্রতিটি সংখ্যা আলাদা করে" in page


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_are_one_act(settings: Settings) -> None:
    settings.PORTAL_CLOCK = after(JULY, 5)
    world = make_world()
    ret, other = submitted(world), hand_in(world, world.tree.sibling)

    def click(_n: int) -> int:
        try:
            return clear(world, ret, other).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as hands:
        acts = set(hands.map(click, range(3)))
    assert len(acts) == 1 and Clearance.objects.count() == 2
    assert Activity.objects.filter(verb="returns.verify_return").count() == 2
