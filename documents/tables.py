"""The list of documents as a spreadsheet."""

from __future__ import annotations

from django.http import FileResponse
from django.utils.translation import gettext as _

from core.workbooks.tables import Column, table_response
from documents.querysets import DocumentQuerySet
from documents.rendering import address_of


def documents_table(documents: DocumentQuerySet) -> FileResponse:
    """Documents, which come with their office, each with the address that verifies it."""
    columns = [
        Column(_("Document"), 48),
        Column(_("Kind of document"), 30),
        Column(_("Office"), 24),
        Column(_("Code"), 24),
        Column(_("Time of the data"), 18),
        Column(_("State")),
        Column(_("Pages"), 8),
        Column(_("Address to verify it"), 50),
    ]
    rows = (
        [
            one.title,
            one.kind_label,
            one.office.name,
            one.printed_code,
            one.data_at,
            str(one.get_state_display()),
            one.pages,
            address_of(one.code),
        ]
        for one in documents.iterator(chunk_size=500)
    )
    return table_response("documents", _("Documents"), columns, rows)
