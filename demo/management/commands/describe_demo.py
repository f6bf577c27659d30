"""``describe_demo``: who can log in, with what, and where the demonstration's papers lie."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from demo.accounts import PASSWORD, read_secrets
from demo.papers import write_papers
from demo.people import PEOPLE
from documents.authority import ca_path


class Command(BaseCommand):
    help = "Print the demonstration's accounts, passphrases, addresses and papers."

    def handle(self, *args: Any, **options: Any) -> None:
        secrets = read_secrets()
        self.stdout.write(f"\nDemonstration data, invented. Address: {settings.PORTAL_ADDRESS}")
        self.stdout.write(f"Every account's password: {PASSWORD}\n")
        for person in PEOPLE:
            self.stdout.write(f"  {person.username:20} {person.name_en}, {person.post.value} of {person.office}")
            for kind, name in (("totp", "second factor (TOTP secret)"), ("passphrases", "signing passphrase")):
                if person.username in secrets[kind]:
                    self.stdout.write(f"  {'':20}   {name}: {secrets[kind][person.username]}")
        self.stdout.write("\nPapers:")
        for path in write_papers():
            self.stdout.write(f"  {path}")
        self.stdout.write(f"\nCertificate of the portal's own authority: {ca_path()}")
