"""Leaving a review remark."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core import clock
from core.errors import UserError
from core.periods import Period
from offices.access import officer_of, officers_only
from returns import services
from returns.views.finding import find_opened


@officers_only("returns.review_return")
@require_POST
def review(request: HttpRequest, office: str, period: Period) -> HttpResponse:
    """Keep an inspector's remark on a submitted return."""
    officer = officer_of(request)
    found = find_opened(officer, office, period)
    try:
        services.review_return(found.ret, text=request.POST.get("text", ""), by=officer, at=clock.now())
    except UserError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("Your review stands beside the return. The verifier sees it."))
    return redirect("returns:entry", office, period)
