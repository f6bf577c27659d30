"""Which papers the demonstration prints."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings

from core.clock import now
from core.periods import Period
from demo.people import DISTRICT
from documents.choices import DocumentState
from documents.files import read_file
from documents.models import Document
from documents.services import request_document

SHOWN_RETURN = "aditmari"


def print_papers(until: Period) -> dict[str, Any]:
    """Ask for a verified return and the district's month; their rendering is a job each. Returns their codes."""
    asked = [
        request_document(kind=kind, arguments={"office": office, "period": until.key}, by=None, at=now())
        for kind, office in (("returns.return", SHOWN_RETURN), ("returns.month", DISTRICT))
    ]
    return {"documents": [document.code for document in asked]}


def write_papers() -> list[Path]:
    """Copies of all current papers under names that say what they are, in ``papers/`` of the instance."""
    folder = Path(settings.PORTAL_HOME) / "papers"
    folder.mkdir(exist_ok=True)
    paths = []
    for document in Document.objects.filter(state=DocumentState.READY, file__isnull=False).order_by("pk"):
        name = f"{document.kind}-{document.subject}.pdf".replace(":", "-").replace("/", "-")
        paths.append(folder / name)
        if document.file:
            paths[-1].write_bytes(read_file(document.file))
    return sorted(set(paths))
