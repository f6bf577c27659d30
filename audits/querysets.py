"""Adjectives of audits."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from audits.choices import AuditState, Charge
from core.periods import FiscalYear
from offices.models import Officer
from offices.querysets import within

if TYPE_CHECKING:
    from audits.models import Audit, Collection  # noqa: F401


class AuditQuerySet(models.QuerySet["Audit"]):
    def visible_to(self, officer: Officer) -> AuditQuerySet:
        """Audits of offices at or below the officer's present postings."""
        return within(self, [p.office.path for p in officer.current_postings])

    def overdue(self, on: date) -> AuditQuerySet:
        """Not done though their audit year is over."""
        over = FiscalYear.of(on)
        return self.exclude(state=AuditState.DONE).filter(audit_year__lt=over)

    def unpaid(self) -> AuditQuerySet:
        """Done, with a charge not wholly collected. Needs `with_collected`."""
        return self.filter(Q(fee_assessed__gt=F("fee_collected")) | Q(fund_assessed__gt=F("fund_collected")))

    def with_collected(self) -> AuditQuerySet:
        """Adds ``fee_collected`` and ``fund_collected`` in poisha."""
        return self.annotate(fee_collected=_collected(Charge.FEE), fund_collected=_collected(Charge.FUND))


def _collected(kind: Charge) -> Coalesce:
    from audits.models import Collection

    rows = Collection.objects.filter(audit=OuterRef("pk"), kind=kind).order_by().values("audit")
    return Coalesce(Subquery(rows.annotate(total=Sum("amount")).values("total")), Value(0))
