"""The list of documents, the page of one, its file, and what a stranger finds behind the QR code."""

from __future__ import annotations

import logging

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.access import officers_only, public
from core.text import clean_text
from core.workbooks.tables import wants_workbook
from documents.codes import parse_code
from documents.files import DamagedFileError, read_file
from documents.misses import is_guessing, note_miss
from documents.models import Document
from documents.querysets import DocumentQuerySet
from documents.registry import all_kinds
from documents.services import is_lost
from documents.tables import documents_table
from offices.access import officer_of

logger = logging.getLogger(__name__)

#: Seconds after which the page of a document that is being made asks again.
LOOK_AGAIN_AFTER = 2


@officers_only("documents.view_document")
@require_safe
def list_documents(request: HttpRequest) -> HttpResponseBase:
    """Documents of the officer's offices, the newest first; superseded ones only on demand."""
    rows = Document.objects.visible_to(officer_of(request)).select_related("office")
    rows = _narrowed(rows, request)
    if wants_workbook(request):
        return documents_table(rows)
    context = {
        "page": Paginator(rows, 50).get_page(request.GET.get("page")),
        "kinds": all_kinds(),
        "kind": request.GET.get("kind", ""),
        "words": request.GET.get("words", ""),
        "every": "every" in request.GET,
    }
    return render(request, "documents/documents.html", context)


def _narrowed(rows: DocumentQuerySet, request: HttpRequest) -> DocumentQuerySet:
    words = clean_text(request.GET.get("words", ""))[:100]
    if kind := clean_text(request.GET.get("kind", "")):
        rows = rows.filter(kind=kind)
    if words:
        code = parse_code(words)
        named = Q(title_bn__icontains=words) | Q(title_en__icontains=words) | Q(office__code=words.lower())
        rows = rows.filter(Q(code=code) if code else named)
    return rows if "every" in request.GET or (words and parse_code(words)) else rows.current()


def _visible(request: HttpRequest, code: str) -> Document:
    rows = Document.objects.visible_to(officer_of(request)).select_related(
        "office", "file", "job", "requested_by", "supersedes", "superseded_by"
    )
    return get_object_or_404(rows, code=parse_code(code) or "")


@officers_only("documents.view_document")
@require_safe
def show_document(request: HttpRequest, code: str) -> HttpResponse:
    """What a document is drawn from and where its file is; while it is made, the page comes again by itself."""
    document = _visible(request, code)
    waits = document.is_making and not (document.job and document.job.state == "failed")
    looks_again = waits and "still" not in request.GET
    signatures = document.signatures.select_related("officer", "posting__office").order_by("at")
    context = {"document": document, "waits": waits, "looks_again": looks_again, "signatures": signatures}
    context["is_lost"] = is_lost(document)
    response = render(request, "documents/document.html", context)
    if looks_again:
        response["Refresh"] = str(LOOK_AGAIN_AFTER)
    return response


@officers_only("documents.view_document")
@require_safe
def send_file(request: HttpRequest, code: str) -> HttpResponse:
    """The PDF itself, proved by its hash, under a name that says kind, office and code."""
    document = _visible(request, code)
    if document.file is None:
        return redirect("documents:document", document.code)
    try:
        data = read_file(document.file)
    except DamagedFileError:
        logger.exception("the file of document %s is damaged or lost", document.code)
        messages.error(request, _("The stored file is damaged and is not handed out. Tell the administrator."))
        return redirect("documents:document", document.code)
    response = HttpResponse(data, content_type=document.file.media_type)
    response["Content-Disposition"] = content_disposition_header("save" in request.GET, document.file_name) or ""
    response["ETag"] = f'"{document.file.sha256}"'
    response["Cache-Control"] = "private, max-age=0, must-revalidate"
    response["Content-Encoding"] = "identity"  # a PDF is compressed already; keep its length in the head
    return response


@public("whoever holds a paper may learn whether it is the portal's and the newest")
@require_safe
def find_document(request: HttpRequest) -> HttpResponse:
    """The field for a code typed from a paper."""
    text = request.GET.get("code", "").strip()[:60]
    if not text:
        return render(request, "documents/public.html", {"typed": ""})
    return redirect("documents:public", parse_code(text) or text.replace("/", " "))


@public("whoever holds a paper may learn whether it is the portal's and the newest")
@require_safe
def show_public(request: HttpRequest, code: str) -> HttpResponse:
    """What the QR code opens: office, period, version and whether it is current. No figures, no persons."""
    if is_guessing(request):
        return render(request, "documents/public.html", {"typed": code, "too_many": True}, status=429)
    parsed = parse_code(code)
    document = Document.objects.select_related("office", "file").filter(code=parsed).first() if parsed else None
    if document is None:
        note_miss(request)
        return render(request, "documents/public.html", {"typed": code[:60], "not_found": True}, status=404)
    if code != document.code:
        return redirect("documents:public", document.code, permanent=True)
    newest = Document.objects.about(document.kind, document.subject).current().first()
    context = {"document": document, "newest": newest if newest and newest.pk != document.pk else None}
    return render(request, "documents/public.html", context)
