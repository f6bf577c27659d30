"""``move_database --to DATABASE_URL``: every row of the instance into an empty PostgreSQL; files stay."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import environ
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from core.keeping.errors import KeepingError
from core.keeping.instance import standing_still
from core.keeping.moving import finish, move_rows, target_database


class Command(BaseCommand):
    help = "Copy every row into an empty PostgreSQL, prove that nothing changed on the way, and say what to set."

    def add_arguments(self, parser: CommandParser) -> None:
        target = parser.add_mutually_exclusive_group(required=True)
        target.add_argument("--to", metavar="DATABASE_URL", help="postgres://USER:PASSWORD@HOST:PORT/NAME")
        target.add_argument("--to-file", type=Path, help="a file that holds the address, so that no list shows it")

    def handle(self, *args: Any, to: str | None, to_file: Path | None, **options: Any) -> None:
        begun = time.monotonic()
        try:
            address = to or str(to_file and to_file.read_text()).strip()
            database = dict(environ.Env.db_url_config(address))
        except (OSError, ValueError, KeyError, environ.ImproperlyConfigured) as error:
            raise CommandError(f"--to: cannot be read: {error}") from None
        if MigrationExecutor(connection).migration_plan(MigrationExecutor(connection).loader.graph.leaf_nodes()):
            raise CommandError("this instance's database is not up to date: bin/manage migrate")
        source = f"{os.uname().nodename}:{settings.DATABASES['default']['NAME']}"
        try:
            with standing_still(Path(settings.PORTAL_HOME)), target_database(database) as target:
                before = self._integrity_here()
                moved = move_rows(target, source=source, say=self.stderr.write)
                if self._integrity_there(address) != before:
                    raise KeepingError("check_integrity says otherwise there than here; the move is not finished")
                finish(target)
        except KeepingError as error:
            raise CommandError(str(error)) from None
        seconds = time.monotonic() - begun
        self.stdout.write(
            f"{moved.rows} rows of {moved.tables} tables moved and proved in {seconds:.0f} s. Set DATABASE_URL to the "
            f"new address (portal.env, or DATABASE_URL_FILE), then start the portal; the old database stays as it is."
        )

    def _integrity_here(self) -> Any:
        found = io.StringIO()
        try:
            call_command("check_integrity", json=True, stdout=found)
        except CommandError as error:
            self.stderr.write(f"Before the move already: {error}")
        return json.loads(found.getvalue())

    def _integrity_there(self, address: str) -> Any:
        """As a process of its own sees it: the one that will serve from there."""
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "check_integrity", "--json"]
        given = {key: value for key, value in os.environ.items() if key != "DATABASE_URL_FILE"}
        environment = given | {"DATABASE_URL": address, "PORTAL_HOME": str(settings.PORTAL_HOME)}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
        try:
            return json.loads(done.stdout)
        except ValueError:
            raise KeepingError(f"check_integrity failed in the target: {done.stderr.strip()}") from None
