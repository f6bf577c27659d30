"""What commands are told by office code and fiscal year."""

from __future__ import annotations

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from contracts.models import Agreement
from core.periods import FiscalYear, PeriodError


def find_agreement(office: str, fiscal_year: str) -> Agreement:
    """The applying agreement; `CommandError` in one line if there is none."""
    try:
        year = FiscalYear.parse(fiscal_year)
    except PeriodError as error:
        raise CommandError(_("“%(value)s” is no fiscal year; write 2023-24") % {"value": fiscal_year[:20]}) from error
    rows = Agreement.objects.with_names().filter(office__code=office, fiscal_year=year)
    agreement = rows.order_by("-version").first()
    if agreement is None:
        raise CommandError(
            _("%(office)s has no agreement for %(year)s.") % {"office": office[:60], "year": fiscal_year}
        )
    return agreement
