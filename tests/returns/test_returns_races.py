"""Two hands at one return in the same moment: one of them wins, the other is told."""

from __future__ import annotations

from contextlib import suppress
from copy import deepcopy

import pytest
from django.core.exceptions import PermissionDenied

from offices.choices import Post
from offices.models import Office
from offices.services import move_office
from returns import services
from returns.choices import ReturnState
from returns.consolidation_models import Consolidation
from returns.integrity import check_versions
from returns.models import Form, Return, ReturnVersion
from tests.factories import make_head, make_officer, make_tree
from tests.racing import race
from tests.returns.factories_amendments import DECIDED, proposed, three_months
from tests.returns.factories_consolidated import Country
from tests.returns.factories_returns import JULY, World, after, fill, make_world, submitted
from tests.returns.factories_rollup import AT, JUNE, SMALL_FORM, make_baseline, make_clerk, make_form, make_return

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world() -> World:
    return make_world()


def test_a_return_is_either_verified_or_sent_back(world: World) -> None:
    ret = submitted(world)
    at = after(JULY, 4)
    said = race(
        lambda: services.verify_return(ret, by=world.district_officer, at=at),
        lambda: services.send_back_return(ret, reason="চালান মিলিয়ে দেখুন।", by=world.district_officer, at=at),
    )
    assert sorted(word == "done" for word in said) == [False, True], said
    ret.refresh_from_db()
    assert ret.state in (ReturnState.VERIFIED, ReturnState.RETURNED)
    verified = ret.state == ReturnState.VERIFIED
    assert ReturnVersion.objects.filter(ret=ret).count() == (1 if verified else 2)


def test_a_return_submitted_twice_at_once_is_submitted_once(world: World) -> None:
    ret = services.open_return(world.upazila, JULY, by=world.clerk, at=after(JULY))
    fill(ret, by=world.clerk, at=after(JULY))
    said = race(*[lambda: services.submit_return(ret, by=world.officer, at=after(JULY))] * 4)
    assert sorted(word == "done" for word in said) == [False, False, False, True], said
    assert Return.objects.get().state == ReturnState.SUBMITTED


def test_a_redraft_submitted_while_the_first_is_sent_back_again(world: World) -> None:
    """The officer's click and the verifier's cross: nothing is lost, and the states never skip."""
    ret = submitted(world)
    at = after(JULY, 4)
    said = race(
        lambda: services.send_back_return(ret, reason="আবার দেখুন।", by=world.district_officer, at=at),
        lambda: services.submit_return(ret, by=world.officer, at=at),
    )
    ret.refresh_from_db()
    assert said[0] == "done"
    newest = ReturnVersion.objects.filter(ret=ret).order_by("-number")[0]
    assert newest.state == (ReturnState.SUBMITTED if said[1] == "done" else ReturnState.DRAFT)
    assert newest.values.filter(amount__isnull=False).exists()


def test_a_consolidated_return_submitted_twice_at_once_is_one_snapshot() -> None:
    country = Country()
    said = race(*[lambda: country.submit(country.tree.district)] * 2)
    assert sorted(word == "done" for word in said) == [False, True], said
    assert Consolidation.objects.get().number == 1


def test_a_consolidated_return_is_judged_once() -> None:
    country = Country()
    made = country.submit(country.tree.district)
    said = race(*[lambda: country.verify(made)] * 2)
    assert sorted(word == "done" for word in said) == [False, True], said


def test_amendments_decided_at_the_same_moment_hold_together() -> None:
    world, july, _august, september = three_months()
    first, second = proposed(world, july, K02=12), proposed(world, september, K02=5)
    judge = world.district_officer
    said = race(
        lambda: services.approve_amendment(first, by=judge, at=DECIDED),
        lambda: services.refuse_amendment(first, reason="কাগজ নেই।", by=judge, at=DECIDED),
        lambda: services.approve_amendment(second, by=judge, at=DECIDED),
    )
    first.refresh_from_db()
    second.refresh_from_db()
    assert sorted(word == "done" for word in said[:2]) == [False, True], said
    assert (first.state == "approved") == (said[0] == "done")
    assert (second.state == "approved") == (said[2] == "done")
    assert list(check_versions()) == []


def test_a_return_opened_or_verified_while_its_office_moves_has_one_place() -> None:
    """Either act may come first; a return of the months moved lies under the new superior, a verified one stops it."""
    form, tree = make_form(), make_tree()
    admin, judge = make_officer(Post.SYSTEM_ADMIN, tree.department), make_head(tree.district)
    for office in (tree.upazila, tree.sibling):
        make_baseline(office, JUNE, form=form, by=make_clerk("keeper"))
    waiting = make_return(tree.upazila, JUNE.next(), {"D04": 1}, form=form, state=ReturnState.SUBMITTED)
    seen, was = Office.objects.get(code="patgram"), tree.upazila.path
    at = AT.replace(month=9)

    def verify() -> None:
        with suppress(PermissionDenied):  # the move came first
            services.verify_return(waiting.ret, by=judge, at=at)

    said = race(
        lambda: move_office(office=tree.district, parent=tree.foreign_division, first=JUNE.next(), by=admin, at=at),
        lambda: services.open_return(seen, JUNE.next(), by=admin, at=at, right="returns.import_returns"),
        verify,
    )
    for ret in Return.objects.select_related("office"):
        assert ret.office_path == ret.office.path, said
    verified = Return.objects.get(office=tree.upazila).state == ReturnState.VERIFIED
    assert (said[0] == "done") == (Office.objects.get(code="hatibandha").path != was)
    assert said[0] == "done" or verified, said


def test_a_form_published_by_two_at_once_is_published_once() -> None:
    """The same data is the same form to both; other data under its number is refused to whoever comes second."""
    admin, data = make_officer(Post.SYSTEM_ADMIN, make_tree().department), deepcopy(SMALL_FORM)
    said = race(*[lambda: services.publish_form(data, by=admin, at=AT)] * 3)
    assert said == ["done"] * 3 and Form.objects.count() == 1
    other = data | {"number": 2, "valid_from": "2024-06"}
    said = race(*[lambda day=day: services.publish_form(other | {"due_day": day}, by=admin, at=AT) for day in (7, 9)])
    assert sorted(word == "done" for word in said) == [False, True], said
    assert Form.objects.count() == 2
