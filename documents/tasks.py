"""Jobs of this room."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.clock import now
from documents.services import RENDER, render_document
from jobs.registry import Progress, handler


@handler(RENDER, _("Making a document"))
def render(progress: Progress, *, document: int) -> dict[str, Any]:
    """Render one document; its page is where the job's page links to."""
    made = render_document(document, progress=progress, at=now())
    return {"url": reverse("documents:document", args=[made.code])}
