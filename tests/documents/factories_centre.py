"""Papers that a month could have, for tests of the report centre, and documents with files that nobody rendered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from core.periods import Period
from documents.census import Possible
from documents.choices import DocumentState
from documents.files import store_file
from documents.models import Document
from offices.models import Office
from tests.documents.factories_documents import AT, KIND, SAID

OCTOBER = Period.month(2026, 10)


def notes_of_month(period: Period, offices: Sequence[Office]) -> Iterator[Possible]:
    """The census of these tests: a note of each office, unless `SAID` gives a ``reason`` why there is none."""
    for office in offices:
        said = SAID.get(office.code, {})
        yield Possible(
            KIND,
            office.code,
            office,
            {"office": office.code},
            data_at=said.get("at", AT),
            versions=said.get("versions"),
            reason=said.get("reason", ""),
        )


def made_documents(offices: Iterable[Office], *, count: int = 1, **more: Any) -> list[Document]:
    """Ready documents of the offices with small files, all different."""
    return [_made(office, number, **more) for office in offices for number in range(count)]


def _made(office: Office, number: int, at: datetime = AT, **more: Any) -> Document:
    code = f"{office.pk:08d}{number:08d}"
    fields: dict[str, Any] = {
        "kind": KIND,
        "subject": f"{office.code}:{number}" if number else office.code,
        "arguments": {"office": office.code, "period": OCTOBER.key},
        "title_bn": f"দলিল {code}",
        "title_en": f"Paper {code}",
        "data_hash": code,
        "data_at": at,
        "created_at": at,
        "state": DocumentState.READY,
        "file": store_file(f"%PDF-1.7 {code}".encode(), media_type="application/pdf", at=at),
    }
    return Document.objects.create(code=code, office=office, office_path=office.path, **fields | more)
