"""Adjectives of jobs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from django.db import models
from django.db.models import Q

from jobs.choices import SEND_AGAIN_AFTER, JobState

if TYPE_CHECKING:
    from jobs.models import Job  # noqa: F401


class _Office(Protocol):
    @property
    def path(self) -> str: ...


class _Posting(Protocol):
    @property
    def office(self) -> Any: ...


class Reader(Protocol):
    """Whoever reads: a user with postings. This room knows no offices, only their paths."""

    @property
    def current_postings(self) -> Sequence[_Posting]: ...

    def get_username(self) -> str: ...


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, reader: Reader) -> JobQuerySet:
        """Jobs that the reader asked for, and jobs of offices at or below the reader's postings."""
        condition = Q(requested_by=reader.get_username())
        for posting in reader.current_postings:
            low: str = posting.office.path
            condition |= Q(office_path__gte=low, office_path__lt=f"{int(low) + 1:0{len(low)}d}")
        return self.filter(condition)

    def waiting(self) -> JobQuerySet:
        return self.filter(state=JobState.QUEUED)

    def over(self) -> JobQuerySet:
        return self.filter(state__in=[JobState.DONE, JobState.FAILED])

    def claimable(self, now: datetime) -> JobQuerySet:
        """Waiting, or left by a worker whose lease ran out."""
        return self.filter(Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, leased_until__lt=now))

    def unattended(self, now: datetime) -> JobQuerySet:
        """Claimable, and not sent to the workers in the last seconds."""
        return self.claimable(now).filter(sent_at__lt=now - SEND_AGAIN_AFTER)

    def held(self, pk: int, lease: str) -> JobQuerySet:
        """The job while this lease owns it; empty once it is lost."""
        return self.filter(pk=pk, lease=lease, state=JobState.RUNNING)
