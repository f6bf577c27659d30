from __future__ import annotations

from typing import Any

from offices.choices import Post
from offices.models import Office
from returns.models import Form, Return, ReturnVersion
from returns.services import publish_form
from tests.matrix import World, by_right, register
from tests.returns.factories_returns import form_data


def opened_return(world: World, office: Office) -> dict[str, Any] | None:
    """A draft of the month; offices above the upazilas have none."""
    if not office.is_leaf:
        return None
    form = Form.objects.first() or publish_form(form_data(), by=world.officer(Post.SYSTEM_ADMIN), at=world.now)
    ret, _made = Return.objects.get_or_create(
        office=office, period=world.period, defaults={"office_path": office.path, "form": form}
    )
    ReturnVersion.objects.get_or_create(ret=ret, number=1, defaults={"opened_at": world.now})
    return {"office": office.code, "period": world.period}


register("returns:paper", opened_return, post=by_right("documents.view_document"))
