from __future__ import annotations

from typing import Any

from offices.choices import Post
from offices.models import Office
from returns import services
from returns.models import Baseline
from returns.published import catalogue_of
from returns.services.baselines import needed_closings
from returns.services.forms import FORM_FILE
from tests.matrix import World, by_right, in_scope, posts, register


def opened(world: World, office: Office) -> dict[str, Any] | None:
    """The address of a leaf office's return of the month, opened by its head after its baseline."""
    if not office.is_leaf:
        return None
    head = world.head_of(office)
    form = services.publish_form(FORM_FILE, by=head, at=world.now)
    if not Baseline.objects.filter(office=office).exists():
        closings = dict.fromkeys(needed_closings(catalogue_of(form)), 0)
        services.enter_baseline(office, world.period.previous(), closings=closings, by=head, at=world.now)
    services.open_return(office, world.period, by=head, at=world.now)
    return {"office": office.code, "period": world.period}


def cell(world: World, office: Office) -> dict[str, Any] | None:
    place = opened(world, office)
    return {**place, "cell": "A07"} if place else None


def leaf(world: World, office: Office) -> dict[str, Any] | None:
    return {"office": office.code} if office.is_leaf else None


enters = posts(own=[Post.ASSISTANT_INSPECTOR, Post.UPAZILA_OFFICER])
judges = [Post.DISTRICT_OFFICER, Post.JOINT_REGISTRAR, Post.REGISTRAR]

register("returns:months", get=enters)
register("returns:office", leaf, get=in_scope)
register("returns:queue", get=posts(own=judges))
register("returns:entry", opened, get=in_scope, post=by_right("returns.enter_return"))
register("returns:check", opened, get=in_scope, post=by_right("returns.submit_return"))
register("returns:nil", opened, get=enters)
register("returns:verdict", opened, get=posts(own=judges, below=judges), post=posts(below=[Post.DISTRICT_OFFICER]))
register("returns:cell", cell, get=in_scope)
