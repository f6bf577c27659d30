"""``create_administrator LOGIN --name-bn … --name-en …``: the first officer, who then makes all others."""

from __future__ import annotations

import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from core import clock
from core.errors import UserError
from offices.services import create_administrator, seat_for_administrator


class Command(BaseCommand):
    help = "Make an officer, post them as system administrator of the department and open the administration to them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("login")
        parser.add_argument("--name-bn", required=True, help="name in Bangla")
        parser.add_argument("--name-en", required=True, help="name in English")

    def handle(self, *args: Any, login: str, name_bn: str, name_en: str, **options: Any) -> None:
        try:
            seat_for_administrator(login)  # before anybody types a password
            officer = create_administrator(
                username=login, name_bn=name_bn, name_en=name_en, password=self._password(), at=clock.now()
            )
        except UserError as error:
            raise CommandError(str(error.message)) from error
        self.stdout.write(f"{officer.username} administers the portal.")

    def _password(self) -> str:
        """Typed twice at a terminal, or the first line of standard input."""
        if sys.stdin.isatty():
            password = getpass.getpass("Password: ")
            if password != getpass.getpass("Again: "):
                raise CommandError("The two are not the same.")
        else:
            password = sys.stdin.readline().rstrip("\n")
        try:
            validate_password(password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        return password
