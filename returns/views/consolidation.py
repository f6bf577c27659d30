"""Consolidated returns: what would go up now, the numbers already submitted, and the superior's verdict on one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.clock import now, today
from core.errors import UserError
from core.periods import Period, PeriodKind
from documents.services import request_document
from offices.access import officer_of, officers_only
from offices.models import Office, Officer
from offices.places import Tree
from offices.titles import office_title
from returns.choices import ConsolidationState
from returns.consolidated import Prospect, arrivals_since, kept_of, prospect_of, sheet_of_snapshot
from returns.consolidation_models import Consolidation
from returns.forms import ExplanationForm, ReasonForm
from returns.judges import Seats, bench_for
from returns.months import sheet_of
from returns.papers import CONSOLIDATED
from returns.services.consolidation import (
    send_back_consolidation,
    submit_consolidation,
    tell_arrivals,
    verify_consolidation,
)


def _office(request: HttpRequest, code: str, period: Period) -> Office:
    """An upper office in sight; 404 for a leaf, and for what is no month that has begun."""
    office = get_object_or_404(Office.objects.visible_to(officer_of(request)).select_related("parent"), code=code)
    if office.is_leaf or period.kind is not PeriodKind.MONTH or period.first > today():
        raise Http404
    return office


@officers_only("returns.view_return")
@require_http_methods(["GET", "POST"])
def consolidation(request: HttpRequest, office: str, period: Period) -> HttpResponse:
    """What a consolidated return of the month would hold now, with the button that submits it."""
    row = _office(request, office, period)
    form = ExplanationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _submit(request, row, period, form.cleaned_data["explanation"])
    try:
        prospect = prospect_of(row, period, at=now(), fresh=False)
    except UserError as error:
        words = {"message": error.message, "period": period}
        return render(request, "returns/month_without_form.html", words, status=404)
    context = _context(prospect, officer_of(request)) | {"form": form}
    return render(request, "returns/consolidation.html", context, status=422 if form.errors else 200)


def _context(prospect: Prospect, officer: Officer) -> dict[str, Any]:
    month = prospect.month
    numbers = Consolidation.objects.filter(office=month.office, period=month.period)
    return {
        "prospect": prospect,
        "month": month,
        "sheet": sheet_of(month),
        "title": office_title(month.office),
        "later": tell_arrivals(prospect.arrivals) if prospect.newest else "",
        "numbers": numbers.select_related("submitted_by", "decided_by").order_by("-number"),
        "may_submit": officer.has_perm("returns.submit_consolidation", month.office),
        "is_over": today() > month.period.last,
    }


def _submit(request: HttpRequest, office: Office, period: Period, words: str) -> HttpResponse:
    try:
        made = submit_consolidation(office, period, explanation=words, by=officer_of(request), at=now())
    except UserError as error:
        messages.error(request, str(error.message))
        return redirect("returns:consolidation", office.code, period)
    messages.success(request, _("Submitted. It now waits for the superior office."))
    return redirect("returns:snapshot", office.code, period, made.number)


def _snapshot(request: HttpRequest, code: str, period: Period, number: int) -> Consolidation:
    rows = Consolidation.objects.visible_to(officer_of(request))
    rows = rows.select_related("office__parent", "submitted_by", "decided_by", "form")
    return get_object_or_404(rows.defer("form__catalogue"), office__code=code, period=period, number=number)


@officers_only("returns.view_return")
@require_http_methods(["GET", "POST"])
def snapshot(request: HttpRequest, office: str, period: Period, number: int) -> HttpResponse:
    """A consolidated return as it was frozen; its superior decides here."""
    row = _snapshot(request, office, period, number)
    officer = officer_of(request)
    form = ReasonForm(request.POST if "send_back" in request.POST else None)
    if request.method == "POST" and ("send_back" not in request.POST or form.is_valid()):
        return _decide(request, row, officer, form)
    sheet = sheet_of_snapshot(row)
    waits = row.state == ConsolidationState.SUBMITTED
    superiors = Tree(row.period).superiors(row.office_path)
    context = {
        "snapshot": row,
        "sheet": sheet,
        "month": sheet.month,
        "kept": kept_of(row),
        "title": office_title(row.office),
        "later": tell_arrivals(arrivals_since(row)) if row.state != ConsolidationState.REPLACED else "",
        "seat": bench_for(superiors, {row.submitted_by_id}, Seats(today())).seat_of(officer) if waits else None,
        "form": form,
        "may_submit": officer.has_perm("returns.submit_consolidation", row.office),
    }
    return render(request, "returns/snapshot.html", context, status=422 if form.errors else 200)


def _decide(request: HttpRequest, row: Consolidation, officer: Officer, form: ReasonForm) -> HttpResponse:
    try:
        if "send_back" in request.POST:
            send_back_consolidation(row, reason=form.cleaned_data["reason"], by=officer, at=now())
            messages.success(request, _("Sent back to %(office)s with your reason.") % {"office": row.office})
        else:
            verify_consolidation(row, despite_later="despite" in request.POST, by=officer, at=now())
            messages.success(request, _("Verified. The returns in it now count as accepted."))
    except UserError as error:
        messages.error(request, str(error.message))
    return redirect("returns:snapshot", row.office.code, row.period, row.number)


@officers_only("returns.view_return")
@require_POST
def print_snapshot(request: HttpRequest, office: str, period: Period, number: int) -> HttpResponse:
    """Ask for the consolidated return as a paper and go to its page."""
    row = _snapshot(request, office, period, number)
    arguments = {"office": row.office.code, "period": row.period.key, "number": row.number}
    try:
        document = request_document(kind=CONSOLIDATED, arguments=arguments, by=officer_of(request), at=now())
    except UserError as error:
        messages.error(request, str(error.message))
        return redirect("returns:snapshot", office, period, number)
    return redirect("documents:document", document.code)
