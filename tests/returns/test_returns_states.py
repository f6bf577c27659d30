"""Whatever is tried in whatever order, no path skips a level."""

from __future__ import annotations

import random

import pytest
from django.core.exceptions import PermissionDenied

from core.errors import UserError
from returns import services
from returns.choices import ReturnState
from returns.models import Return, ReturnVersion
from tests.returns.factories_returns import JULY, World, after, fill, make_world

pytestmark = pytest.mark.django_db
AT = after(JULY)
ACTS = ("submit", "verify", "send_back", "save")
PEOPLE = ("clerk", "officer", "district_officer", "joint_registrar")

#: (state, act, person) → the state after; whatever is not here changes nothing.
ALLOWED = {
    ("draft", "submit", "officer"): "submitted",
    ("returned", "submit", "officer"): "submitted",
    ("submitted", "verify", "district_officer"): "verified",
    ("submitted", "send_back", "district_officer"): "returned",
}


def attempt(world: World, ret: Return, act: str, person: str) -> None:
    by = getattr(world, person)
    try:
        if act == "submit":
            services.submit_return(ret, by=by, at=AT)
        elif act == "verify":
            services.verify_return(ret, by=by, at=AT)
        elif act == "send_back":
            services.send_back_return(ret, reason="Look again.", by=by, at=AT)
        else:
            services.save_cells(ret, [services.CellChange("B03", 0, 1)], key="s", by=by, at=AT)
    except (UserError, PermissionDenied):
        pass


@pytest.mark.parametrize("seed", range(6))
def test_no_path_skips_a_level(seed: int) -> None:
    world = make_world()
    ret = services.open_return(world.upazila, JULY, by=world.clerk, at=AT)
    fill(ret, by=world.clerk, at=AT)
    dice = random.Random(seed)  # noqa: S311 - a seeded walk, nothing secret
    expected = "draft"
    for _step in range(25):
        act, person = dice.choice(ACTS), dice.choice(PEOPLE)
        attempt(world, ret, act, person)
        expected = ALLOWED.get((expected, act, person), expected)
        ret.refresh_from_db()
        assert ret.state == expected, (act, person)
        newest = ReturnVersion.objects.filter(ret=ret).order_by("-number").first()
        assert newest is not None
        assert newest.state == (ReturnState.DRAFT if expected == "returned" else expected)
        if newest.state == ReturnState.VERIFIED:
            assert newest.submitted_by == world.officer and newest.decided_by == world.district_officer
