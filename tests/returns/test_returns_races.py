"""Two hands at one return in the same moment: one of them wins, the other is told."""

from __future__ import annotations

import pytest

from returns import services
from returns.choices import ReturnState
from returns.consolidation_models import Consolidation
from returns.integrity import check_versions
from returns.models import Return, ReturnVersion
from tests.racing import race
from tests.returns.factories_amendments import DECIDED, proposed, three_months
from tests.returns.factories_consolidated import Country
from tests.returns.factories_returns import JULY, World, after, fill, make_world, submitted

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
