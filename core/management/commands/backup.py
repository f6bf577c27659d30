"""``backup [--out FILE] [--keep N]``: database and files of the running instance, encrypted and read back."""

from __future__ import annotations

import json
import time
from datetime import UTC
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from core.keeping.backup import SUFFIX, make_backup
from core.keeping.errors import KeepingError
from core.keeping.instance import this_instance
from core.keeping.passphrase import read_passphrase


class Command(BaseCommand):
    help = "Write database and files into one encrypted file, read it back, and say what is in it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--out", type=Path, help="the file to write; default: one named by time in PORTAL_BACKUP_DIR"
        )
        parser.add_argument("--keep", type=int, help="afterwards remove all but the newest N of PORTAL_BACKUP_DIR")
        parser.add_argument("--passphrase-file", type=Path, help="default: PORTAL_BACKUP_PASSPHRASE(_FILE), or typed")
        parser.add_argument("--json", action="store_true", help="machine-readable, to standard output alone")

    def handle(self, *args: Any, **options: Any) -> None:
        at, begun = timezone.now(), time.monotonic()  # the machine's clock, whatever the portal's is
        if options["keep"] is not None and (options["keep"] < 1 or options["out"]):
            raise CommandError("--keep takes 1 or more, and goes with PORTAL_BACKUP_DIR, not with --out")
        folder = Path(settings.PORTAL_BACKUP_DIR)
        out = options["out"] or folder / f"portal-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}{SUFFIX}"
        try:
            secret = read_passphrase(options["passphrase_file"], is_new=True)
            contents = make_backup(this_instance(), out.absolute(), secret, at=at, software=settings.PORTAL_VERSION)
        except KeepingError as error:
            raise CommandError(str(error)) from None
        said = {
            "file": str(out),
            "bytes": out.stat().st_size,
            "members": contents.members,
            "rows": sum(contents.summary.counts.values()),
            "seconds": round(time.monotonic() - begun, 1),
        }
        if options["json"]:
            self.stdout.write(json.dumps(said))
        else:
            self.stdout.write(
                "{file}: {rows} rows, {members} members, {bytes} bytes, read back, {seconds} s".format(**said)
            )
            self.stdout.write(f"Not in it, to be kept elsewhere: {settings.PORTAL_SECRETS_DIR} and the passphrase.")
        if options["keep"]:
            for old in sorted(folder.glob(f"portal-*{SUFFIX}"))[: -options["keep"]]:
                old.unlink()
