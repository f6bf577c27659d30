"""``publish_form LOGIN [FILE]``: publish a version of the monthly return's form; by default the one shipped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.clock import now
from core.errors import UserError
from offices.models import Officer
from returns.services.forms import FORM_FILE, publish_form


class Command(BaseCommand):
    help = "Publish a version of the form, never changed afterwards; the same file twice is one form."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("login", help="log-in name of the officer who publishes it")
        parser.add_argument("file", type=Path, nargs="?", default=FORM_FILE, help="TOML; default: the form shipped")

    def handle(self, *args: Any, **options: Any) -> None:
        officer = Officer.objects.filter(username=options["login"], is_active=True).first()
        if officer is None:
            raise CommandError(f"there is no active officer {options['login']!r}")
        if not options["file"].is_file():
            raise CommandError(f"there is no file {options['file']}")
        try:
            form = publish_form(options["file"], by=officer, at=now())
        except UserError as error:
            raise CommandError(str(error.message)) from error
        self.stdout.write(f"{form} from {form.valid_from}")
