"""Asking for the paper of a return, and for its form with empty boxes."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from core.access import officers_only
from core.clock import now, today
from core.errors import UserError
from core.periods import Period, PeriodKind
from documents.services import request_document
from offices.access import officer_of
from offices.models import Office
from returns.models import Form, Return
from returns.papers import BLANK, RETURN
from returns.published import form_for


@officers_only("documents.view_document")
@require_POST
def print_return(request: HttpRequest, office: str, period: Period) -> HttpResponse:
    """Ask for the return as a paper and go to its page: the existing one if nothing has changed."""
    officer = officer_of(request)
    ret = get_object_or_404(Return.objects.visible_to(officer), office__code=office, period=period)
    arguments = {"office": office, "period": ret.period.key}
    document = request_document(kind=RETURN, arguments=arguments, by=officer, at=now())
    return redirect("documents:document", document.code)


@officers_only("documents.view_document")
@require_POST
def print_blank(request: HttpRequest, office: str, period: Period) -> HttpResponse:
    """Ask for the form of an office's month with empty boxes. 404 for a month not begun, or without a form."""
    row = get_object_or_404(Office.objects.visible_to(officer_of(request)), code=office)
    if period.kind is not PeriodKind.MONTH or period.first > today():
        raise Http404
    opened = Return.objects.filter(office=row, period=period).select_related("form").defer("form__catalogue").first()
    try:
        form = opened.form if opened else form_for(period)
    except UserError as error:
        raise Http404 from error
    return _blank(request, row, form, period=period.key)


@officers_only("documents.view_document")
@require_POST
def print_blank_form(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Ask for a published form with empty boxes, office and month to be written in."""
    form = get_object_or_404(Form.objects.defer("catalogue"), code=code, number=number)
    return _blank(request, officer_of(request).current_postings[0].office, form)


def _blank(request: HttpRequest, office: Office, form: Form, **more: Any) -> HttpResponse:
    arguments = {"office": office.code, "form": form.code, "number": form.number} | more
    document = request_document(kind=BLANK, arguments=arguments, by=officer_of(request), at=now())
    return redirect("documents:document", document.code)
