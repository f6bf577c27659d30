"""``build_demo``: the district of the demonstration, month by month, and the jobs for all that comes after it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.clock import today
from core.periods import Period, PeriodError
from demo.district import District
from demo.profiles import FIRST
from demo.rest import ask_for_the_country, ask_for_the_rest


class Command(BaseCommand):
    help = "Build the demonstration's district up to a month (default: the last full month)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--until", help="the last month, such as 2026-10")
        parser.add_argument("--district-only", action="store_true", help="leave out the rest of the country")

    def handle(self, *args: Any, **options: Any) -> None:
        until = self._until(options["until"])
        district = District(until, self._say)
        district.build()
        ask_for_the_rest(until)
        if not options["district_only"]:
            ask_for_the_country(until)

    def _until(self, text: str | None) -> Period:
        last_full = Period.of(today()).previous()
        try:
            until = Period.parse(text) if text else last_full
        except PeriodError as error:
            raise CommandError(f"--until takes a month such as 2026-10, not {text}") from error
        if not FIRST <= until <= last_full:
            raise CommandError(f"--until takes a month from {FIRST} to {last_full}, not {until}")
        return until

    def _say(self, text: str) -> None:
        self.stderr.write(text)
