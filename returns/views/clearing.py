"""The queue of a superior by exception, the act that verifies clean returns together, and what is looked at."""

from __future__ import annotations

import re
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from core import clock
from core.errors import UserError
from core.periods import Period
from core.workbooks.tables import wants_workbook
from offices.access import officer_of, officers_only
from offices.models import Office
from returns import services
from returns.checks import CHECKS
from returns.clearance import UNSEEN, words
from returns.models import Clearing
from returns.ranking import ranked_queue
from returns.tables import queue_table
from returns.worklist import amendments_for

_KEY = re.compile(r"[0-9a-f]{32}")


@officers_only("returns.verify_return", "returns.review_return")
@require_safe
def queue(request: HttpRequest) -> HttpResponseBase:
    """What waits for the officer's verdict, worst first."""
    officer = officer_of(request)
    rows = ranked_queue(officer, clock.today())
    if wants_workbook(request):
        return queue_table(rows)
    context = {
        "rows": rows,
        "amendments": amendments_for(officer),
        "heads": next((row.headlines for row in rows if row.headlines), ()),
        "clean": sum(row.is_clean for row in rows),
        "unseen": words(list(UNSEEN)),
        "key": uuid4().hex,
    }
    return render(request, "returns/queue.html", context)


@officers_only("returns.verify_return")
@require_POST
def clear(request: HttpRequest) -> HttpResponse:
    """Verify the ticked returns together; the way to what became of each."""
    key = request.POST.get("key", "")
    key = key if _KEY.fullmatch(key) else uuid4().hex
    ticked = [int(text) for text in request.POST.getlist("version") if text.isascii() and text.isdigit()][:1_000]
    chosen = [number for number in ticked if number < 2**63]
    try:
        services.clear_returns(chosen, key=key, by=officer_of(request), at=clock.now())
    except UserError as error:
        messages.error(request, str(error.message))
        return redirect("returns:queue")
    return redirect("returns:clearing", key)


@officers_only("returns.verify_return")
@require_safe
def clearing(request: HttpRequest, key: str) -> HttpResponse:
    """What became of each return of a joint verification, for the officer who did it."""
    act = get_object_or_404(Clearing, key=key, by=officer_of(request))
    done = act.clearances.select_related("version__ret__office").order_by("version__ret__office_path")
    offices = {office.code: office for office in Office.objects.filter(code__in=[s["office"] for s in act.skipped])}
    skipped = [
        {"office": offices[one["office"]], "period": Period.parse(one["period"]), "why": one["why"]}
        for one in act.skipped
    ]
    unseen = dict.fromkeys(code for one in done for code in one.unseen)
    context = {"act": act, "done": done, "skipped": skipped, "unseen": words(list(unseen))}
    return render(request, "returns/clearing.html", context)


@officers_only("returns.view_return")
@require_safe
def checks(request: HttpRequest) -> HttpResponse:
    """What is looked at, and what is not."""
    return render(request, "returns/checks.html", {"checks": CHECKS, "unseen": words(list(UNSEEN))})
