"""Words of a command line as offices and months; what cannot be read ends the command with one line."""

from __future__ import annotations

from datetime import date

from django.core.management.base import CommandError, CommandParser

from core.numbers import to_ascii_digits
from core.periods import Period, PeriodError, PeriodKind
from offices.models import Office


def add_office_and_month(parser: CommandParser) -> None:
    """What every command about an office's month is told."""
    parser.add_argument("office", help="code of the office; the root is bd")
    parser.add_argument("period", help="month, for example 2026-10")
    parser.add_argument("--json", action="store_true", help="machine-readable, to standard output alone")


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


def day_argument(text: str) -> date:
    """The day of a text such as 2026-01-15, in Bangla or ASCII digits."""
    try:
        return date.fromisoformat(to_ascii_digits(text.strip()))
    except ValueError as error:
        raise CommandError(f"{text!r} is no day; write it like 2026-01-15") from error
