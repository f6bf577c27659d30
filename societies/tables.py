"""The register as a spreadsheet."""

from __future__ import annotations

from django.http import FileResponse
from django.utils.translation import gettext as _

from core.workbooks.tables import Column, Item, table_response
from societies.models import Society
from societies.querysets import SocietyQuerySet


def societies_table(societies: SocietyQuerySet) -> FileResponse:
    """Societies, which come with their office, with all that the register keeps of each."""
    columns = [
        Column(_("Code"), 18),
        Column(_("Office"), 20),
        Column(_("Registration number"), 14),
        Column(_("Registered on"), 14),
        Column(_("Name in Bangla"), 36),
        Column(_("Name in English"), 36),
        Column(_("Tier")),
        Column(_("Sponsor")),
        Column(_("Class"), 24),
        Column(_("Union or municipality"), 20),
        Column(_("Ward"), 10),
        Column(_("Village and address"), 36),
        Column(_("Status")),
    ]
    return table_response("societies", _("Societies"), columns, map(_row, societies.iterator(chunk_size=500)))


def _row(one: Society) -> list[Item]:
    return [
        one.code,
        one.office.name,
        one.reg_no,
        one.reg_on,
        one.name_bn,
        one.name_en,
        str(one.get_tier_display()),
        str(one.get_sponsor_display()),
        str(one.class_label),
        one.union,
        one.ward,
        one.address,
        str(one.get_status_display()),
    ]
