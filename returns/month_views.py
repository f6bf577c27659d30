"""Pages of a month of every office: its totals, and where each of them comes from."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.clock import now, today
from core.errors import UserError
from core.forms import BanglaDateField
from core.periods import Period, PeriodKind
from core.workbooks.tables import wants_workbook
from documents.services import request_document
from offices.access import officer_of, officers_only
from offices.models import Office
from offices.places import Tree
from offices.titles import office_title
from returns.closing import PAPER_OF_LEAF, PAPER_OF_MONTH
from returns.known import end_of, month_as_known, sheet_as_known
from returns.month_origins import origin_of
from returns.months import Month, month_of, sheet_of
from returns.rollup import request_total
from returns.tables import month_table


def _office(request: HttpRequest, code: str, period: Period) -> Office:
    """An office that stands, or stood in that month, at or below one of the officer's postings."""
    paths = [posting.office.path for posting in officer_of(request).current_postings]
    rows = Office.objects.visible_to(officer_of(request)) | Tree(period).within(*paths)
    return get_object_or_404(rows.select_related("parent__parent__parent"), code=code)


def _month(request: HttpRequest, code: str, period: Period, *, known: datetime | None = None) -> Month:
    """The month of an office in sight, as known now or then; 404 for a quarter or year, and for a month not begun."""
    office = _office(request, code, period)
    if period.kind is not PeriodKind.MONTH or period.first > today():
        raise Http404
    if known is not None:
        return month_as_known(office, period, at=known)
    return month_of(office, period, at=now(), fresh=False)


def _known(request: HttpRequest) -> datetime | None:
    """The end of the day whose knowledge is asked for (``?known=2026-01-15``, Bangla or ASCII digits); None for now.
    A day that cannot be read, or is not over, asks for nothing."""
    try:
        day = BanglaDateField(required=False).clean(request.GET.get("known", "")[:20])
    except ValidationError:
        messages.error(request, _("This is not a date. Write day/month/year, for example 01/07/2026."))
        return None
    return end_of(day) if day and day < today() else None


@officers_only("returns.view_return")
@require_safe
def find_month(request: HttpRequest) -> HttpResponse:
    """The officer's own office in the last full month."""
    office = officer_of(request).current_postings[0].office
    return redirect("returns:month", office.code, Period.of(today()).previous())


@officers_only("returns.view_return")
@require_safe
def show_month(request: HttpRequest, office: str, period: Period) -> HttpResponseBase:
    """Totals of a month by section, the offices below side by side, who is in and who is missing."""
    try:
        month = _month(request, office, period, known=_known(request))
    except UserError as error:
        words = {"message": error.message, "period": period}
        return render(request, "returns/month_without_form.html", words, status=404)
    sheet = sheet_as_known(month) if month.known_at else sheet_of(month)
    if wants_workbook(request):
        return month_table(month, sheet)
    above = Tree(period).superiors_of(month.office)[::-1]
    context = {
        "month": month,
        "title": office_title(month.office),
        "sheet": sheet,
        "has_next": period.next().first <= today(),
        "above": [one for one in above if officer_of(request).has_perm("returns.view_return", one)],
    }
    return render(request, "returns/month.html", context)


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
    found = _office(request, office, period)
    kind = PAPER_OF_LEAF if found.is_leaf else PAPER_OF_MONTH
    arguments = {"office": found.code, "period": period.key}
    try:
        document = request_document(kind=kind, arguments=arguments, by=officer_of(request), at=now())
    except UserError as error:
        messages.error(request, error.message)
        return redirect("returns:month", office, period)
    return redirect("documents:document", document.code)
