"""Starting a district: the list of districts for who keeps many, the steps of one."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from core.clock import today
from core.periods import FiscalYear
from core.workbooks.tables import wants_workbook
from offices.access import officer_of, officers_only
from offices.choices import OfficeKind
from offices.rights import offices_reached
from reports.starting import starts_by_district, starts_of, steps_of
from reports.tables import districts_table, starts_table

RIGHT = "returns.enter_baselines"


@officers_only("returns.enter_baselines")
@require_safe
def districts(request: HttpRequest) -> HttpResponseBase:
    """How far each district is; a single one is shown at once."""
    top = offices_reached(officer_of(request), RIGHT).order_by("path").first()
    assert top is not None, "the right comes with a posting"
    if top.kind == OfficeKind.DISTRICT:
        return redirect("reports:starting", top.code)
    rows = [
        (district, len(starts), sum(one.has_head for one in starts), sum(one.is_verified for one in starts))
        for district, starts in starts_by_district(top, today())
    ]
    if wants_workbook(request):
        return districts_table(rows)
    return render(request, "reports/starting_districts.html", {"rows": rows})


@officers_only("returns.enter_baselines")
@require_safe
def starting(request: HttpRequest, office: str) -> HttpResponseBase:
    """The steps of a district, and its offices with what each still lacks."""
    reader = officer_of(request)
    rows = offices_reached(reader, RIGHT).filter(kind=OfficeKind.DISTRICT)
    district = get_object_or_404(rows, code=office)
    starts = starts_of(district, today())
    if wants_workbook(request):
        return starts_table(district, starts)
    context = {
        "district": district,
        "steps": steps_of(district, starts, reader),
        "starts": starts,
        "year": FiscalYear.of(today()),
        "may_set_targets": bool(starts) and reader.has_perm("returns.set_targets", starts[0].office),
    }
    return render(request, "reports/starting.html", context)
