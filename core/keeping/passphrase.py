"""The passphrase of backups: from a file, from the settings, or typed at a terminal."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path

from django.conf import settings

from core.keeping.errors import KeepingError

FEWEST = 16


def read_passphrase(file: Path | None, *, is_new: bool) -> bytes:
    """The secret, from the first of these that there is; a new one is typed twice and may not be short."""
    if file is not None:
        try:
            found = file.read_bytes().strip()
        except OSError as error:
            raise KeepingError(f"{file}: {error.strerror}") from None
    else:
        found = str(settings.PORTAL_BACKUP_PASSPHRASE).encode() or _typed(is_new=is_new).strip().encode()
    if is_new and len(found) < FEWEST:
        raise KeepingError(f"the passphrase has {len(found)} characters; it needs {FEWEST} or more")
    return found


def _typed(*, is_new: bool) -> str:
    if not sys.stdin.isatty():
        raise KeepingError("no passphrase: set PORTAL_BACKUP_PASSPHRASE_FILE or give --passphrase-file FILE")
    first = getpass.getpass("Passphrase of the backup: ")
    if is_new and getpass.getpass("Again: ") != first:
        raise KeepingError("the two are not the same")
    return first
