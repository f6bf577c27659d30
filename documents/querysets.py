"""Adjectives of documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from documents.choices import DocumentState
from offices.models import Officer
from offices.querysets import within

if TYPE_CHECKING:
    from documents.bundle_models import Bundle  # noqa: F401
    from documents.models import Document  # noqa: F401


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, officer: Officer) -> DocumentQuerySet:
        """Documents of offices at or below the officer's present postings, by the path printed on them."""
        return within(self, officer.seen_paths, "office_path")

    def ready(self) -> DocumentQuerySet:
        return self.filter(state=DocumentState.READY)

    def current(self) -> DocumentQuerySet:
        """Those that no newer version supersedes."""
        return self.filter(superseded_by__isnull=True)

    def about(self, kind: str, subject: str) -> DocumentQuerySet:
        """Every version of one paper, the newest first."""
        return self.filter(kind=kind, subject=subject)


class BundleQuerySet(models.QuerySet["Bundle"]):
    def visible_to(self, officer: Officer) -> BundleQuerySet:
        """ZIPs of offices at or below the officer's present postings: there is nothing else in them."""
        return within(self, officer.seen_paths, "office_path")
