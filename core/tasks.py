"""Housekeeping that no room owns."""

from __future__ import annotations

from celery import shared_task
from django.core.management import call_command
from django.db import close_old_connections


@shared_task(name="core.clear_sessions")  # type: ignore[untyped-decorator]
def clear_sessions() -> None:
    """Remove sessions that have run out; nothing else does."""
    close_old_connections()
    try:
        call_command("clearsessions")
    finally:
        close_old_connections()
