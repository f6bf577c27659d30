"""``describe_demo``: who can log in, with what, and where the demonstration's papers lie."""

from __future__ import annotations

from time import sleep
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from demo.accounts import PASSWORD, read_secrets
from demo.papers import write_papers
from demo.people import PEOPLE
from documents.authority import ca_path
from jobs.choices import JobState
from jobs.models import Job


class Command(BaseCommand):
    help = "Print the demonstration's accounts, passphrases, addresses and papers."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--follow", action="store_true", help="wait for the jobs behind, then print what they made")

    def handle(self, *args: Any, **options: Any) -> None:
        self._people()
        if _is_busy():
            self.stdout.write("\nSigning passphrases and papers follow: the jobs that make them are running.")
            self.stdout.write("So do the other districts of the country, and the closing of Rangpur division's month.")
            if not options["follow"]:
                return
            while _is_busy():
                sleep(1)
        self._made_by_jobs()

    def _people(self) -> None:
        totp = read_secrets()["totp"]
        address = settings.PORTAL_ADDRESS
        self.stdout.write(f"\nDemonstration data, invented. Address: {address}")
        self.stdout.write(f"Five of these people can be become by one click at {address}/accounts/login/")
        self.stdout.write(f"Every account's password: {PASSWORD}\n")
        for person in PEOPLE:
            self.stdout.write(f"  {person.username:20} {person.name_en}, {person.post.value} of {person.office}")
            if person.username in totp:
                self.stdout.write(f"  {'':20}   second factor (TOTP secret): {totp[person.username]}")
        self.stdout.write("\nThe second factor's six digits of this moment: bin/manage demo_code LOGIN")

    def _made_by_jobs(self) -> None:
        self.stdout.write("\nSigning passphrases:")
        for username, passphrase in read_secrets()["passphrases"].items():
            self.stdout.write(f"  {username:20} {passphrase}")
        self.stdout.write("\nPapers:")
        for path in write_papers():
            self.stdout.write(f"  {path}")
        self.stdout.write(f"\nCertificate of the portal's own authority: {ca_path()}")


def _is_busy() -> bool:
    return Job.objects.exclude(state__in=[JobState.DONE, JobState.FAILED]).exists()
