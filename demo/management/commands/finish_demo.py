"""``finish_demo``: run every job that waits, here and now, then say where everything is."""

from __future__ import annotations

import time
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from jobs.choices import JobState
from jobs.models import Job
from jobs.services import finish_jobs


class Command(BaseCommand):
    help = "Run every waiting job of the demonstration, then describe it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--beside", action="store_true", help="run jobs beside another one, and say nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        open_jobs = Job.objects.exclude(pk__in=Job.objects.over()).order_by("pk")
        while waiting := list(open_jobs.values_list("pk", flat=True)):
            # Jobs ask for jobs: look again soon, lest this one waits for another while new work lies there.
            finish_jobs(waiting, patience=1)
            time.sleep(0.2)
        if options["beside"]:
            return
        failed = Job.objects.filter(state=JobState.FAILED)
        if failed:
            raise CommandError("; ".join(f"{job.kind} failed: {job.error}" for job in failed))
        call_command("describe_demo", stdout=self.stdout)
