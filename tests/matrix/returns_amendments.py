from __future__ import annotations

from typing import Any

from offices.choices import Post
from offices.models import Office
from returns import services
from returns.choices import Origin, ReturnState
from returns.models import Return, ReturnVersion, Value
from returns.published import catalogue_of
from tests.matrix import World, by_right, in_scope, register
from tests.matrix.returns import opened


def amendable(world: World, office: Office) -> dict[str, Any]:
    """The address of an office's verified return, of the month after the one that other rows keep as a draft."""
    opened(world, office)
    draft = Return.objects.get(office=office, period=world.period)
    judge, head = world.officer(Post.PERFORMANCE_ADMIN), world.head_of(office)
    ret, _is_new = Return.objects.get_or_create(
        office=office,
        period=world.period.next(),
        defaults={"office_path": office.path, "form": draft.form, "state": ReturnState.VERIFIED},
    )
    acts = {"opened_at": world.now, "submitted_at": world.now, "decided_at": world.now}
    version, _is_new = ReturnVersion.objects.get_or_create(
        ret=ret,
        number=1,
        defaults={"state": ReturnState.VERIFIED, "submitted_by": head, "decided_by": judge, **acts},
    )
    kept = catalogue_of(ret.form, [office.kind]).cells
    Value.objects.bulk_create(
        [Value(version=version, cell=c.key, amount=0, origin=Origin.ZERO, entered_at=world.now) for c in kept],
        ignore_conflicts=True,
    )
    return {"office": office.code, "period": ret.period}


def proposed(world: World, office: Office) -> dict[str, Any]:
    """The address of a proposed amendment of it."""
    place = amendable(world, office)
    ret = Return.objects.get(office=office, period=place["period"])
    open_one = ret.amendments.open().first()
    if open_one is None:
        head = world.head_of(office)
        mine = {one.key for one in catalogue_of(ret.form).entered_cells(office.kind)}
        cell = "G02" if "G02" in mine else "A11.N"
        open_one = services.write_amendment(ret, figures={cell: 3}, reason="Reason.", by=head, at=world.now)
        services.propose_amendment(open_one, by=head, at=world.now)
    return {**place, "pk": open_one.pk}


register("returns:amend", amendable, get=by_right("returns.request_amendment"))
register(
    "returns:amendment", proposed, get=in_scope, post=by_right("returns.request_amendment", "returns.verify_return")
)
register("returns:versions", opened, get=in_scope)
