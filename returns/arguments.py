"""Words of a command line as offices and months; what cannot be read ends the command with one line."""

from __future__ import annotations

from django.core.management.base import CommandError

from core.numbers import to_ascii_digits
from core.periods import Period, PeriodError, PeriodKind
from offices.models import Office


def office_argument(code: str) -> Office:
    """The office of a code."""
    office = Office.objects.filter(code=code.strip()).first()
    if office is None:
        raise CommandError(f"there is no office with the code {code!r}")
    return office


def month_argument(key: str) -> Period:
    """The month of a key such as 2026-10."""
    try:
        period = Period.parse(to_ascii_digits(key))
    except PeriodError:
        period = None
    if period is None or period.kind is not PeriodKind.MONTH:
        raise CommandError(f"{key!r} is no month; write it like 2026-10")
    return period
