"""``restore FILE [--replace] [--check]``: put a backup into an empty instance, or in the place of another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from core.keeping.archive import Contents
from core.keeping.backup import fingerprints, prove
from core.keeping.errors import KeepingError
from core.keeping.instance import this_instance
from core.keeping.passphrase import read_passphrase
from core.keeping.restore import restore_backup


class Command(BaseCommand):
    help = (
        "Prove a backup, put it in the instance's place, bring the database up to date, and check every total and file."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="keep the instance that is there aside")
        parser.add_argument("--check", action="store_true", help="prove the backup, touch nothing")
        parser.add_argument("--passphrase-file", type=Path, help="default: PORTAL_BACKUP_PASSPHRASE(_FILE), or typed")

    def handle(self, *args: Any, file: Path, replace: bool, check: bool, **options: Any) -> None:
        instance = this_instance()
        known = [f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations]
        try:
            secret = read_passphrase(options["passphrase_file"], is_new=False)
            if check:
                self._describe(prove(file, secret))
                return
            self.stderr.write(f"Restoring {file} into {settings.PORTAL_HOME}")
            connections.close_all()
            restored = restore_backup(
                instance, file, secret, replace=replace, known_migrations=known, at=timezone.now()
            )
        except KeepingError as error:
            raise CommandError(str(error)) from None
        self._describe(restored.contents)
        for path in restored.aside:
            self.stdout.write(f"Kept aside, to be removed by hand: {path}")
        self._missing_secrets(restored.contents.summary.secrets)
        call_command("migrate", verbosity=0)
        call_command("check_integrity", stdout=self.stdout)

    def _describe(self, contents: Contents) -> None:
        summary, rows = contents.summary, sum(contents.summary.counts.values())
        self.stdout.write(
            f"A backup of {summary.made_at}, {summary.database}, software {summary.software}: "
            f"{rows} rows, {contents.members} members, all as written"
        )

    def _missing_secrets(self, then: dict[str, str]) -> None:
        """Say which secrets are not those of the backup: nobody can sign, or log in with a second factor, without."""
        folder = Path(settings.PORTAL_SECRETS_DIR)
        now = fingerprints(folder)
        missing = [name for name, mark in then.items() if now.get(name) != mark]
        if missing:
            self.stderr.write(
                f"Put back the secrets that belong to this backup before anybody logs in: {', '.join(missing)} "
                f"in {folder} (docs/operations.md)"
            )
