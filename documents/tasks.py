"""Jobs of this room."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from django.db import close_old_connections
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.clock import now
from documents.bundles import PACK, let_go_of_bundles, pack_bundle
from documents.making import MAKE, ask_for_papers
from documents.services import RENDER, render_document
from jobs.registry import Progress, handler
from offices.models import Officer


@handler(RENDER, _("Making a document"))
def render(progress: Progress, *, document: int) -> dict[str, Any]:
    """Render one document; its page is where the job's page links to."""
    made = render_document(document, progress=progress, at=now())
    return {"url": reverse("documents:document", args=[made.code])}


@handler(MAKE, _("Asking for many papers"))
def make_papers(progress: Progress, *, papers: list[list[Any]], by: int, office: str, period: str) -> dict[str, Any]:
    """Ask for each paper (kind and arguments); each is made by a job of its own. Safe to run twice."""
    wanted = [(kind, arguments) for kind, arguments in papers]
    told = ask_for_papers(wanted, by=Officer.objects.get(pk=by), progress=progress, at=now())
    return told | {"url": reverse("documents:centre", args=[office, period])}


@handler(PACK, _("Packing documents into a ZIP"))
def pack(progress: Progress, *, bundle: int) -> dict[str, Any]:
    """Pack one selection; its page is where the job's page links to."""
    made = pack_bundle(bundle, progress=progress, at=now())
    return {"url": reverse("documents:bundle", args=[made.pk])}


@shared_task(name="documents.let_go_of_bundles")  # type: ignore[untyped-decorator]
def let_go() -> None:
    """Remove the files of old ZIPs; they can be made again."""
    close_old_connections()
    try:
        let_go_of_bundles(at=now())
    finally:
        close_old_connections()
