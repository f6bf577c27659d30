"""Who is late, more time for one office, and the deadlines of a level."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.errors import UserError
from core.forms import show_error
from core.periods import Period, PeriodKind
from core.workbooks.tables import wants_workbook
from offices.access import officer_of, officers_only
from offices.choices import OfficeKind
from offices.models import Office
from offices.rights import posting_for
from returns import services
from returns.deadline_forms import DeadlineForm, GrantForm
from returns.deadline_models import Deadline
from returns.due import calendar_of, last_day_of
from returns.late import late_returns
from returns.published import due_day_of
from returns.watch_tables import deadlines_table, late_table

#: A district's list prints on one page; the nation's could hold six thousand months.
PER_PAGE = 100


@officers_only("returns.grant_time")
@require_safe
def late(request: HttpRequest) -> HttpResponseBase:
    """Who is late below the officer's office, with whom to ring up; the longest late first, a hundred a page."""
    officer = officer_of(request)
    posting = posting_for(officer, "returns.grant_time")
    assert posting is not None
    try:
        rows = late_returns(posting.office, at=clock.now())
    except UserError:
        rows = []
    if wants_workbook(request):
        return late_table(rows)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "returns/late.html", {"page": page, "office": posting.office, "at": clock.now()})


@officers_only("returns.grant_time")
@require_http_methods(["GET", "HEAD", "POST"])
def grant(request: HttpRequest, office: str, period: Period) -> HttpResponse:
    """Give one office more time for a month."""
    officer = officer_of(request)
    found = get_object_or_404(Office.objects.visible_to(officer), code=office)
    if period.kind is not PeriodKind.MONTH or not officer.has_perm("returns.grant_time", found):
        raise Http404
    try:
        last_day = last_day_of(calendar_of(due_day_of(period), [period]), found, period)
    except UserError as error:
        raise Http404 from error
    form = GrantForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.grant_time(found, period, **form.cleaned_data, by=officer, at=clock.now())
        except UserError as error:
            show_error(form, error)
        else:
            messages.success(request, _("%(office)s has more time now.") % {"office": found})
            return redirect("returns:late")
    context = {"form": form, "office": found, "period": period, "last_day": last_day}
    return render(request, "returns/grant.html", context, status=400 if form.errors else 200)


@officers_only("returns.set_deadlines")
@require_http_methods(["GET", "HEAD", "POST"])
def deadlines(request: HttpRequest) -> HttpResponseBase:
    """The days set so far, and a form for another."""
    form = DeadlineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.set_deadline(
                OfficeKind(data["kind"]),
                data["period"],
                last_day=data["last_day"],
                reason=data["reason"],
                by=officer_of(request),
                at=clock.now(),
            )
        except UserError as error:
            show_error(form, error)
        else:
            messages.success(request, _("The deadline is set."))
            return redirect("returns:deadlines")
    rows = Deadline.objects.select_related("office", "set_by")
    if wants_workbook(request):
        return deadlines_table(rows)
    context = {"form": form, "rows": rows[:100]}
    return render(request, "returns/deadlines.html", context, status=400 if form.errors else 200)
