from __future__ import annotations

from typing import Any

from offices.choices import Post
from offices.models import Office
from returns.models import Form, Return, ReturnVersion
from returns.services import publish_form
from tests.matrix import World, any_officer, by_right, in_scope, register
from tests.matrix.returns import published
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


def month_with_a_form(world: World, office: Office) -> dict[str, Any]:
    """A month of the office that a form was published for."""
    published(world, office)
    return {"office": office.code, "period": world.period}


register("returns:annexes", opened_return, get=in_scope, post=in_scope)
register("returns:blank", month_with_a_form, post=in_scope)
register("returns:form_blank", published, post=any_officer)
