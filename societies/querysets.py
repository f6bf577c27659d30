"""Adjectives of societies."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef

from core.text import search_key
from offices.models import Office, Officer
from offices.querysets import within
from societies.choices import Status

if TYPE_CHECKING:
    from societies.models import Society, StatusEvent  # noqa: F401


class SocietyQuerySet(models.QuerySet["Society"]):
    def visible_to(self, officer: Officer) -> SocietyQuerySet:
        """Societies of offices at or below the officer's present postings."""
        return within(self, [p.office.path for p in officer.current_postings])

    def below(self, office: Office) -> SocietyQuerySet:
        return within(self, [office.path])

    def matching(self, text: str) -> SocietyQuerySet:
        """Societies whose names, number or code hold every word of ``text``; digits of either script."""
        rows = self
        for word in search_key(text).split():
            rows = rows.filter(search_key__contains=word)
        return rows

    def standing(self, status: Status, *, office: Office, on: date) -> SocietyQuerySet:
        """Societies that stood in ``status`` in ``office`` at the end of a day, by their events."""
        from societies.models import StatusEvent

        events = StatusEvent.objects.filter(society=OuterRef("pk"), office=office, on__lte=on)
        return self.filter(Exists(events.filter(status=status).latest_on(on)))


class StatusEventQuerySet(models.QuerySet["StatusEvent"]):
    def latest_on(self, on: date) -> StatusEventQuerySet:
        """Events that no later one of their society has followed by the end of a day."""
        later = self.model.objects.filter(society=OuterRef("society"), on__lte=on, sequence__gt=OuterRef("sequence"))
        return self.filter(on__lte=on).exclude(Exists(later))
