from __future__ import annotations

from typing import Any

from offices.models import Office
from returns.models import Form
from tests.matrix import World, in_scope, register
from tests.matrix.rules import any_officer
from tests.returns.factories_rollup import SMALL_FORM, make_form


def month(world: World, office: Office) -> dict[str, Any]:
    """A month of the office under a published form; nothing needs to be verified."""
    if not Form.objects.exists():
        make_form(SMALL_FORM)
    return {"office": office.code, "period": world.period.key}


def above_the_leaf(world: World, office: Office) -> dict[str, Any] | None:
    return None if office.is_leaf else month(world, office)


def cell(world: World, office: Office) -> dict[str, Any]:
    return month(world, office) | {"cell": "D04"}


register("returns:totals", get=any_officer)
register("returns:month", month, get=in_scope)
register("returns:month_lines", month, get=in_scope)
register("returns:month_exceptions", above_the_leaf, get=in_scope)
register("returns:month_add_up", month, post=in_scope)
register("returns:month_cell", cell, get=in_scope)
register("returns:month_paper", month, post=in_scope)
register("returns:month_annexes", above_the_leaf, post=in_scope)
