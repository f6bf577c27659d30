"""Many returns as one file: send it, look at the verdicts, consent, and what became of each."""

from __future__ import annotations

import re
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.errors import UserError
from core.workbooks.tables import wants_workbook
from offices.access import officer_of, officers_only
from returns.tables import upload_table, uploads_table
from returns.upload_forms import UploadForm
from returns.upload_models import Upload
from returns.uploads import agree_to_upload, office_names, start_upload, verify_upload

RIGHTS = ("returns.import_returns", "returns.submit_return")
#: Seconds after which the page of unfinished work asks again; verdicts on a page.
LOOK_AGAIN_AFTER = 3
_KEY = re.compile(r"[0-9a-f]{32}")
PER_PAGE = 50


def _upload(request: HttpRequest, pk: int) -> Upload:
    rows = Upload.objects.visible_to(officer_of(request))
    rows = rows.select_related("by", "verify_by", "preview_job", "import_job", "verify_job")
    return get_object_or_404(rows, pk=pk)


@officers_only(*RIGHTS)
@require_http_methods(["GET", "POST"])
def uploads(request: HttpRequest) -> HttpResponseBase:
    """Send a file with many returns; those sent before."""
    officer = officer_of(request)
    rows = Upload.objects.visible_to(officer)
    rows = rows.select_related("by", "verify_by", "preview_job", "import_job", "verify_job")
    if wants_workbook(request):
        return uploads_table(rows)
    key = request.POST.get("key", "")
    key = key if _KEY.fullmatch(key) else uuid4().hex
    form = UploadForm(request.POST or None, request.FILES or None, officer=officer)
    if form.is_valid():
        said = dict(form.cleaned_data)
        file = said.pop("file")
        try:
            upload = start_upload(file, file.name, key=key, **said, by=officer, at=clock.now())
        except UserError as error:
            form.add_error("file", str(error.message))
        else:
            return redirect("returns:upload", upload.pk)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "returns/uploads.html", {"form": form, "key": key, "page": page}, status=422 if form.is_bound else 200
    )


@officers_only(*RIGHTS)
@require_safe
def upload(request: HttpRequest, pk: int) -> HttpResponseBase:
    """How far an upload is, and the verdict on each office; ``only=refused`` leaves out what is fine."""
    found = _upload(request, pk)
    # What the import said takes the preview's place once there is any of it.
    is_preview = found.consented_at is None or not found.verdicts.filter(is_preview=False).exists()
    rows = found.verdicts.filter(is_preview=is_preview)
    failed = sum(row.is_failed for row in rows)
    only_refused = request.GET.get("only") == "refused"
    shown = [row for row in rows if row.is_failed or not only_refused]
    names = office_names(rows)
    if wants_workbook(request):
        return upload_table(found, shown, names)
    page = Paginator(sorted(shown, key=lambda row: not row.is_failed), PER_PAGE).get_page(request.GET.get("page"))
    looks_again = found.is_working and "still" not in request.GET
    context = {
        "upload": found,
        "is_preview": is_preview,
        "page": page,
        "rows": [(row, names.get(row.office)) for row in page],
        "failed": failed,
        "fine": len(rows) - failed,
        "only_refused": only_refused,
        "is_verifier": found.verify_by == officer_of(request),
        "looks_again": looks_again,
    }
    response = render(request, "returns/upload.html", context)
    if looks_again:
        response["Refresh"] = str(LOOK_AGAIN_AFTER)
    return response


@officers_only(*RIGHTS)
@require_POST
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    """Import what the preview showed, or, by whoever was asked, verify what was imported."""
    found, officer = _upload(request, pk), officer_of(request)
    act = agree_to_upload if found.by_id == officer.pk else verify_upload
    try:
        act(found, by=officer, at=clock.now())
    except UserError as error:
        messages.error(request, str(error.message))
    return redirect("returns:upload", pk)
