"""The return as a workbook: download the template, look at what came back, consent."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.errors import UserError
from core.periods import Period
from core.templatetags.figures import digits
from core.workbooks.forms import WorkbookForm
from core.workbooks.tables import XLSX
from offices.access import officer_of, officers_only
from offices.models import Officer
from returns import services
from returns.services.deliveries import DeliveryRefusedError
from returns.services.locking import check_draft
from returns.views.finding import Found, find_or_draft
from returns.views.reading import facts_of
from returns.workbooks.delivery import Base, Delivery, Entry, read_delivery
from returns.workbooks.template import write_template
from returns.workbooks.verdicts import Fate, Judgement, judge

#: How long a preview may wait for its consent, in seconds.
_PATIENCE = 24 * 3600


def _found(request: HttpRequest, office: str, period: Period) -> tuple[Found, Officer]:
    officer = officer_of(request)
    found = find_or_draft(officer, office, period, today=Period.of(clock.today()))
    if not officer.has_perm("returns.enter_return", found.ret):
        raise PermissionDenied
    check_draft(found.version)
    return found, officer


@officers_only("returns.enter_return")
@require_safe
def workbook(request: HttpRequest, office: str, period: Period) -> HttpResponse:
    """The template of an office's month, with what is saved already."""
    try:
        found, _officer = _found(request, office, period)
    except UserError as error:
        messages.error(request, str(error.message))
        return redirect("returns:entry", office, period)
    name = f"{found.office.code}-{period}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(write_template(found.sheet(), at=clock.now()), content_type=XLSX, headers=headers)


@officers_only("returns.enter_return")
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, office: str, period: Period) -> HttpResponse:
    """Send a filled workbook; its figures are shown with a verdict each, and saved only on consent."""
    try:
        found, officer = _found(request, office, period)
    except UserError as error:
        messages.error(request, str(error.message))
        return redirect("returns:entry", office, period)
    if "delivery" in request.POST:
        return _consent(request, found, officer)
    form = WorkbookForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            return _preview(request, found, officer, form)
        except UserError as error:
            form.add_error("file", str(error.message))
    return render(
        request, "returns/workbook.html", facts_of(found) | {"form": form}, status=422 if form.is_bound else 200
    )


def _preview(request: HttpRequest, found: Found, officer: Officer, form: WorkbookForm) -> HttpResponse:
    file = form.cleaned_data["file"]
    delivery = read_delivery(file, file.name)
    services.check_delivery(delivery, found.office, found.ret.period)
    judgement = judge(delivery, found.sheet())
    return _show(request, found, judgement, _sealed(delivery, officer, uuid4().hex))


def _show(request: HttpRequest, found: Found, judgement: Judgement, sealed: str, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = facts_of(found) | {
        "judgement": judgement,
        "refused": judgement.refused,
        "moved": [v for v in judgement.verdicts if v.fate in (Fate.NEW, Fate.CHANGED)],
        "unchanged": judgement.count(Fate.UNCHANGED),
        "delivery": "" if judgement.refused else sealed,
    }
    return render(request, "returns/workbook_preview.html", context, status=422 if judgement.refused else status)


def _consent(request: HttpRequest, found: Found, officer: Officer) -> HttpResponse:
    """Save what was shown, judged anew: somebody may have written meanwhile."""
    here = request.path
    try:
        delivery, key = _unsealed(request.POST["delivery"], officer)
        taken = services.take_delivery(delivery, found.office, found.ret.period, key=key, by=officer, at=clock.now())
    except DeliveryRefusedError as error:
        return _show(request, found, error.judgement, "")
    except signing.BadSignature:
        messages.error(request, _("This preview is no longer valid. Send the workbook again; nothing was saved."))
        return redirect(here)
    except UserError as error:
        messages.error(request, str(error.message))
        return redirect(here)
    count = digits(len(taken.judgement.changes))
    messages.success(request, _("Taken from the workbook: %(count)s figures.") % {"count": count})
    return redirect("returns:entry", found.office.code, found.ret.period)


def _sealed(delivery: Delivery, officer: Officer, key: str) -> str:
    """The delivery for the page to carry until consent; nothing of it is kept here before."""
    return signing.dumps({"key": key, **asdict(delivery)}, salt=_salt(officer), compress=True)


def _unsealed(text: str, officer: Officer) -> tuple[Delivery, str]:
    content = signing.loads(text, salt=_salt(officer), max_age=_PATIENCE)
    key = content.pop("key")
    entries = tuple(
        Entry(**row | {"base": Base(**row["base"]) if row["base"] else None}) for row in content.pop("entries")
    )
    return Delivery(entries=entries, **content), key


def _salt(officer: Officer) -> str:
    return f"returns.workbook:{officer.pk}"
