"""Long work of this room: adding up a month, new papers after an amendment, uploads of many returns."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from django.db import close_old_connections, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.clock import now
from core.errors import UserError
from core.periods import Period
from documents.files import read_file
from documents.models import StoredFile
from jobs.registry import Progress, handler
from offices.models import Office
from returns.amendment_models import Amendment
from returns.formbooks.books import read_formbook
from returns.formbooks.trial import try_form
from returns.reminders import send_reminders
from returns.renewal import RENEW, renew_papers
from returns.rollup import compute_total
from returns.uploads import PREVIEW, TAKE, VERIFY, run_upload, run_verify


@handler("returns.compute_total", label=_("Add up a month"))
def add_up(progress: Progress, *, office: str, period: str) -> dict[str, Any]:
    """Compute the total of an office (code) and period (key)."""
    with transaction.atomic():
        progress.confirm()
        total = compute_total(Office.objects.get(code=office), Period.parse(period), at=now())
    return {"url": f"/months/{office}/{period}/", "returns": total.basis_count}


@handler(RENEW, label=_("Issue papers anew after an amendment"))
def renew(progress: Progress, *, amendment: int) -> dict[str, Any]:
    """Issue the papers anew that stood on what an amendment (key) superseded."""
    progress.confirm()
    return {"papers": len(renew_papers(Amendment.objects.get(pk=amendment), at=now()))}


@handler("returns.try_form", label=_("Try a form on last month"))
def try_edited_form(progress: Progress, *, sha: str) -> dict[str, Any]:
    """Ask the rules of an uploaded form (hash of its workbook) of last month's verified returns."""
    stored = StoredFile.objects.get(sha256=sha)
    _data, catalogue = read_formbook(read_file(stored), "")
    trial = try_form(catalogue, progress.step)
    return {"url": f"/forms/draft/{sha}/", "trial": trial.as_json() if trial else None}


@handler(PREVIEW, label=_("Judge an upload of returns"))
def preview_upload(progress: Progress, *, upload: int) -> dict[str, Any]:
    """Say of each office in an upload (key) what would become of it; nothing is saved."""
    run_upload(upload, is_preview=True, progress=progress, at=now())
    return {"url": reverse("returns:upload", args=[upload])}


@handler(TAKE, label=_("Import an upload of returns"))
def import_upload(progress: Progress, *, upload: int) -> dict[str, Any]:
    """Import an upload (key) that its sender agreed to."""
    run_upload(upload, is_preview=False, progress=progress, at=now())
    return {"url": reverse("returns:upload", args=[upload])}


@handler(VERIFY, label=_("Verify an upload of returns"))
def verify_uploaded(progress: Progress, *, upload: int) -> dict[str, Any]:
    """Verify on import what an upload (key) submitted."""
    run_verify(upload, progress=progress, at=now())
    return {"url": reverse("returns:upload", args=[upload])}


@shared_task(name="returns.send_reminders")  # type: ignore[untyped-decorator]
def remind() -> None:
    """Remind who has something to hand in; running it again tells nobody twice."""
    close_old_connections()
    try:
        send_reminders(at=now())
    except UserError:
        return  # no form is published yet: nothing is due
    finally:
        close_old_connections()
