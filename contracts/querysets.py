"""Adjectives of agreements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import OuterRef, Subquery

from core.periods import FiscalYear
from offices.models import Office, Officer
from offices.querysets import within

if TYPE_CHECKING:
    from contracts.models import Agreement  # noqa: F401


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def visible_to(self, officer: Officer) -> AgreementQuerySet:
        """Agreements of offices at or below the officer's present postings."""
        return within(self, [p.office.path for p in officer.current_postings])

    def current(self) -> AgreementQuerySet:
        """The version that applies of each office and year: the highest."""
        newest = self.model.objects.filter(office=OuterRef("office"), fiscal_year=OuterRef("fiscal_year"))
        return self.filter(pk=Subquery(newest.order_by("-version").values("pk")[:1]))

    def of(self, office: Office, fiscal_year: FiscalYear) -> AgreementQuerySet:
        """The applying agreement of an office and year, if there is one."""
        return self.filter(office=office, fiscal_year=fiscal_year).order_by("-version")

    def with_names(self) -> AgreementQuerySet:
        return self.select_related(
            "office", "superior", "framework", "document", "lower_signed_by", "superior_signed_by"
        )
