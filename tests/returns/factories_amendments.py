"""An upazila with some verified months, and amendments of them."""

from __future__ import annotations

from typing import Any

from core.periods import Period
from returns import services
from returns.amendment_models import Amendment
from returns.models import Return, ReturnVersion
from tests.returns.factories_returns import AUGUST, JULY, World, after, make_world, verified

SEPTEMBER = Period.month(2023, 9)
#: When an amendment is asked for, and when it is decided.
ASKED, DECIDED = after(SEPTEMBER, 10), after(SEPTEMBER, 12)
REASON = "চালান মিলিয়ে দেখা গেছে, একজন বাদ পড়েছিলেন।"


def three_months(**september: Any) -> tuple[World, Return, Return, Return]:
    """July to September verified: ten cases opened in July (K02), eight closed in August (K03)."""
    world = make_world()
    july = verified(world, JULY, K02=10, G02=3)
    august = verified(world, AUGUST, K03=8)
    third = verified(world, SEPTEMBER, **september)
    return world, july, august, third


def written(world: World, ret: Return, **figures: int) -> Amendment:
    """A draft by the upazila's officer."""
    cells = {cell.replace("__", "."): amount for cell, amount in figures.items()}
    return services.write_amendment(ret, figures=cells, reason=REASON, by=world.officer, at=ASKED)


def proposed(world: World, ret: Return, **figures: int) -> Amendment:
    return services.propose_amendment(written(world, ret, **figures), by=world.officer, at=ASKED)


def approved(world: World, ret: Return, **figures: int) -> Amendment:
    amendment = proposed(world, ret, **figures)
    return services.approve_amendment(amendment, by=world.district_officer, at=DECIDED)


def in_force(ret: Return) -> ReturnVersion:
    """The newest version."""
    return ret.versions.order_by("-number")[0]


def figure(ret: Return, cell: str, number: int | None = None) -> int | None:
    """A cell in the newest version, or in a numbered one."""
    version = in_force(ret) if number is None else ret.versions.get(number=number)
    amount: int | None = version.values.get(cell=cell).amount
    return amount
