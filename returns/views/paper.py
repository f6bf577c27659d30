"""Asking for the paper of a return."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from core.access import officers_only
from core.clock import now
from core.periods import Period
from documents.services import request_document
from offices.access import officer_of
from returns.models import Return
from returns.papers import RETURN


@officers_only("documents.view_document")
@require_POST
def print_return(request: HttpRequest, office: str, period: Period) -> HttpResponse:
    """Ask for the return as a paper and go to its page: the existing one if nothing has changed."""
    officer = officer_of(request)
    ret = get_object_or_404(Return.objects.visible_to(officer), office__code=office, period=period)
    arguments = {"office": office, "period": ret.period.key}
    document = request_document(kind=RETURN, arguments=arguments, by=officer, at=now())
    return redirect("documents:document", document.code)
