"""Adjectives of offices and postings, and the manager that makes officers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib.auth.base_user import BaseUserManager
from django.db import models
from django.db.models import Q

from offices.choices import LEAF_KINDS
from offices.paths import subtree_range

if TYPE_CHECKING:
    from offices.models import Office, Officer, Posting  # noqa: F401

Rows = TypeVar("Rows", bound="models.QuerySet[Any]")


def within(rows: Rows, paths: Iterable[str], field: str = "office__path") -> Rows:
    """Rows whose office path lies in one of the subtrees; none for no paths."""
    condition = Q(pk__in=[])
    for path in paths:
        low, high = subtree_range(path)
        condition |= Q(**{f"{field}__gte": low, f"{field}__lt": high})
    return rows.filter(condition)


class OfficeQuerySet(models.QuerySet["Office"]):
    def below(self, office: Office) -> OfficeQuerySet:
        """The office and everything below it."""
        return within(self, [office.path], "path")

    def leaves(self) -> OfficeQuerySet:
        return self.filter(kind__in=LEAF_KINDS)

    def visible_to(self, officer: Officer) -> OfficeQuerySet:
        """Offices at or below the officer's present postings."""
        return within(self, [p.office.path for p in officer.current_postings], "path")


class PostingQuerySet(models.QuerySet["Posting"]):
    def in_force(self, on: date) -> PostingQuerySet:
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), starts_on__lte=on)


class OfficerManager(BaseUserManager["Officer"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> Officer:
        """Make an officer; without a password nobody can log in as them."""
        officer = self.model(username=self.model.normalize_username(username), **fields)
        officer.set_password(password)
        officer.save(using=self._db)
        return officer
