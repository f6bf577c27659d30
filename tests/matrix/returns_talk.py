from __future__ import annotations

from typing import Any

from offices.models import Office
from returns import services
from returns.cell_models import LineFile
from returns.models import Return
from tests.matrix import World, by_right, in_scope, register
from tests.matrix.returns import opened


def cell(world: World, office: Office) -> dict[str, Any] | None:
    place = opened(world, office)
    return {**place, "cell": "A07"} if place else None


def file(world: World, office: Office) -> dict[str, Any] | None:
    """A file beside a line of a draft."""
    place = opened(world, office)
    if place is None:
        return None
    row = LineFile.objects.filter(ret__office=office).first()
    if row is None:
        ret = Return.objects.get(office=office, period=world.period)
        row = services.attach_file(
            ret, line="D04", name="a.pdf", data=b"%PDF-1.7", by=world.head_of(office), at=world.now
        )
    return {**place, "pk": row.pk}


register("returns:comment", cell, post=by_right("returns.comment_return"))
register("returns:attach", cell, post=by_right("returns.enter_return"))
register("returns:line_file", file, get=in_scope, post=by_right("returns.enter_return"))
