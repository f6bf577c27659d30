"""What is said at a cell and laid beside its line: comments, flags, files."""

from __future__ import annotations

import logging

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core import clock
from core.errors import UserError
from core.periods import Period
from documents.files import DamagedFileError, read_file
from offices.access import officer_of, officers_only
from offices.rights import require_right
from returns import services
from returns.cell_models import LineFile
from returns.file_kinds import MOST_BYTES
from returns.models import Return
from returns.views.finding import find_opened

logger = logging.getLogger(__name__)


def _back(office: str, period: Period, cell: str) -> HttpResponse:
    answer = redirect("returns:cell", office, period, cell)
    answer["Location"] += "#talk"
    return answer


@officers_only("returns.comment_return")
@require_POST
def comment(request: HttpRequest, office: str, period: Period, cell: str) -> HttpResponse:
    """Say something at a cell; a verifier's buttons beside it set and clear its flag."""
    officer, at = officer_of(request), clock.now()
    ret = find_opened(officer, office, period).ret
    try:
        if "flag" in request.POST:
            services.flag_cell(ret, cell=cell, by=officer, at=at)
        elif "clear" in request.POST:
            services.clear_flag(ret, cell=cell, by=officer, at=at)
        if request.POST.get("text", "").strip() or "say" in request.POST:
            services.write_comment(ret, cell=cell, text=request.POST.get("text", ""), by=officer, at=at)
    except UserError as error:
        messages.error(request, str(error.message))
    return _back(office, period, cell)


@officers_only("returns.enter_return")
@require_POST
def attach(request: HttpRequest, office: str, period: Period, cell: str) -> HttpResponse:
    """Lay files beside a line; each is told by its name if it cannot be taken."""
    officer = officer_of(request)
    ret = find_opened(officer, office, period).ret
    require_right(officer, "returns.enter_return", ret.office)
    line = cell.partition(".")[0]
    for sent in request.FILES.getlist("files"):
        try:
            data = sent.read(MOST_BYTES + 1)
            services.attach_file(ret, line=line, name=sent.name or "", data=data, by=officer, at=clock.now())
        except UserError as error:
            messages.error(request, str(error.message))
    if not request.FILES:
        messages.error(request, _("Choose a file first."))
    return _back(office, period, cell)


@officers_only("returns.view_return")
@require_http_methods(["GET", "POST"])
def line_file(request: HttpRequest, office: str, period: Period, pk: int) -> HttpResponse:
    """Hand out a file of a line; a POST by the entering office takes it away while the return is a draft."""
    officer = officer_of(request)
    ret = get_object_or_404(Return.objects.visible_to(officer), office__code=office, period=period)
    row = get_object_or_404(LineFile.objects.select_related("file"), ret=ret, pk=pk)
    if request.method == "POST":
        try:
            services.remove_file(ret, pk=row.pk, by=officer, at=clock.now())
        except UserError as error:
            messages.error(request, str(error.message))
        return _back(office, period, row.line)
    try:
        data = read_file(row.file)
    except DamagedFileError:
        logger.exception("file %s of %s is damaged or lost", row.pk, ret)
        messages.error(request, _("The stored file is damaged and is not handed out. Tell the administrator."))
        return _back(office, period, row.line)
    response = HttpResponse(data, content_type=row.file.media_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=row.name) or ""
    response["Cache-Control"] = "private, max-age=0, must-revalidate"
    return response
