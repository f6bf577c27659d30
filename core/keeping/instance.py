"""The instance that is kept: where its parts lie, and whether anybody is serving it."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from core.keeping.errors import KeepingError


@dataclass(frozen=True)
class Instance:
    """Where the parts of an instance lie. ``papers`` are files of the home that a backup carries."""

    home: Path
    files: Path
    secrets: Path
    database: dict[str, Any]
    papers: tuple[str, ...] = ("ca.pem",)

    @property
    def is_sqlite(self) -> bool:
        return str(self.database["ENGINE"]).endswith("sqlite3")

    @property
    def kind(self) -> str:
        """What people call its database."""
        return "SQLite" if self.is_sqlite else "PostgreSQL"


def this_instance() -> Instance:
    """The instance of the settings."""
    return Instance(
        home=Path(settings.PORTAL_HOME),
        files=Path(settings.PORTAL_FILES_DIR),
        secrets=Path(settings.PORTAL_SECRETS_DIR),
        database=settings.DATABASES["default"],
    )


@contextmanager
def standing_still(home: Path) -> Iterator[None]:
    """While inside, nobody begins to serve the instance; `KeepingError` if it is being served.

    Web server and worker hold `apa_portal.serving`'s lock for as long as they live.
    """
    with _locked(home / "serving.lock", "the portal is being served from this home; end it first"):
        yield


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """While inside, no other backup runs; `KeepingError` if one does."""
    with _locked(home / "backup.lock", "another backup of this instance is running"):
        yield


@contextmanager
def _locked(path: Path, complaint: str) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise KeepingError(complaint) from None
        yield
