"""Pages of a month of every office: its totals, and where each of them comes from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.clock import now, today
from core.errors import UserError
from core.forms import BanglaDateField
from core.periods import Period, PeriodKind, dhaka_date
from core.workbooks.tables import wants_workbook
from documents.services import request_document
from offices.access import officer_of, officers_only
from offices.choices import OfficeKind
from offices.models import Office
from offices.places import Tree
from offices.titles import office_title
from returns.closing import PAPER_OF_LEAF, PAPER_OF_MONTH
from returns.exceptions import doubted_returns, missing_in
from returns.known import end_of, month_as_known, sheet_as_known
from returns.month_origins import origin_of
from returns.months import Month, month_of, sheet_of
from returns.overview import overview_of
from returns.papers import ANNEXES_BELOW
from returns.rollup import SUMMED_FROM_TOTALS, request_total
from returns.tables import month_table, overview_table
from returns.tilemap import lens_of, lenses_of, tile_map
from returns.watch_tables import exceptions_table, origin_table


def office_in_sight(request: HttpRequest, code: str, period: Period) -> Office:
    """An office that stands, or stood in that month, at or below one of the officer's postings."""
    postings = officer_of(request).current_postings
    root = next((posting.office for posting in postings if posting.office.code == code), None)
    if root is not None and root.parent_id is None:  # it came with the posting, and nothing above it is asked for
        return root
    paths = [posting.office.path for posting in postings]
    rows = Office.objects.visible_to(officer_of(request)) | Tree(period).within(*paths)
    return get_object_or_404(rows.select_related("parent__parent__parent"), code=code)


def _month(request: HttpRequest, code: str, period: Period, *, known: datetime | None = None) -> Month:
    """The month of an office in sight, as known now or then; 404 for a quarter or year, and for a month not begun."""
    office = office_in_sight(request, code, period)
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
    """An upper office's month at a glance: who is in, the key figures, the offices below. An upazila's page, and any
    asked for as it was known, has all lines instead."""
    known = _known(request)
    try:
        month = _month(request, office, period, known=known)
    except UserError as error:
        return _without_form(request, period, error)
    if month.office.is_leaf:
        return _lines(request, month)
    if known is not None:
        place = reverse("returns:month_lines", args=[month.office.code, period])
        return redirect(f"{place}?known={dhaka_date(known).isoformat()}")
    return _overview(request, month)


@officers_only("returns.view_return")
@require_safe
def show_lines(request: HttpRequest, office: str, period: Period) -> HttpResponseBase:
    """Every line of a month by section, the offices right below side by side."""
    try:
        month = _month(request, office, period, known=_known(request))
    except UserError as error:
        return _without_form(request, period, error)
    return _lines(request, month)


@officers_only("returns.view_return")
@require_safe
def show_exceptions(request: HttpRequest, office: str, period: Period) -> HttpResponseBase:
    """What to look at in a month of an upper office: who is not in, and the returns that the checks doubt, worst first.
    The department's page leads to those of its divisions: the checks compare within a division."""
    try:
        month = _month(request, office, period)
    except UserError as error:
        return _without_form(request, period, error)
    if month.office.is_leaf:
        raise Http404
    is_nation = month.office.kind == OfficeKind.DEPARTMENT
    missing = [] if is_nation else missing_in(month)
    doubted = [] if is_nation else doubted_returns(month.office, period)
    if wants_workbook(request):
        return exceptions_table(month, missing, doubted)
    divisions = Tree(period).children(month.office) if is_nation else []
    context = _frame(request, month) | {"divisions": divisions, "missing": missing, "doubted": doubted}
    return render(request, "returns/exceptions.html", context)


def _without_form(request: HttpRequest, period: Period, error: UserError) -> HttpResponse:
    words = {"message": error.message, "period": period}
    return render(request, "returns/month_without_form.html", words, status=404)


def _lines(request: HttpRequest, month: Month) -> HttpResponseBase:
    sheet = sheet_as_known(month) if month.known_at else sheet_of(month)
    if wants_workbook(request):
        return month_table(month, sheet)
    return render(request, "returns/month.html", _frame(request, month) | {"sheet": sheet})


def _overview(request: HttpRequest, month: Month) -> HttpResponseBase:
    overview = overview_of(month)
    if wants_workbook(request):
        return overview_table(overview)
    lens = lens_of(overview, request.GET.get("figure", ""))
    context = _frame(request, month) | {
        "overview": overview,
        "map": tile_map(overview, lens),
        "lens": lens,
        "lenses": lenses_of(overview),
        "rows": [(row, row.figure(lens.cell) if lens.cell else None) for row in overview.rows],
    }
    return render(request, "returns/overview.html", context)


def _frame(request: HttpRequest, month: Month) -> dict[str, Any]:
    """What every page of a month says in its head."""
    above = Tree(month.period).superiors_of(month.office)[::-1]
    return {
        "month": month,
        "title": office_title(month.office),
        "is_high": month.office.kind in SUMMED_FROM_TOTALS,
        "has_next": month.period.next().first <= today(),
        "above": [one for one in above if officer_of(request).has_perm("returns.view_return", one)],
    }


@officers_only("returns.view_return")
@require_safe
def show_cell(request: HttpRequest, office: str, period: Period, cell: str) -> HttpResponseBase:
    """Where a total comes from: its parts by office, each leading on down to the return it was entered in."""
    try:
        month = _month(request, office, period)
    except UserError as error:
        raise Http404 from error
    if cell not in month.catalogue.cells_by_key:
        raise Http404
    if month.office.is_leaf:
        return redirect("returns:cell", month.office.code, period, cell)
    origin = origin_of(month, cell)
    if wants_workbook(request):
        return origin_table(month, origin)
    context = {"month": month, "title": office_title(month.office), "origin": origin}
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
    found = office_in_sight(request, office, period)
    return _paper(request, PAPER_OF_LEAF if found.is_leaf else PAPER_OF_MONTH, found, period)


@officers_only("returns.view_return")
@require_POST
def print_annexes(request: HttpRequest, office: str, period: Period) -> HttpResponse:
    """Ask for the annexes of the returns below an upper office as a paper and go to its page."""
    found = office_in_sight(request, office, period)
    if found.is_leaf:
        raise Http404
    return _paper(request, ANNEXES_BELOW, found, period)


def _paper(request: HttpRequest, kind: str, found: Office, period: Period) -> HttpResponse:
    arguments = {"office": found.code, "period": period.key}
    try:
        document = request_document(kind=kind, arguments=arguments, by=officer_of(request), at=now())
    except UserError as error:
        messages.error(request, error.message)
        return redirect("returns:month", found.code, period)
    return redirect("documents:document", document.code)
