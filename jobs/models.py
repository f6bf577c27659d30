"""A job: long work whose truth is this row. Celery is only what runs it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from jobs.choices import JobState
from jobs.querysets import JobQuerySet
from jobs.registry import label_of


class Job(models.Model):
    """One piece of long work (কাজ), written in the business transaction that asks for it.

    ``key`` makes asking idempotent: at most one job waits under a key. ``lease`` belongs to whoever runs it until
    ``leased_until``; finishing compares the lease. ``sent_at`` is when a message last went to the workers.
    ``error`` is in plain words, by language. Office path and requester stand as text.
    """

    kind = models.CharField(_("kind"), max_length=60)
    arguments = models.JSONField(_("arguments"), default=dict)
    key = models.CharField(_("key"), max_length=200, db_index=True)
    state = models.CharField(_("state"), max_length=10, choices=JobState, default=JobState.QUEUED)
    office_path = models.CharField(_("office path"), max_length=40, blank=True)
    requested_by = models.CharField(_("requested by"), max_length=150, blank=True)
    created_at = models.DateTimeField(_("created at"))
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    lease = models.CharField(_("lease"), max_length=32, blank=True)
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    done_steps = models.PositiveIntegerField(_("steps done"), default=0)
    all_steps = models.PositiveIntegerField(_("steps in all"), default=0)
    result = models.JSONField(_("result"), default=dict)
    error = models.JSONField(_("error"), default=dict)
    sent_at = models.DateTimeField(_("sent to the workers at"), default=timezone.now)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=Q(state=JobState.QUEUED), name="one_waiting_job_a_key")
        ]
        indexes = [models.Index(fields=["state", "sent_at"], name="jobs_job_state_sent_idx")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def label(self) -> str:
        """What the job does, in the reader's language."""
        return label_of(self.kind)

    @property
    def message(self) -> str:
        """Why it failed, in the reader's language; blank if it did not."""
        return str(self.error.get((get_language() or "bn")[:2], next(iter(self.error.values()), "")))

    @property
    def is_over(self) -> bool:
        return self.state in (JobState.DONE, JobState.FAILED)

    @property
    def waits_again(self) -> bool:
        """Whether it was begun and nobody is working on it: broken off, or between two tries."""
        return self.state == JobState.RUNNING and not self.lease

    @property
    def link(self) -> str:
        """Where its result stands: a path of this portal, or blank."""
        url = str(self.result.get("url", ""))
        return url if url.startswith("/") and not url.startswith("//") else ""
