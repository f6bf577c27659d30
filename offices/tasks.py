"""Long work of this room: sending messages by e-mail."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.clock import now
from jobs.registry import Progress, handler
from offices.inbox import SEND, send_notice
from offices.inbox_models import Notice


@handler(SEND, label=_("Send a message by e-mail"))
def send_one(progress: Progress, *, notice: int) -> dict[str, Any]:
    """Send one message, unless it was sent."""
    sent = send_notice(Notice.objects.select_related("officer").get(pk=notice), at=now())
    return {"sent": sent}
