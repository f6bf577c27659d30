"""Pages of a month of every office: its totals, and where each of them comes from."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from core.clock import now, today
from core.errors import UserError
from core.periods import Period, PeriodKind
from documents.services import request_document
from offices.access import officer_of, officers_only
from offices.models import Office
from offices.titles import office_title
from returns.closing import PAPER_OF_LEAF, PAPER_OF_MONTH
from returns.month_origins import origin_of
from returns.months import Month, month_of, sheet_of
from returns.rollup import request_total


def _office(request: HttpRequest, code: str) -> Office:
    rows = Office.objects.visible_to(officer_of(request)).select_related("parent__parent__parent")
    return get_object_or_404(rows, code=code)


def _month(request: HttpRequest, code: str, period: Period) -> Month:
    """The month of an office in sight; 404 for a quarter or year, and for a month that has not begun."""
    office = _office(request, code)
    if period.kind is not PeriodKind.MONTH or period.first > today():
        raise Http404
    return month_of(office, period, at=now(), fresh=False)


@officers_only("returns.view_return")
@require_safe
def find_month(request: HttpRequest) -> HttpResponse:
    """The officer's own office in the last full month."""
    office = officer_of(request).current_postings[0].office
    return redirect("returns:month", office.code, Period.of(today()).previous())


@officers_only("returns.view_return")
@require_safe
def show_month(request: HttpRequest, office: str, period: Period) -> HttpResponse:
    """Totals of a month by section, the offices below side by side, who is in and who is missing."""
    try:
        month = _month(request, office, period)
    except UserError as error:
        words = {"message": error.message, "period": period}
        return render(request, "returns/month_without_form.html", words, status=404)
    context = {
        "month": month,
        "title": office_title(month.office),
        "sheet": sheet_of(month),
        "has_next": period.next().first <= today(),
        "above": [one for one in _superiors(month.office) if officer_of(request).has_perm("returns.view_return", one)],
    }
    return render(request, "returns/month.html", context)


def _superiors(office: Office) -> list[Office]:
    """The offices above, the highest first."""
    above: list[Office] = []
    while office.parent is not None:
        office = office.parent
        above.insert(0, office)
    return above


@officers_only("returns.view_return")
@require_safe
def show_cell(request: HttpRequest, office: str, period: Period, cell: str) -> HttpResponse:
    """Where a total comes from: its parts by office, each leading on down to the return it was entered in."""
    try:
        month = _month(request, office, period)
    except UserError as error:
        raise Http404 from error
    if cell not in month.catalogue.cells_by_key:
        raise Http404
    if month.office.is_leaf:
        return redirect("returns:cell", month.office.code, period, cell)
    context = {"month": month, "title": office_title(month.office), "origin": origin_of(month, cell)}
    return render(request, "returns/month_cell.html", context)


@officers_only("returns.view_return")
@require_POST
def add_up(request: HttpRequest, office: str, period: Period) -> HttpResponse:
    """Ask for the month's total anew."""
    try:
        month = _month(request, office, period)
    except UserError as error:
        messages.error(request, error.message)
        return redirect("returns:month", office, period)
    request_total(month.office, period, by=officer_of(request), at=now())
    return redirect("returns:month", office, period)


@officers_only("returns.view_return")
@require_POST
def print_month(request: HttpRequest, office: str, period: Period) -> HttpResponse:
    """Ask for the month as a paper and go to its page."""
    found = _office(request, office)
    kind = PAPER_OF_LEAF if found.is_leaf else PAPER_OF_MONTH
    arguments = {"office": found.code, "period": period.key}
    try:
        document = request_document(kind=kind, arguments=arguments, by=officer_of(request), at=now())
    except UserError as error:
        messages.error(request, error.message)
        return redirect("returns:month", office, period)
    return redirect("documents:document", document.code)
