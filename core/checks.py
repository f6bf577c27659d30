"""System checks of the portal's values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections


@register()
def check_clock(**kwargs: Any) -> list[CheckMessage]:
    """Another clock is for demonstrations and tests: in real use it would date acts wrongly."""
    if settings.PORTAL_CLOCK is None or settings.PORTAL_DEMO or settings.PORTAL_TESTS:
        return []
    return [
        Error(
            "PORTAL_CLOCK sets another time, and this is neither a demonstration nor a test.",
            hint="Remove PORTAL_CLOCK from the environment.",
            id="core.E001",
        )
    ]


@register(Tags.database)
def check_encoding(databases: Iterable[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """A database that is not in UTF-8 counts the bytes of Bangla names, and finds no capitals in others."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        if (connection := connections[alias]).vendor != "postgresql":
            continue
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_encoding")
            (encoding,) = cursor.fetchone()
        if encoding != "UTF8":
            found.append(
                Error(
                    f"The database is in {encoding}, which does not know Bangla letters.",
                    hint="Make it anew: createdb -E UTF8 -T template0 …",
                    id="core.E002",
                )
            )
    return found
