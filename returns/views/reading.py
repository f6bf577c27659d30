"""Returns as they are read: the submitted view, an office's months, a superior's queue, a figure's origin."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core import clock
from core.errors import UserError
from core.language import reader_wants_bangla
from core.periods import Period
from offices.access import officer_of, officers_only
from offices.models import Office
from offices.rights import posting_for
from returns.choices import Origin, ReturnState
from returns.grid import lay_out
from returns.models import Value
from returns.origins import origin_of
from returns.published import catalogue_of
from returns.sheet import Sheet
from returns.views.finding import Found, find_or_draft
from returns.worklist import month_of, months_of, queue_of


def facts_of(found: Found) -> dict[str, Any]:
    """What every page about one return says in its head."""
    due_day = catalogue_of(found.ret.form).due_day
    month = month_of(found.office, found.ret.period, found.ret if found.is_opened else None, clock.today(), due_day)
    return {
        "found": found,
        "ret": found.ret,
        "version": found.version,
        "office": found.office,
        "period": found.ret.period,
        "month": month,
        "sent_back": found.sent_back,
        "is_demo": bool(getattr(found.office, "baseline", None) and found.office.baseline.is_demo),
    }


def show_return(
    request: HttpRequest, found: Found, *, unsaved: list[tuple[str, str]] | None = None, status: int = 200
) -> HttpResponse:
    """A return to be read; ``unsaved`` is what an officer typed too late."""
    sheet = found.sheet()
    catalogue, bangla = sheet.catalogue, reader_wants_bangla()
    context = facts_of(found) | {
        "blocks": lay_out(sheet),
        "remarks": remarks_of(sheet),
        "overrides": overrides_of(sheet),
        "unsaved": [
            (catalogue.code_of(cell, bangla=bangla), text)
            for cell, text in unsaved or []
            if cell in catalogue.cells_by_key
        ],
        "may_judge": found.is_opened
        and found.version.state == ReturnState.SUBMITTED
        and officer_of(request).has_perm("returns.verify_return"),
    }
    return render(request, "returns/shown.html", context, status=status)


def remarks_of(sheet: Sheet) -> list[dict[str, Any]]:
    """Every warning with its remark, as the verifier reads them."""
    return [{"finding": f, "remark": sheet.remark_on(f)} for f in sheet.findings if not f.is_block]


def overrides_of(sheet: Sheet) -> list[dict[str, Any]]:
    """Figures that differ from the registers, with their reasons."""
    bangla = reader_wants_bangla()
    rows: list[Value] = [value for value in sheet.values.values() if value.origin == Origin.OVERRIDE]
    return [
        {
            "value": value,
            "name": sheet.catalogue.code_of(value.cell, bangla=bangla),
            "line": sheet.catalogue.cells_by_key[value.cell].line,
        }
        for value in rows
        if value.cell in sheet.catalogue.cells_by_key
    ]


@officers_only("returns.enter_return")
@require_safe
def months(request: HttpRequest) -> HttpResponse:
    """The months of the officer's own office, newest first."""
    posting = posting_for(officer_of(request), "returns.enter_return")
    if posting is None:
        raise PermissionDenied
    return _months(request, posting.office)


@officers_only("returns.view_return")
@require_safe
def office_months(request: HttpRequest, office: str) -> HttpResponse:
    """The months of any office within reach."""
    offices = Office.objects.visible_to(officer_of(request)).leaves().select_related("baseline")
    return _months(request, get_object_or_404(offices, code=office))


def _months(request: HttpRequest, office: Office) -> HttpResponse:
    rows = months_of(office, clock.today())
    return render(request, "returns/months.html", {"office": office, "months": rows})


@officers_only("returns.verify_return")
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for the officer's verdict, worst first."""
    return render(request, "returns/queue.html", {"rows": queue_of(officer_of(request), clock.today())})


@officers_only("returns.view_return")
@require_safe
def cell(request: HttpRequest, office: str, period: Period, cell: str) -> HttpResponse:
    """Where a figure comes from: its formula, its register rows, its history."""
    try:
        found = find_or_draft(officer_of(request), office, period, today=Period.of(clock.today()))
    except UserError as error:
        raise Http404 from error
    sheet = found.sheet()
    if cell not in sheet.catalogue.cells_by_key:
        raise Http404
    return render(request, "returns/cell.html", facts_of(found) | {"origin": origin_of(sheet, cell)})
