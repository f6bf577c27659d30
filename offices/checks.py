"""System checks of accounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from offices.models import Officer


@register(Tags.database)
def check_demo_accounts(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Everybody may become a demonstration account, so outside a demonstration none may be open.

    Asks the database: it runs with ``check --database default``, before every migration and before the web server.
    """
    if settings.PORTAL_DEMO:
        return []
    messages: list[CheckMessage] = []
    for alias in databases or []:
        if Officer._meta.db_table not in connections[alias].introspection.table_names():
            continue
        names = Officer.objects.using(alias).filter(is_demo=True, is_active=True).values_list("username", flat=True)
        if names:
            messages.append(
                Error(
                    f"Demonstration accounts are open in database {alias!r}: {', '.join(names)}.",
                    hint="Close them (is_active), or set PORTAL_DEMO=1 if this is a demonstration.",
                    id="offices.E001",
                )
            )
    return messages
