"""Whether the instance works: its database answers, and a worker does what the beat asks for."""

from __future__ import annotations

import time
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection

#: The beat asks for a sweep every few seconds; a worker that is busy with one long paper may be late.
PATIENCE = 60


def sign_of_life() -> Path:
    """The file that a worker touches at each sweep, in the home that all processes share (`apa_portal.health`)."""
    return Path(settings.PORTAL_HOME) / "worker-alive"


def answers() -> bool:
    """Whether the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def works() -> bool:
    """Whether a worker swept within the last minute: worker, beat and broker are well."""
    try:
        return time.time() - sign_of_life().stat().st_mtime < PATIENCE
    except OSError:
        return False
