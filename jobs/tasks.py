"""What Celery runs: one job by its key, and the sweeper."""

from __future__ import annotations

from celery import shared_task
from django.db import close_old_connections

from jobs import services
from jobs.health import sign_of_life


@shared_task(name="jobs.run_job")  # type: ignore[untyped-decorator]
def run_job(pk: int) -> None:
    """Do a job if nobody else does. A message that comes twice changes nothing."""
    close_old_connections()
    try:
        services.execute_job(pk)
    finally:
        close_old_connections()


@shared_task(name="jobs.sweep_jobs")  # type: ignore[untyped-decorator]
def sweep_jobs() -> None:
    """Send again what nobody runs, and leave the sign that a worker lives."""
    sign_of_life().touch()
    services.sweep_jobs()
