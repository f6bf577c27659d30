from __future__ import annotations

from typing import Any

from contracts.models import Agreement
from contracts.services import import_agreement
from offices.choices import Post
from offices.models import Office
from tests.contracts.factories_contracts import real_file
from tests.matrix import World, by_right, register


def an_agreement(world: World, office: Office) -> dict[str, Any] | None:
    """The office's agreement of 2023-24 with its superior, a draft."""
    if office.parent is None:
        return None
    found = Agreement.objects.filter(office=office).first()
    if found is None:
        preparer = world.officer(Post.PERFORMANCE_ADMIN)
        text = real_file().decode()
        text = text.replace('office = "lalmonirhat"', f'office = "{office.code}"')
        text = text.replace('superior = "rangpur-division"', f'superior = "{office.parent.code}"')
        found = import_agreement(content=text.encode(), by=preparer, at=world.now).agreement
    return {"office": office.code, "fiscal_year": found.fiscal_year.key}


def a_typed_line(world: World, office: Office) -> dict[str, Any] | None:
    at = an_agreement(world, office)
    return at and {**at, "code": "1.2.1"}


seen = by_right("contracts.view_agreement")
register("contracts:list", get=seen)
register("contracts:agreement", an_agreement, get=seen)
register("contracts:score", an_agreement, get=seen)
register("contracts:indicator", a_typed_line, get=seen, post=by_right("contracts.record_achievement"))
register("contracts:achievements", an_agreement, get=seen)
register("contracts:propose", an_agreement, post=by_right("contracts.prepare_agreement"))
register("contracts:decide", an_agreement, post=by_right("contracts.agree_agreement"))
register("contracts:paper", an_agreement, post=seen)
register("contracts:sign", an_agreement, get=by_right("contracts.sign_agreement", "contracts.countersign_agreement"))
