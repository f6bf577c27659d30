"""``import_agreement``: an agreement from its TOML file, whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from contracts.preparers import officer_for_import
from contracts.services import import_agreement
from core.clock import now
from core.errors import UserError


class Command(BaseCommand):
    help = "Write a draft agreement from a TOML file. Importing again replaces the draft."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--as", dest="login", default="", help="log-in name; default: the performance cell")
        parser.add_argument("--demo", action="store_true", help="mark it as demonstration data")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(_("There is no file %(path)s.") % {"path": path})
        at = now()
        try:
            officer = officer_for_import(options["login"], at)
            done = import_agreement(content=path.read_bytes(), by=officer, at=at, is_demo=options["demo"])
        except UserError as error:
            raise CommandError(str(error.message)) from error
        for warning in done.warnings:
            self.stderr.write(f"{warning.code}: {warning.text}")
        word = _("imported") if done.is_changed else _("unchanged")
        self.stdout.write(f"{done.agreement.office.code} {done.agreement.fiscal_year} {word}")
