"""The report centre: the papers of a period, and many of them asked for, or fetched as one ZIP, in one request."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.access import officers_only
from core.clock import now, today
from core.errors import UserError
from core.periods import Period, PeriodError, PeriodKind
from core.text import clean_text
from core.workbooks.tables import wants_workbook
from documents.bundles import request_bundle
from documents.centre import Line, Sought, Tally, lines_of
from documents.centre_tables import centre_table
from documents.choices import Standing
from documents.making import request_papers, requests_to_show
from offices.access import officer_of
from offices.choices import LEAF_KINDS
from offices.models import Office
from offices.titles import office_title

#: Seconds after which the page asks again while something is being made.
LOOK_AGAIN_AFTER = 5
SHOWN_AT_ONCE = 50
OFFERED_MONTHS, OFFERED_QUARTERS = 24, 8


@officers_only("documents.view_document")
@require_safe
def find_centre(request: HttpRequest) -> HttpResponse:
    """The office and period asked for; else the officer's own office in the last full month."""
    code = clean_text(request.GET.get("office", "")) or officer_of(request).current_postings[0].office.code
    try:
        period = Period.parse(request.GET.get("period", ""))
    except PeriodError:
        period = Period.of(today()).previous()
    return redirect(_address(_office(request, code, period).code, period, Sought.of(request.GET)))


def _address(office: str, period: Period, sought: Sought) -> str:
    """The list, narrowed."""
    query = {name: words for name, words in vars(sought).items() if words}
    return reverse("documents:centre", args=[office, period], query=query or None)


def _office(request: HttpRequest, code: str, period: Period) -> Office:
    """An office at or below one of the officer's postings; 404 for another, and for a period not begun."""
    if period.first > today():
        raise Http404
    rows = Office.objects.visible_to(officer_of(request)).select_related("parent__parent__parent")
    return get_object_or_404(rows, code=code)


@officers_only("documents.view_document")
@require_safe
def show_centre(request: HttpRequest, office: str, period: Period) -> HttpResponseBase:
    """Every paper the period has or could have, what is being made, and what failed and why."""
    found, officer = _office(request, office, period), officer_of(request)
    every = lines_of(officer, found, period)
    sought = Sought.of(request.GET)
    lines = [line for line in every if sought.takes(line)]
    if wants_workbook(request):
        return centre_table(found, period, lines)
    requests = requests_to_show(period, officer)
    tally = Tally.counting(every)
    waits = bool(tally.making) or any(not job.is_over for job in requests)
    looks_again = waits and "still" not in request.GET
    context = _choices(request, found, period, every) | {
        "office": found,
        "title": office_title(found),
        "period": period,
        "tally": tally,
        "sought": sought,
        "page": Paginator(lines, SHOWN_AT_ONCE).get_page(request.GET.get("page")),
        "due": sum(line.is_due for line in lines),
        "ready": sum(line.is_ready for line in lines),
        "requests": requests,
        "waits": waits,
        "looks_again": looks_again,
    }
    response = render(request, "documents/centre.html", context)
    if looks_again:
        response["Refresh"] = str(LOOK_AGAIN_AFTER)
    return response


def _choices(request: HttpRequest, office: Office, period: Period, lines: list[Line]) -> dict[str, Any]:
    """What the list can be narrowed to, and where else the reader may look."""
    officer = officer_of(request)
    above = [one for one in _above(office) if officer.has_perm("documents.view_document", one)]
    below = Office.objects.visible_to(officer).exclude(kind__in=LEAF_KINDS).order_by("path")
    month = Period.of(today())
    quarter = Period(month.shift(-((month.first.month - 1) % 3)).first, PeriodKind.QUARTER)
    periods = [month.shift(-n) for n in range(OFFERED_MONTHS)] + [quarter.shift(-n) for n in range(OFFERED_QUARTERS)]
    return {
        "above": above,
        "offices": below if office in below else [*below, office],
        "periods": periods if period in periods else [*periods, period],
        "kinds": sorted({(line.possible.kind, line.kind_label) for line in lines}),
        "standings": Standing.choices,
    }


def _above(office: Office) -> list[Office]:
    """The offices above, the highest first."""
    found: list[Office] = []
    while (parent := (found[0] if found else office).parent) is not None:
        found.insert(0, parent)
    return found


def _chosen(request: HttpRequest, office: Office, period: Period) -> list[Line]:
    """The lines ticked, or every line that the filter takes. What the officer does not see is not among them."""
    lines = lines_of(officer_of(request), office, period)
    if "every" in request.POST:
        sought = Sought.of(request.POST)
        return [line for line in lines if sought.takes(line)]
    ticked = set(request.POST.getlist("pick"))
    chosen = [line for line in lines if line.possible.key in ticked]
    if len(chosen) < len(ticked):
        messages.warning(request, _("Some of the chosen papers do not stand in this list and were left aside."))
    return chosen


@officers_only("documents.view_document")
@require_POST
def make_papers(request: HttpRequest, office: str, period: Period) -> HttpResponse:
    """Ask for the chosen papers, or for all that the filter takes and that are not up to date."""
    found = _office(request, office, period)
    chosen = [line.possible for line in _chosen(request, found, period) if line.is_due]
    try:
        request_papers(office=found, period=period, papers=chosen, by=officer_of(request), at=now())
        messages.success(request, _("The papers have been asked for. Each appears below as soon as it is ready."))
    except UserError as error:
        messages.error(request, error.message)
    return redirect(_address(office, period, Sought.of(request.POST)))


@officers_only("documents.view_document")
@require_POST
def pack_papers(request: HttpRequest, office: str, period: Period) -> HttpResponse:
    """Ask for the chosen papers, or for all ready ones that the filter takes, as one ZIP."""
    found = _office(request, office, period)
    keys = [line.document.pk for line in _chosen(request, found, period) if line.document and line.is_ready]
    try:
        bundle = request_bundle(office=found, period=period, documents=keys, by=officer_of(request), at=now())
    except UserError as error:
        messages.error(request, error.message)
        return redirect(_address(office, period, Sought.of(request.POST)))
    return redirect("documents:bundle", bundle.pk)
