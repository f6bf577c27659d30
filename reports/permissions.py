"""Which places this room offers in the head."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.navigation import Place, register_item
from offices.choices import OfficeKind
from offices.models import Officer


def starting_address(officer: Officer) -> str | None:
    """Who keeps many districts has their list in the head; a district officer is led there from home."""
    if any(posting.office.kind == OfficeKind.DISTRICT for posting in officer.current_postings):
        return None
    return reverse("reports:starting_districts")


register_item(starting_address, _("Starting districts"), right="returns.enter_baselines", order=66, place=Place.MORE)
register_item("reports:quarters", _("Quarter"), right="returns.view_return", order=22)
