"""The list of officers as a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import QuerySet
from django.http import FileResponse
from django.utils.translation import gettext as _

from core.workbooks.tables import Column, Item, table_response
from offices.models import Officer
from offices.titles import office_title, post_title


def officers_table(officers: QuerySet[Officer]) -> FileResponse:
    """Officers with the postings in force, which come with them as ``now``; a line for each posting."""
    columns = [
        Column(_("Name"), 28),
        Column(_("Log-in name"), 24),
        Column(_("Post"), 28),
        Column(_("Office"), 40),
        Column(_("Posted from")),
        Column(_("Phone"), 18),
    ]
    return table_response("officers", _("Officers"), columns, _rows(officers))


def _rows(officers: QuerySet[Officer]) -> Iterator[Sequence[Item]]:
    for officer in officers.iterator(chunk_size=500):
        for posting in vars(officer)["now"] or [None]:
            post = post_title(posting.post, posting.office) if posting else ""
            office = office_title(posting.office) if posting else ""
            day = posting.starts_on if posting else None
            yield [officer.name, officer.username, post, office, day, officer.phone]
