"""The portal's clock. Services take their instant as an argument; views and commands ask here.

``settings.PORTAL_CLOCK`` sets another start in tests and demonstrations; a system check refuses it elsewhere.
"""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.utils import timezone

from core.periods import dhaka_date


def now() -> datetime:
    """The present instant, aware; the set clock stands still."""
    fixed: datetime | None = settings.PORTAL_CLOCK
    return fixed or timezone.now()


def today() -> date:
    """The present day in Dhaka."""
    return dhaka_date(now())
