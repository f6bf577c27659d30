"""Ask for a job, run it under a lease, finish it once. The row is the truth; a message only says "look".

Leases run by the machine's clock, for they measure whether a worker lives; ``at`` is the instant of the business act.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Any

from celery import current_app
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.activity import Actor, record_activity
from core.errors import UserError
from jobs.choices import SENT_AT_ONCE, JobState
from jobs.leases import claim_job, fail_job, finish_job, give_back_job, keep_lease
from jobs.models import Job
from jobs.registry import LeaseLostError, get_kind
from jobs.words import BROKE, in_every_language

logger = logging.getLogger(__name__)


def enqueue_job(
    *,
    kind: str,
    arguments: dict[str, Any],
    key: str,
    by: Actor | None = None,
    office_path: str = "",
    at: datetime | None = None,
) -> Job:
    """Write a job in the caller's transaction and send it to the workers on commit.

    If one waits under the key, that one is returned, and no worker takes it before the caller has committed: what it
    will read includes what the caller wrote.
    """
    with transaction.atomic():
        job = _waiting(key) or _insert(
            kind=kind,
            arguments=arguments,
            key=key,
            requested_by=by.get_username() if by else "",
            office_path=office_path,
            created_at=at or timezone.now(),
        )
        transaction.on_commit(partial(send_job, job.pk), robust=True)
    return job


def _waiting(key: str) -> Job | None:
    return Job.objects.waiting().select_for_update().filter(key=key).first()


def _insert(**fields: Any) -> Job:
    while True:
        try:
            with transaction.atomic():
                return Job.objects.create(**fields)
        except IntegrityError:  # another asked in the same moment, and its job may have begun meanwhile
            job = _waiting(fields["key"])
            if job is not None:
                return job


def send_job(pk: int) -> None:
    """Tell the workers to look at a job. A broker that cannot be reached loses nothing: the sweeper sends again."""
    try:
        current_app.send_task("jobs.run_job", args=[pk], retry=False, ignore_result=True)
    except Exception as error:  # every transport has its own errors, and none may harm the act that is already done
        logger.warning("job %s waits for the sweeper: the broker did not take its message (%r)", pk, error)


def sweep_jobs() -> int:
    """Send again what nobody runs: lost messages and jobs of dead workers, the oldest first. Return how many."""
    now = timezone.now()
    keys = list(Job.objects.unattended(now).order_by("sent_at").values_list("pk", flat=True)[:SENT_AT_ONCE])
    Job.objects.filter(pk__in=keys).update(sent_at=now)
    for pk in keys:
        send_job(pk)
    return len(keys)


def execute_job(pk: int) -> bool:
    """Claim the job and do its work here; False if it was not to be had. Safe to call twice, and by two at once."""
    job = claim_job(pk)
    if job is None:
        return False
    try:
        with keep_lease(job) as progress:
            result = get_kind(job.kind).work(progress, **job.arguments)
        finish_job(job, result or {})
    except LeaseLostError:
        logger.warning("job %s was taken over by another worker", pk)
    except UserError as error:
        fail_job(job, in_every_language(error.message))
    except Exception:
        logger.exception("job %s (%s) failed at try %s", pk, job.kind, job.tries)
        give_back_job(job, in_every_language(BROKE))
    return True


def run_waiting_jobs() -> int:
    """Run here, one after another, everything that waits, also what that work asks for. Return how many ran."""
    count = 0
    while keys := list(Job.objects.waiting().order_by("pk").values_list("pk", flat=True)):
        count += sum(execute_job(pk) for pk in keys)
    return count


def finish_jobs(
    keys: Iterable[int], *, patience: float = 3600, tell: Callable[[int, int], None] = lambda done, of: None
) -> list[Job]:
    """Bring these jobs to an end: run what waits, and wait for what a worker runs, at most ``patience`` seconds.

    Several processes may finish the same jobs: none waits for another while work is left. ``tell`` hears how many of
    how many are over. Return the jobs as they stand; one that is not over by then is still returned.
    """
    wanted = list(dict.fromkeys(keys))
    until = time.monotonic() + patience
    while time.monotonic() < until:
        for pk in (
            Job.objects.filter(pk__in=wanted).claimable(timezone.now()).order_by("pk").values_list("pk", flat=True)
        ):
            execute_job(pk)
            tell(Job.objects.filter(pk__in=wanted).over().count(), len(wanted))
        jobs = list(Job.objects.filter(pk__in=wanted).order_by("pk"))
        if all(job.is_over for job in jobs):
            return jobs
        time.sleep(0.3)
    return list(Job.objects.filter(pk__in=wanted).order_by("pk"))


@transaction.atomic
def retry_job(job: Job, *, by: Actor, at: datetime) -> Job:
    """Start a failed job anew; if one already waits under its key, return that one. Raise `UserError` if it runs."""
    job = Job.objects.select_for_update().get(pk=job.pk)
    if job.state != JobState.FAILED:
        raise UserError(_("Only work that has failed can be started again."))
    other = _waiting(job.key)
    if other is not None:
        return other
    job.state, job.tries, job.error, job.lease, job.leased_until = JobState.QUEUED, 0, {}, "", None
    job.finished_at, job.done_steps, job.sent_at = None, 0, timezone.now()
    job.save(update_fields=["state", "tries", "error", "lease", "leased_until", "finished_at", "done_steps", "sent_at"])
    record_activity("jobs.retry_job", job, by=by, at=at, office_path=job.office_path)
    transaction.on_commit(partial(send_job, job.pk), robust=True)
    return job
