"""``create_administrator LOGIN --name-bn … --name-en …``: the first officer, who then makes all others."""

from __future__ import annotations

import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core import clock
from offices.choices import OfficeKind, Post
from offices.models import Office, Officer
from offices.services import appoint_officer, create_officer


class Command(BaseCommand):
    help = "Make an officer, post them as system administrator of the department and open the administration to them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("login")
        parser.add_argument("--name-bn", required=True, help="name in Bangla")
        parser.add_argument("--name-en", required=True, help="name in English")

    def handle(self, *args: Any, login: str, name_bn: str, name_en: str, **options: Any) -> None:
        department = Office.objects.filter(kind=OfficeKind.DEPARTMENT).first()
        if department is None:
            raise CommandError("There are no offices yet. Run load_offices first.")
        if Officer.objects.filter(username=login.strip().lower()).exists():
            raise CommandError(f"{login} exists already.")
        password = self._password()
        with transaction.atomic():
            officer = create_officer(
                username=login,
                name_bn=name_bn,
                name_en=name_en,
                password=password,
                is_staff=True,
                by=None,
                at=clock.now(),
            )
            appoint_officer(
                officer=officer,
                office=department,
                post=Post.SYSTEM_ADMIN,
                starts_on=clock.today(),
                by=None,
                at=clock.now(),
            )
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
