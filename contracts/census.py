"""Which agreements the year of a period has. Their papers are made and renewed by the two offices, never in bulk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from contracts.models import Agreement
from contracts.papers import KIND, subject_of_agreement
from core.periods import Period
from documents.census import Possible, census
from offices.models import Office

NOT_AGREED = _("Its paper is made on the agreement's page, once both offices have agreed.")


@census
def papers_of_year(period: Period, offices: Sequence[Office]) -> Iterator[Possible]:
    """One query. An agreement that has no paper yet says where it is made."""
    known = {office.pk: office for office in offices}
    rows = Agreement.objects.filter(office__in=known, fiscal_year=period.fiscal_year).current().select_related("office")
    for agreement in rows:
        yield Possible(
            KIND, subject_of_agreement(agreement), known[agreement.office_id], arguments=None, reason=NOT_AGREED
        )
