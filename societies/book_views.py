"""The register from a workbook: download it, look at what came back office by office, consent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.clock import now
from core.errors import UserError
from core.templatetags.figures import digits
from core.workbooks.forms import WorkbookForm
from core.workbooks.lists import ListDelivery, read_list, seal_list, unseal_list
from core.workbooks.tables import XLSX
from offices.access import officer_of, officers_only
from offices.book_scope import check_scope
from offices.models import Office
from societies.book import KIND, MOST, RIGHT, SocietyVerdict, book_columns, judge_societies, offices_of_book, write_book
from societies.taking import SocietiesRefusedError, take_societies


@dataclass
class OfficeRows:
    """The rows of one office: entered all together, or not at all."""

    office: Office | None
    new: list[SocietyVerdict] = field(default_factory=list)
    known: list[SocietyVerdict] = field(default_factory=list)
    refused: list[SocietyVerdict] = field(default_factory=list)


def _scope(request: HttpRequest, code: str) -> Office:
    by = officer_of(request)
    found = get_object_or_404(Office.objects.visible_to(by), code=code)
    if not by.has_perm(RIGHT, found):
        raise PermissionDenied
    return found


@officers_only("societies.register_society")
@require_safe
def book_file(request: HttpRequest, office: str) -> HttpResponse:
    """The workbook to fill in."""
    scope = _scope(request, office)
    headers = {"Content-Disposition": f'attachment; filename="societies-{scope.code}.xlsx"'}
    return HttpResponse(write_book(officer_of(request), scope, at=now()), content_type=XLSX, headers=headers)


@officers_only("societies.register_society")
@require_http_methods(["GET", "POST"])
def book(request: HttpRequest, office: str) -> HttpResponse:
    """Send the filled workbook; societies are entered only on consent."""
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
    context = {"scope": scope, "form": form, "most": MOST}
    return render(request, "societies/book.html", context, status=422 if form.is_bound else 200)


def _salt(request: HttpRequest, scope: Office) -> str:
    return f"societies.book:{officer_of(request).pk}:{scope.code}"


def _preview(request: HttpRequest, scope: Office, form: WorkbookForm) -> HttpResponse:
    by, file = officer_of(request), form.cleaned_data["file"]
    delivery = read_list(file, file.name, KIND, book_columns(offices_of_book(by, scope)), most=MOST)
    check_scope(delivery, scope)
    return _show(request, scope, delivery, judge_societies(delivery, by, scope, at=now()))


def _show(
    request: HttpRequest, scope: Office, delivery: ListDelivery, verdicts: Sequence[SocietyVerdict]
) -> HttpResponse:
    groups = _by_office(verdicts)
    # A row whose office cannot be read may be anybody's: then no office is complete.
    ready = [] if any(one.office is None for one in groups) else [one for one in groups if not one.refused]
    refused = [row for one in groups for row in one.refused]
    rows = tuple(verdict.row for one in ready for verdict in one.new)
    context: dict[str, Any] = {
        "scope": scope,
        "groups": [one for one in groups if one.office],
        "ready": [one for one in ready if one.new],
        "count": len(rows),
        "refused": refused,
        "sealed": seal_list(replace(delivery, rows=rows), salt=_salt(request, scope)) if rows else "",
    }
    return render(request, "societies/book_preview.html", context, status=422 if refused else 200)


def _by_office(verdicts: Sequence[SocietyVerdict]) -> list[OfficeRows]:
    groups: dict[str, OfficeRows] = {}
    for one in verdicts:
        group = groups.setdefault(one.office.path if one.office else "", OfficeRows(one.office))
        (group.refused if one.wrong else group.known if one.is_known else group.new).append(one)
    return [groups[path] for path in sorted(groups)]


def _consent(request: HttpRequest, scope: Office) -> HttpResponse:
    """Enter what was shown, judged anew: somebody may have entered a number meanwhile."""
    delivery = unseal_list(request.POST["list"], salt=_salt(request, scope))
    try:
        entered = take_societies(delivery, scope, by=officer_of(request), at=now())
    except SocietiesRefusedError as error:
        return _show(request, scope, delivery, error.verdicts)
    count = digits(len(entered))
    messages.success(request, _("Entered into the register: %(count)s societies.") % {"count": count})
    return redirect("societies:list")
