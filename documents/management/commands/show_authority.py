"""Print the path of the root's certificate, with which anybody can verify without the portal; made if it is not."""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives import hashes
from django.core.management.base import BaseCommand, CommandError

from documents import authority
from documents.authority import AuthorityMissingError


class Command(BaseCommand):
    help = "Print the path of the certificate of the portal's own authority (demo and pilot) and its fingerprint."
    requires_system_checks = []
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            certificate = authority.root().certificate
        except AuthorityMissingError as error:
            raise CommandError(
                f"{error.name}: the server's secrets are missing; restore them, none is made anew"
            ) from error
        self.stdout.write(str(authority.ca_path()))
        self.stdout.write(f"SHA-256 {certificate.fingerprint(hashes.SHA256()).hex(':')}")
