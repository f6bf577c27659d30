"""``finish_demo``: run every job that waits, here and now, then say where everything is."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from jobs.choices import JobState
from jobs.models import Job
from jobs.services import finish_jobs


class Command(BaseCommand):
    help = "Run every waiting job of the demonstration, then describe it."

    def handle(self, *args: Any, **options: Any) -> None:
        while waiting := list(
            Job.objects.exclude(state__in=[JobState.DONE, JobState.FAILED]).values_list("pk", flat=True)
        ):
            self.stderr.write(f"{len(waiting)} jobs")
            finish_jobs(waiting, patience=240)
        failed = Job.objects.filter(state=JobState.FAILED)
        if failed:
            raise CommandError("; ".join(f"{job.kind} failed: {job.error}" for job in failed))
        call_command("describe_demo", stdout=self.stdout)
