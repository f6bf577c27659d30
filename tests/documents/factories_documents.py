"""A small paper, its builder, and documents made from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from documents.models import Document
from documents.registry import Attachment, Fact, Paper, Source, paper
from documents.services import request_document
from jobs.services import run_waiting_jobs
from offices.models import Office, Officer

AT = datetime(2026, 11, 3, 10, 0, tzinfo=UTC)
KIND = "tests.note"

#: What the builder says, by office code; tests change it as figures change.
SAID: dict[str, dict[str, Any]] = {}


@paper(KIND, "note")
def note_paper(*, office: str) -> Paper:
    """A note whose words and instant stand in `SAID`."""
    row = Office.objects.get(code=office)
    said = SAID.get(office, {})
    if "fault" in said:
        raise said["fault"]
    words = said.get("words", "নিরীক্ষা সম্পাদিত ক্রমপুঞ্জিভূত")
    return plain_paper(
        subject=office,
        title_bn=f"মাসিক রিটার্ন: {row.name_bn}, অক্টোবর ২০২৬",
        title_en=f"Monthly return: {row.name_en}, October 2026",
        office_path=row.path,
        context={"words": words, "office": row.name_bn},
        data_at=said.get("at", AT),
        attachments=(Attachment("data.json", b'{"words": 1}'),),
    )


def plain_paper(**changes: Any) -> Paper:
    base = Paper(
        template="pdf/test_note.html",
        context={"words": "সমবায়", "office": "হাতীবান্ধা"},
        title_bn="মাসিক রিটার্ন: হাতীবান্ধা, অক্টোবর ২০২৬",
        title_en="Monthly return: Hatibandha, October 2026",
        subject="hatibandha",
        office_path="001",
        sources=(Source("tests.row:1", "1", AT, "রিটার্ন", "Return"),),
        data_at=AT,
        facts=(Fact("মাস", "Month", "অক্টোবর ২০২৬", "October 2026"),),
    )
    return replace(base, **changes)


def make_document(office: Office, by: Officer | None = None, *, at: datetime = AT, ready: bool = True) -> Document:
    document = request_document(kind=KIND, arguments={"office": office.code}, by=by, at=at)
    if ready:
        run_waiting_jobs()
        document.refresh_from_db()
    return document
