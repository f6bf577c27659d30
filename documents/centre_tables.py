"""The papers of a period as a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import FileResponse
from django.utils.translation import gettext as _

from core.periods import Period
from core.workbooks.tables import Column, Item, table_response
from documents.centre import Line
from documents.rendering import address_of
from offices.models import Office


def centre_table(office: Office, period: Period, lines: Iterable[Line]) -> FileResponse:
    """Every paper of the list with its state, code, time of the data, size and hash."""
    columns = [
        Column(_("Office"), 28),
        Column(_("Office above"), 22),
        Column(_("Kind of document"), 30),
        Column(_("State"), 26),
        Column(_("Reason"), 48),
        Column(_("Code"), 24),
        Column(_("Time of the data"), 18),
        Column(_("Pages"), 8),
        Column(_("Size in bytes"), 14),
        Column(_("SHA-256"), 68),
        Column(_("Address to verify it"), 50),
    ]
    title = _("Papers of %(period)s") % {"period": period.label()}
    return table_response(f"papers-{office.code}-{period}", title, columns, map(_row, lines))


def _row(line: Line) -> list[Item]:
    document, office = line.document, line.possible.office
    told: list[Item] = [office.name, office.parent.name if office.parent else "", line.kind_label]
    told += [str(line.standing.label), line.why]
    if document is None:
        return [*told, *[None] * 6]
    file = document.file
    told += [document.printed_code, document.data_at, document.pages]
    return [*told, file.size if file else None, file.sha256 if file else "", address_of(document.code)]
