"""The annexes of a return: the register rows behind its figures, on a page and as a paper."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.clock import now
from core.errors import UserError
from core.periods import Period
from core.workbooks.tables import wants_workbook
from documents.services import request_document
from offices.access import officer_of, officers_only
from returns.annex_table import annexes_table
from returns.annexes import annexes_of
from returns.papers import ANNEXES
from returns.views.finding import find_opened
from returns.views.reading import facts_of


@officers_only("returns.view_return")
@require_http_methods(["GET", "POST"])
def annexes(request: HttpRequest, office: str, period: Period) -> HttpResponseBase:
    """Annexes 2 and 3 of the newest version, beside the lines they stand behind; a POST asks for the paper."""
    officer = officer_of(request)
    found = find_opened(officer, office, period)
    if request.method == "POST":
        arguments = {"office": office, "period": period.key}
        try:
            document = request_document(kind=ANNEXES, arguments=arguments, by=officer, at=now())
        except UserError as error:
            messages.error(request, str(error.message))
            return redirect(request.path)
        return redirect("documents:document", document.code)
    listed = annexes_of(found.sheet())
    if wants_workbook(request):
        return annexes_table(found.office, period, listed)
    return render(request, "returns/annexes.html", facts_of(found) | {"annexes": listed})
