"""What rooms above read of the documents."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from documents.models import Document


def current_documents_from(
    keys: Collection[str],
    *,
    paths: Collection[str],
    since: datetime,
    also: Collection[tuple[str, str]] = (),
) -> list[Document]:
    """The current documents of the offices at some paths that name one of the keys among their sources, by office.

    ``since`` is when the oldest of the sources came to be: what is older cannot stand on them. ``also`` are kinds and
    periods (keys) whose papers read more than they name. One query.
    """
    wanted, more = set(keys), set(also)
    rows = Document.objects.current().filter(office_path__in=paths, data_at__gte=since)
    found = rows.select_related("office").defer("facts", "boxes").order_by("-office_path", "data_at", "pk")
    return [
        document
        for document in found
        if (document.kind, document.arguments.get("period")) in more
        or any(source["key"] in wanted for source in document.sources)
    ]
