from __future__ import annotations

from typing import Any

from offices.models import Office
from returns.choices import ConsolidationState
from returns.consolidation_models import Consolidation
from returns.models import Form
from tests.matrix import World, by_right, in_scope, register
from tests.matrix.returns_months import month


def upper(world: World, office: Office) -> dict[str, Any] | None:
    return None if office.is_leaf else month(world, office)


def numbered(world: World, office: Office) -> dict[str, Any] | None:
    """A consolidated return of nothing, submitted by the office's head."""
    place = upper(world, office)
    if place is None:
        return None
    facts = {
        "office_path": office.path,
        "form": Form.objects.get(),
        "state": ConsolidationState.SUBMITTED,
        "submitted_at": world.now,
        "submitted_by": world.head_of(office),
        "completeness": {"standings": [], "levels": [], "findings": []},
        "basis_count": 0,
        "basis_sum": 0,
        "data_at": world.now,
    }
    Consolidation.objects.get_or_create(office=office, period=world.period, number=1, defaults=facts)
    return place | {"number": 1}


register("returns:consolidation", upper, get=in_scope, post=in_scope & by_right("returns.submit_consolidation"))
register("returns:snapshot", numbered, get=in_scope, post=by_right("returns.verify_return"))
register("returns:snapshot_paper", numbered, post=in_scope)
