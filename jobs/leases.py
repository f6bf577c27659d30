"""Leases: a worker claims a job, says that it lives, and ends it by comparing the lease. A loser writes nothing."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone

from jobs.choices import MAX_TRIES, JobState
from jobs.models import Job
from jobs.registry import LeaseLostError
from jobs.words import BROKEN_OFF, in_every_language

logger = logging.getLogger(__name__)


def lease_time() -> timedelta:
    """How long a worker owns a job without a word."""
    return timedelta(seconds=settings.JOB_LEASE_SECONDS)


@transaction.atomic
def claim_job(pk: int) -> Job | None:
    """Take a job that waits or whose worker died; None if another has it. One that broke off too often is given up."""
    now = timezone.now()
    claimable = Job.objects.filter(pk=pk).claimable(now)
    # The one place that knows databases: do not queue up behind another claim where one can step past it.
    if connection.features.has_select_for_update_skip_locked:
        claimable = claimable.select_for_update(skip_locked=True)
    job = claimable.first()
    if job is None:
        return None
    if job.tries >= MAX_TRIES:
        give_up_job(job)
        return None
    lease = secrets.token_hex(16)
    taken = Job.objects.filter(pk=pk, state=job.state, lease=job.lease).update(
        state=JobState.RUNNING,
        lease=lease,
        leased_until=now + lease_time(),
        started_at=now,
        finished_at=None,
        tries=F("tries") + 1,
        done_steps=0,
    )
    if not taken:
        return None
    job.refresh_from_db()
    return job


class LeaseKeeper:
    """The `Progress` of a running job; a thread with a database connection of its own renews the lease."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._ended = threading.Event()
        self._lost = threading.Event()
        self._shown_at = 0.0

    def step(self, done: int, of: int) -> None:
        if self._lost.is_set():
            raise LeaseLostError(self.job.pk)
        if not Job.objects.held(self.job.pk, self.job.lease).update(done_steps=done, all_steps=of):
            raise LeaseLostError(self.job.pk)

    def confirm(self) -> None:
        if not Job.objects.held(self.job.pk, self.job.lease).select_for_update().exists():
            raise LeaseLostError(self.job.pk)

    def renew_until_ended(self) -> None:
        try:
            while not self._ended.wait(settings.JOB_LEASE_SECONDS / 4):
                self._renew()
        finally:
            connection.close()

    def _renew(self) -> None:
        try:
            held = Job.objects.held(self.job.pk, self.job.lease).update(leased_until=timezone.now() + lease_time())
        except DatabaseError as error:  # a busy moment: the lease outlasts several renewals
            logger.warning("the lease of job %s was not renewed: %r", self.job.pk, error)
            return
        if not held:
            self._lost.set()
            self._ended.set()

    def end(self) -> None:
        self._ended.set()


@contextmanager
def keep_lease(job: Job) -> Iterator[LeaseKeeper]:
    """Renew the job's lease while the block runs.

    Inside an open transaction nobody else sees the claim, so that there is nothing to renew.
    """
    keeper = LeaseKeeper(job)
    if connection.in_atomic_block:
        yield keeper
        return
    thread = threading.Thread(target=keeper.renew_until_ended, name=f"lease of job {job.pk}", daemon=True)
    thread.start()
    try:
        yield keeper
    finally:
        keeper.end()
        thread.join()


def finish_job(job: Job, result: dict[str, Any]) -> None:
    """Record that the work is done. Raise `LeaseLostError` if another worker owns the job by now."""
    _end_job(job, state=JobState.DONE, result=result, error={}, done_steps=F("all_steps"), finished_at=timezone.now())


def fail_job(job: Job, error: dict[str, str]) -> None:
    """Record that the work cannot be done, with the reason by language. A lost lease writes nothing."""
    _end_job(job, lost_is_fine=True, state=JobState.FAILED, error=error, finished_at=timezone.now())


def give_back_job(job: Job, error: dict[str, str]) -> None:
    """After an unforeseen fault: let it be tried again after a pause that grows, or fail it at its last try."""
    if job.tries >= MAX_TRIES:
        fail_job(job, error)
        return
    pause = timedelta(seconds=2**job.tries)
    _end_job(job, lost_is_fine=True, lease="", leased_until=timezone.now() + pause, error=error)


def give_up_job(job: Job) -> None:
    """Fail a job whose workers died again and again."""
    fail_job(job, in_every_language(BROKEN_OFF))


def _end_job(job: Job, *, lost_is_fine: bool = False, **fields: Any) -> None:
    if not Job.objects.held(job.pk, job.lease).update(**fields) and not lost_is_fine:
        raise LeaseLostError(job.pk)
