"""The public page that verifies a PDF, and the root's certificate for whoever verifies without the portal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from core.access import public
from documents.authority import trusted_pem
from documents.known import with_records
from documents.verdicts import Reason, Verdict
from documents.verification import MOST_BYTES, verify_pdf


class VerifyForm(forms.Form):
    """A file to judge; nothing of it is kept."""

    file = forms.FileField(
        label=_("The PDF file"),
        help_text=_("Choose it, or drop it here. It is checked and not kept."),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf", "class": "drop"}),
        error_messages={"required": _("Choose the PDF file first.")},
    )


@public("a stranger who holds a paper may learn whether it is genuine")
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """The form, and after a file was handed in the answer: one sentence, then who, when and in which post."""
    form = VerifyForm(request.POST, request.FILES) if request.method == "POST" else VerifyForm()
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        upload = form.cleaned_data["file"]
        context |= {"verdict": _judged(upload), "file_name": upload.name}
    return render(request, "documents/verify.html", context)


def _judged(upload: Any) -> Verdict:
    if upload.size > MOST_BYTES:
        return Verdict(Reason.TOO_LARGE)
    return with_records(verify_pdf(upload.read(), ca_pem=trusted_pem()))


@public("the root's certificate is for everybody: with it a paper can be verified without the portal")
@require_safe
def send_certificate(request: HttpRequest) -> HttpResponse:
    """The root's certificate as a PEM file."""
    response = HttpResponse(trusted_pem(), content_type="application/x-pem-file")
    response["Content-Disposition"] = 'attachment; filename="ca.pem"'
    return response
