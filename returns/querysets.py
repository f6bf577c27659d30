"""Adjectives of returns and totals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from offices.models import Office, Officer
from offices.querysets import within
from returns.choices import ReturnState

if TYPE_CHECKING:
    from returns.models import Return, Total  # noqa: F401


class ReturnQuerySet(models.QuerySet["Return"]):
    def visible_to(self, officer: Officer) -> ReturnQuerySet:
        """Returns of offices at or below the officer's present postings, by the path of their month."""
        return within(self, [p.office.path for p in officer.current_postings], "office_path")

    def below(self, office: Office) -> ReturnQuerySet:
        return within(self, [office.path], "office_path")

    def verified(self) -> ReturnQuerySet:
        return self.filter(state=ReturnState.VERIFIED)


class TotalQuerySet(models.QuerySet["Total"]):
    def visible_to(self, officer: Officer) -> TotalQuerySet:
        return within(self, [p.office.path for p in officer.current_postings])
