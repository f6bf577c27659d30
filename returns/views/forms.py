"""The form of the return by workbook: download, upload, differences, last month under it, publish."""

from __future__ import annotations

from typing import Any

from django import forms as fields
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.errors import UserError
from core.periods import Period
from core.workbooks.tables import XLSX
from documents.files import read_file, store_file
from documents.models import StoredFile
from jobs.models import Job
from jobs.services import enqueue_job
from offices.access import officer_of, officers_only
from returns.formbooks.books import Data, read_formbook, write_formbook
from returns.formbooks.differences import differences
from returns.models import Form
from returns.services.forms import publish_edited_form

KIND = "returns.try_form"


class FormbookForm(fields.Form):
    """The edited workbook."""

    file = fields.FileField(
        label=gettext_lazy("The edited form (.xlsx)"), widget=fields.FileInput(attrs={"accept": ".xlsx"})
    )


@officers_only("returns.publish_form")
@require_http_methods(["GET", "POST"])
def forms(request: HttpRequest) -> HttpResponse:
    """Published forms to download, and the upload of an edited one."""
    form = FormbookForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            read_formbook(file, file.name)
        except UserError as error:
            form.add_error("file", str(error.message))
        else:
            file.seek(0)
            stored = store_file(file.read(), media_type=XLSX, at=clock.now())
            return redirect("returns:form_draft", stored.sha256)
    published = Form.objects.defer("catalogue").order_by("code", "-number")
    status = 422 if form.is_bound else 200
    return render(request, "returns/forms.html", {"published": published, "form": form}, status=status)


@officers_only("returns.publish_form")
@require_safe
def download(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """A published form as a workbook."""
    form = get_object_or_404(Form, code=code, number=number)
    headers = {"Content-Disposition": f'attachment; filename="form-{code}-{number}.xlsx"'}
    return HttpResponse(write_formbook(form.catalogue), content_type=XLSX, headers=headers)


@officers_only("returns.publish_form")
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, sha: str) -> HttpResponse:
    """An edited form: what it changes, last month under it, and the button that publishes it."""
    stored = get_object_or_404(StoredFile, sha256=sha, media_type=XLSX)
    try:
        data, catalogue = read_formbook(read_file(stored), "")
    except UserError as error:  # a workbook of something else
        raise Http404 from error
    if request.method == "POST":
        return _act(request, sha, data)
    current = Form.objects.filter(code=catalogue.code).order_by("-number").first()
    trial = Job.objects.filter(kind=KIND, key=_key(sha)).order_by("-pk").first()
    context: dict[str, Any] = {
        "catalogue": catalogue,
        "valid_from": Period.parse(catalogue.valid_from),
        "current": current,
        "differences": differences(current.catalogue, data) if current else [],
        "job": trial,
        "trial": _trial(trial) if trial else None,
    }
    return render(request, "returns/form_draft.html", context)


def _act(request: HttpRequest, sha: str, data: Data) -> HttpResponse:
    officer, at = officer_of(request), clock.now()
    if request.POST.get("do") == "try":
        job = enqueue_job(kind=KIND, arguments={"sha": sha}, key=_key(sha), by=officer, at=at)
        return redirect("jobs:job", job.pk)
    try:
        form = publish_edited_form(data, by=officer, at=at)
    except UserError as error:
        messages.error(request, str(error.message))
        return redirect(request.path)
    messages.success(
        request,
        _("Form %(form)s is published; it applies from %(period)s on.")
        % {"form": form, "period": form.valid_from.label()},
    )
    return redirect("returns:forms")


def _key(sha: str) -> str:
    return f"returns.try_form:{sha[:40]}"


def _trial(job: Job) -> dict[str, Any] | None:
    """What a finished trial said, rules and lines with the names of offices."""
    found: dict[str, Any] | None = job.result.get("trial") if job.result else None
    if not found:
        return None
    rules = [(code, names, found["before"].get(code, 0)) for code, names in sorted(found["rules"].items())]
    return found | {"period": Period.parse(found["period"]), "rules": rules, "lines": sorted(found["lines"].items())}
