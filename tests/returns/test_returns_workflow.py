"""From an opened month to a verified one, and what stands in the way."""

from __future__ import annotations

import pytest

from returns.choices import ReturnState
from tests.returns.factories_returns import AUGUST, make_world, verified

pytestmark = pytest.mark.django_db


def test_a_month_goes_from_open_to_verified() -> None:
    world = make_world()
    ret = verified(world)
    assert ret.state == ReturnState.VERIFIED
    ret = verified(world, AUGUST)
    assert ret.state == ReturnState.VERIFIED
