from __future__ import annotations

from typing import Any

from core.workbooks.tables import XLSX
from documents.files import store_file
from offices.choices import OfficeKind, Post
from offices.models import Office
from returns import services
from returns.formbooks.books import write_formbook
from returns.models import Baseline, Clearing
from returns.published import catalogue_of
from returns.services.baselines import needed_closings
from returns.services.forms import FORM_FILE
from tests.matrix import World, any_officer, by_right, in_scope, posts, register


def opened(world: World, office: Office) -> dict[str, Any]:
    """The address of an office's return of the month, opened by its head (after its baseline, if it has stocks)."""
    head = world.head_of(office)
    form = services.publish_form(FORM_FILE, by=head, at=world.now)
    catalogue = catalogue_of(form)
    if catalogue.needs_baseline(office.kind) and not Baseline.objects.filter(office=office).exists():
        closings = dict.fromkeys(needed_closings(catalogue, office.kind), 0)
        services.enter_baseline(office, world.period.previous(), closings=closings, by=head, at=world.now)
    services.open_return(office, world.period, by=head, at=world.now)
    return {"office": office.code, "period": world.period}


def cell(world: World, office: Office) -> dict[str, Any]:
    own = {OfficeKind.DEPARTMENT: "A07", OfficeKind.DIVISION: "G02", OfficeKind.DISTRICT: "G02"}
    return {**opened(world, office), "cell": own.get(OfficeKind(office.kind), "A07")}


def anyone(world: World, office: Office) -> dict[str, Any]:
    return {"office": office.code}


def cleared(world: World, office: Office) -> dict[str, Any] | None:
    """The results of a joint verification by a district officer; a joint one of the same office is not theirs."""
    if office.kind != OfficeKind.DISTRICT:
        return None
    act = Clearing.objects.create(key=f"clearing-{office.code}", by=world.head_of(office), at=world.now)
    return {"key": act.key}


heads = [Post.UPAZILA_OFFICER, Post.DISTRICT_OFFICER, Post.JOINT_REGISTRAR, Post.REGISTRAR]
judges = [Post.DISTRICT_OFFICER, Post.JOINT_REGISTRAR, Post.REGISTRAR, Post.PERFORMANCE_ADMIN]

register("returns:months", get=posts(own=[Post.ASSISTANT_INSPECTOR, *heads]))
register("returns:office", anyone, get=in_scope)
register("returns:queue", get=posts(own=[*judges, Post.DISTRICT_INSPECTOR]))
register("returns:review", opened, post=by_right("returns.review_return"))
register("returns:clear", post=posts(own=judges))
register("returns:clearing", cleared, get=posts(own=[Post.DISTRICT_OFFICER]))
register("returns:checks", get=any_officer)
register("returns:entry", opened, get=in_scope, post=by_right("returns.enter_return"))
register("returns:check", opened, get=in_scope, post=by_right("returns.submit_return"))
register("returns:nil", opened, get=by_right("returns.enter_return"))
register("returns:workbook", opened, get=by_right("returns.enter_return"))
register("returns:workbook_upload", opened, get=by_right("returns.enter_return"))
register("returns:verdict", opened, get=posts(own=judges, below=judges), post=by_right("returns.verify_return"))
register("returns:cell", cell, get=in_scope)
register("returns:cell_versions", cell, get=in_scope)
register("returns:cells", opened, get=by_right("returns.enter_return"))

editors = posts(own=[Post.PERFORMANCE_ADMIN, Post.SYSTEM_ADMIN], below=[Post.PERFORMANCE_ADMIN, Post.SYSTEM_ADMIN])


def published(world: World, office: Office) -> dict[str, Any] | None:
    form = services.publish_form(FORM_FILE, by=world.head_of(office), at=world.now)
    return {"code": form.code, "number": form.number}


def edited(world: World, office: Office) -> dict[str, Any] | None:
    form = services.publish_form(FORM_FILE, by=world.head_of(office), at=world.now)
    return {"sha": store_file(write_formbook(form.catalogue), media_type=XLSX, at=world.now).sha256}


register("returns:forms", get=posts(own=[Post.PERFORMANCE_ADMIN, Post.SYSTEM_ADMIN]))
register("returns:form_workbook", published, get=editors)
register("returns:form_draft", edited, get=editors)

grants = [Post.DISTRICT_OFFICER, Post.JOINT_REGISTRAR, Post.REGISTRAR, Post.PERFORMANCE_ADMIN]


register("returns:late", get=posts(own=grants))
register("returns:deadlines", get=posts(own=[Post.PERFORMANCE_ADMIN]))
register("returns:grant", opened, get=by_right("returns.grant_time"))


def without_baseline(world: World, office: Office) -> dict[str, Any] | None:
    """A leaf office that begins, under a published form."""
    if not office.is_leaf:
        return None
    services.publish_form(FORM_FILE, by=world.head_of(office), at=world.now)
    return {"office": office.code}


def with_baseline(world: World, office: Office) -> dict[str, Any] | None:
    """The same with a baseline entered by its head and not verified."""
    place = opened(world, office) if office.is_leaf else None
    return place and {"office": office.code}


def of_the_year(world: World, office: Office) -> dict[str, Any] | None:
    place = without_baseline(world, office)
    return place and {**place, "fiscal_year": "2026-27"}


register("returns:baseline", without_baseline, get=in_scope, post=by_right("returns.enter_baseline"))
register("returns:verify_baseline", with_baseline, post=by_right("returns.verify_return"))
register("returns:targets", of_the_year, get=by_right("returns.set_targets"))


def district(world: World, office: Office) -> dict[str, Any] | None:
    """The baselines of a district's offices, the form published."""
    if office.kind != OfficeKind.DISTRICT:
        return None
    services.publish_form(FORM_FILE, by=world.head_of(office), at=world.now)
    return {"office": office.code}


register("returns:baselines", district, get=in_scope, post=by_right("returns.enter_baselines"))
register("returns:baselines_file", district, get=by_right("returns.enter_baselines"))
register("returns:verify_baselines", district, post=in_scope & posts(own=judges, below=judges, foreign=judges))
