"""New officers from a workbook: download it, look at what came back, consent, print the slips."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from core.clock import now
from core.errors import UserError
from core.workbooks.forms import WorkbookForm
from core.workbooks.lists import ListDelivery, read_list, seal_list, unseal_list
from core.workbooks.tables import XLSX
from offices import services
from offices.access import officer_of, officers_only
from offices.book_scope import check_scope
from offices.choices import LEAF_KINDS
from offices.models import Office, Officer
from offices.officer_book import (
    KIND,
    MOST,
    OfficerVerdict,
    book_columns,
    judge_officers,
    offices_of_book,
    write_book,
)
from offices.officer_views import hand_over
from offices.services import OfficersRefusedError


def _scope(request: HttpRequest, code: str) -> Office:
    """The office whose own and lower offices get officers; not found where the reader manages none of them."""
    by = officer_of(request)
    found = get_object_or_404(Office.objects.visible_to(by), code=code)
    if not offices_of_book(by, found):
        raise Http404
    return found


@officers_only("offices.manage_officers")
@require_safe
def officer_book_file(request: HttpRequest, office: str) -> HttpResponse:
    """The workbook to fill in."""
    scope = _scope(request, office)
    headers = {"Content-Disposition": f'attachment; filename="officers-{scope.code}.xlsx"'}
    return HttpResponse(write_book(officer_of(request), scope, at=now()), content_type=XLSX, headers=headers)


@officers_only("offices.manage_officers")
@require_http_methods(["GET", "POST"])
def officer_book(request: HttpRequest, office: str) -> HttpResponse:
    """Send the filled workbook; accounts are made only on consent."""
    scope = _scope(request, office)
    form = WorkbookForm(None)
    try:
        if "list" in request.POST:
            return _consent(request, scope)
        form = WorkbookForm(request.POST or None, request.FILES or None)
        if form.is_valid():
            return _preview(request, scope, form)
    except UserError as error:
        form = WorkbookForm(request.POST, request.FILES)
        form.add_error("file", str(error.message))
    context = {
        "scope": scope,
        "form": form,
        # A workbook of a district is what one person fills in.
        "narrower": scope.children.filter(closed_on=None).exclude(kind__in=LEAF_KINDS),
    }
    return render(request, "offices/officer_book.html", context, status=422 if form.is_bound else 200)


def _salt(request: HttpRequest, scope: Office) -> str:
    return f"offices.officer_book:{officer_of(request).pk}:{scope.code}"


def _preview(request: HttpRequest, scope: Office, form: WorkbookForm) -> HttpResponse:
    by, file = officer_of(request), form.cleaned_data["file"]
    delivery = read_list(file, file.name, KIND, book_columns(offices_of_book(by, scope)), most=MOST)
    check_scope(delivery, scope)
    verdicts = judge_officers(delivery, by, scope)
    return _show(request, scope, verdicts, seal_list(delivery, salt=_salt(request, scope)))


def _show(
    request: HttpRequest, scope: Office, verdicts: Sequence[OfficerVerdict], sealed: str, *, was_made: bool = False
) -> HttpResponse:
    refused = [one for one in verdicts if one.wrong]
    context: dict[str, Any] = {"scope": scope, "refused": refused, "sealed": "" if refused else sealed}
    context["was_made"] = was_made
    context["taken"] = [one for one in verdicts if not one.wrong]
    return render(request, "offices/officer_book_preview.html", context, status=422 if refused else 200)


def _consent(request: HttpRequest, scope: Office) -> HttpResponse:
    """Make the accounts that were shown, judged anew: somebody may have taken a name or seat meanwhile."""
    delivery = unseal_list(request.POST["list"], salt=_salt(request, scope))
    try:
        made = services.take_officers(delivery, scope, by=officer_of(request), at=now())
    except OfficersRefusedError as error:
        return _show(request, scope, error.verdicts, "", was_made=_was_made(request, delivery))
    return hand_over(request, made)


def _was_made(request: HttpRequest, delivery: ListDelivery) -> bool:
    """Whether this very consent was given before: all its accounts exist, with one-time passwords of the reader."""
    names = {row.texts["username"].strip().lower() for row in delivery.rows}
    made = Officer.objects.filter(username__in=names, password_issued_by=officer_of(request))
    return made.count() == len(names)
