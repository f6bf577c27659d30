from __future__ import annotations

from typing import Any

from offices.choices import OfficeKind, Post
from offices.models import Office
from tests.matrix import World, any_officer, by_right, posts, public, register


def district(world: World, office: Office) -> dict[str, Any] | None:
    return {"office": office.code} if office.kind == OfficeKind.DISTRICT else None


register("reports:home", get=public)
register("reports:start", get=any_officer)
starters = [Post.DISTRICT_OFFICER, Post.PERFORMANCE_ADMIN, Post.SYSTEM_ADMIN]
register("reports:starting_districts", get=posts(own=starters))
register("reports:starting", district, get=by_right("returns.enter_baselines"))
