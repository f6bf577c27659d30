"""The receipt of a submission: its page, and its paper."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core import clock
from core.periods import Period
from documents.models import Document
from documents.rendering import address_of, qr_of
from documents.services import request_document
from offices.access import officer_of, officers_only
from offices.models import Officer
from returns.models import Return
from returns.papers import RECEIPT
from returns.receipts import Receipt, receipt_of
from returns.views.finding import find_opened
from returns.views.reading import facts_of


def request_receipt(ret: Return, receipt: Receipt, *, by: Officer, at: datetime) -> Document:
    """The paper of a receipt: the existing one, or a new one under a code of its own."""
    arguments = {"office": ret.office.code, "period": ret.period.key, "number": receipt.number}
    return request_document(kind=RECEIPT, arguments=arguments, by=by, at=at)


@officers_only("returns.view_return")
@require_http_methods(["GET", "POST"])
def receipt(request: HttpRequest, office: str, period: Period) -> HttpResponse:
    """Who submitted what and when, with the code that proves it; a POST asks for the paper."""
    officer = officer_of(request)
    found = find_opened(officer, office, period)
    slip = receipt_of(found.ret)
    if slip is None:
        raise Http404
    if request.method == "POST":
        document = request_receipt(found.ret, slip, by=officer, at=clock.now())
        return redirect("documents:document", document.code)
    papers = Document.objects.about(RECEIPT, slip.subject).filter(arguments__number=slip.number)
    paper = papers.current().first()
    context = facts_of(found) | {"receipt": slip, "paper": paper}
    if paper is not None:
        context |= {"qr": qr_of(paper.code), "address": address_of(paper.code)}
    return render(request, "returns/receipt.html", context)
