from __future__ import annotations

from datetime import date
from typing import Any

from offices.choices import Post
from offices.models import Office
from societies.models import Society
from societies.services import register_society
from tests.matrix import World, any_officer, by_right, in_scope, posts, register


def society_of(world: World, office: Office) -> Society | None:
    """A society of a leaf office, registered by its head."""
    if not office.is_leaf:
        return None
    return register_society(
        office=office,
        name_bn="সূর্যমুখী সমবায় সমিতি",
        reg_no=f"{Society.objects.count() + 1}",
        reg_on=date(2022, 5, 10),
        class_code="21",
        by=world.head_of(office),
        at=world.now,
    )


def society(world: World, office: Office) -> dict[str, Any] | None:
    row = society_of(world, office)
    return {"pk": row.pk} if row else None


def event(world: World, office: Office) -> dict[str, Any] | None:
    row = society_of(world, office)
    return {"pk": row.events.get().pk} if row else None


register("societies:list", get=any_officer)
register("societies:export", lambda world, office: {"format": "csv"}, get=any_officer)
register(
    "societies:register",
    get=posts(own=[Post.ASSISTANT_INSPECTOR, Post.UPAZILA_OFFICER, Post.DISTRICT_OFFICER]),
)
register("societies:detail", society, get=in_scope)
register("societies:event", event, get=in_scope)
register("societies:status", society, get=by_right("societies.change_status"))
register("societies:withdraw", society, get=by_right("societies.correct_event"))
register("societies:transfer", society, get=by_right("societies.transfer_society"))


def of_office(world: World, office: Office) -> dict[str, Any]:
    return {"office": office.code}


register("societies:book", of_office, get=by_right("societies.register_society"))
register("societies:book_file", of_office, get=by_right("societies.register_society"))
