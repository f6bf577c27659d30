"""The page of a ZIP of documents, and the file itself."""

from __future__ import annotations

import logging

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.access import officers_only
from core.clock import now
from documents.bundle_models import Bundle
from documents.bundles import KEPT_FOR, ZIP, make_bundle_again
from documents.files import DamagedFileError, open_file
from documents.models import Document
from documents.views import LOOK_AGAIN_AFTER
from offices.access import officer_of

logger = logging.getLogger(__name__)


def _bundle(request: HttpRequest, pk: int) -> Bundle:
    rows = Bundle.objects.visible_to(officer_of(request)).select_related("office", "file", "job", "requested_by")
    return get_object_or_404(rows, pk=pk)


@officers_only("documents.view_document")
@require_safe
def show_bundle(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the packing is, or the file and what could not go in."""
    bundle = _bundle(request, pk)
    looks_again = bundle.is_making and "still" not in request.GET
    context = {
        "bundle": bundle,
        "count": len(bundle.members) - len(bundle.left_out),
        "left_out": Document.objects.visible_to(officer_of(request)).filter(pk__in=bundle.left_out),
        "until": bundle.ready_at + KEPT_FOR if bundle.ready_at else None,
        "looks_again": looks_again,
    }
    response = render(request, "documents/bundle.html", context)
    if looks_again:
        response["Refresh"] = str(LOOK_AGAIN_AFTER)
    return response


@officers_only("documents.view_document")
@require_safe
def send_bundle(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The ZIP itself, proved by its hash, piece by piece."""
    bundle = _bundle(request, pk)
    if bundle.file is None:
        return redirect("documents:bundle", pk)
    try:
        file = open_file(bundle.file)
    except DamagedFileError:
        logger.exception("the file of ZIP %s is damaged or lost", pk)
        messages.error(request, _("The ZIP is damaged and is not handed out. Have it made again."))
        return redirect("documents:bundle", pk)
    response = FileResponse(file, as_attachment=True, filename=bundle.file_name, content_type=ZIP)
    response["Cache-Control"] = "private, max-age=0, must-revalidate"
    response["Content-Encoding"] = "identity"  # keep its length in the head
    return response


@officers_only("documents.view_document")
@require_POST
def make_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the ZIP packed once more; one that is being packed is left alone."""
    bundle = _bundle(request, pk)
    if not bundle.is_making:
        make_bundle_again(bundle=bundle, by=officer_of(request), at=now())
    return redirect("documents:bundle", pk)
