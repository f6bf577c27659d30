from __future__ import annotations

from typing import Any

from offices.choices import OfficeKind, Post
from offices.models import Office
from tests.matrix import World, any_officer, by_right, in_scope, posts, public, register
from tests.matrix.returns import published


def district(world: World, office: Office) -> dict[str, Any] | None:
    return {"office": office.code} if office.kind == OfficeKind.DISTRICT else None


def quarter(world: World, office: Office) -> dict[str, Any]:
    """The quarter of the matrix's month, under the shipped form: later rows of the same world publish that one, too."""
    published(world, office)
    return {"office": office.code, "period": "2026-27-Q2"}


register("reports:home", get=public)
register("reports:start", get=any_officer)
starters = [Post.DISTRICT_OFFICER, Post.PERFORMANCE_ADMIN, Post.SYSTEM_ADMIN]
register("reports:starting_districts", get=posts(own=starters))
register("reports:starting", district, get=by_right("returns.enter_baselines"))
register("reports:quarters", get=any_officer)
register("reports:quarter", quarter, get=in_scope)
register("reports:quarter_paper", quarter, post=in_scope)
