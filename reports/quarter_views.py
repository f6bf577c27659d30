"""Pages of an office's quarter, computed from its months."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from core.clock import now, today
from core.errors import UserError
from core.language import reader_wants_bangla
from core.periods import Period, PeriodKind
from core.workbooks.tables import wants_workbook
from documents.services import request_document
from offices.access import officer_of, officers_only
from offices.places import Tree
from offices.titles import office_title
from reports.papers import QUARTER
from reports.quarter import quarter_before, report_of
from reports.tables import quarter_table
from returns.month_views import office_in_sight


@officers_only("returns.view_return")
@require_safe
def find_quarter(request: HttpRequest) -> HttpResponse:
    """The officer's own office in the last quarter that is over."""
    office = officer_of(request).current_postings[0].office
    return redirect("reports:quarter", office.code, quarter_before(now()))


@officers_only("returns.view_return")
@require_safe
def show_quarter(request: HttpRequest, office: str, period: Period) -> HttpResponseBase:
    """The quarter's months and sums by section, who is missing, societies by class, and indicators."""
    found = office_in_sight(request, office, _begun(period))
    try:
        report = report_of(found, period, at=now())
    except UserError as error:
        words = {"message": error.message, "period": period}
        return render(request, "returns/month_without_form.html", words, status=404)
    if wants_workbook(request):
        return quarter_table(report.quarter)
    above = Tree(period).superiors_of(found)[::-1]
    bangla = reader_wants_bangla()
    rows = report.progress.rows if report.progress else ()
    context = {
        "report": report,
        "quarter": report.quarter,
        "title": office_title(found),
        "indicators": [(row, row.code(bangla=bangla), *row.texts(bangla=bangla)) for row in rows],
        "has_next": period.next().first <= today(),
        "above": [one for one in above if officer_of(request).has_perm("returns.view_return", one)],
    }
    return render(request, "reports/quarter.html", context)


@officers_only("returns.view_return")
@require_POST
def print_quarter(request: HttpRequest, office: str, period: Period) -> HttpResponse:
    """Ask for the quarter as a paper and go to its page."""
    found = office_in_sight(request, office, _begun(period))
    arguments = {"office": found.code, "period": period.key}
    try:
        document = request_document(kind=QUARTER, arguments=arguments, by=officer_of(request), at=now())
    except UserError as error:
        messages.error(request, str(error.message))
        return redirect("reports:quarter", office, period)
    return redirect("documents:document", document.code)


def _begun(period: Period) -> Period:
    """A quarter that has begun; 404 for anything else."""
    if period.kind is not PeriodKind.QUARTER or period.first > today():
        raise Http404
    return period
