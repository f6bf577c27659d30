"""The record of acts: one `Activity` row for each, in the transaction of the act."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from django.db import models

from core.models import Activity


class Actor(Protocol):
    """Whoever acts: an officer, or a command on somebody's behalf."""

    def get_username(self) -> str: ...


def subject_of(row: models.Model) -> str:
    """The key under which a row's activities stand: ``returns.return:17``."""
    return f"{row._meta.label_lower}:{row.pk}"


def record_activity(
    verb: str,
    row: models.Model,
    *,
    by: Actor,
    at: datetime,
    office_path: str = "",
    post: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> Activity:
    """Write that ``by`` did ``verb`` (``returns.submit_return``) to ``row``. Call it inside the act's transaction."""
    return Activity.objects.create(
        verb=verb,
        subject=subject_of(row),
        actor=by.get_username(),
        at=at,
        office_path=office_path,
        post=post,
        before=before or {},
        after=after or {},
    )
