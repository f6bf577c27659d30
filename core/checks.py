"""System checks of the portal's values."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


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
