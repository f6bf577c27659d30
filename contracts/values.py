"""Exact values of agreements as text: what a target or achievement is, how it is read, stored and shown.

Stored text is ASCII: ``566``, ``11.13``, ``12/7`` (a ratio that ends nowhere), ``2023-07-31``. In arithmetic every
value is a `Fraction`, a date its day number.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from contracts.scoring import day_number, half_up
from core.numbers import NumberError, group_digits, parse_decimal, to_ascii_digits, to_bangla_digits

_DAY_FIRST = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


class ValueType(models.TextChoices):
    """What kind of value an indicator's targets are."""

    COUNT = "count", _("whole number")
    NUMBER = "number", _("number")
    PERCENT = "percent", _("per cent")
    DATE = "date", _("date")


class BadValueError(ValueError):
    """The text is no value of its type; the text itself is the argument."""


def parse_day(text: str) -> date:
    """Read ``31-07-2023``, ``৩১/০৭/২০২৩`` or ``2023-07-31``; raise `BadValueError`."""
    plain = to_ascii_digits(text.strip())
    try:
        if match := _DAY_FIRST.fullmatch(plain):
            return date(int(match[3]), int(match[2]), int(match[1]))
        if match := _ISO.fullmatch(plain):
            return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError as error:
        raise BadValueError(text) from error
    raise BadValueError(text)


def read_value(raw: Any, kind: ValueType) -> Fraction | None:
    """A value from a file or a form (text, integer, `Decimal` or date) made exact; None for a blank.

    Raise `BadValueError` for anything else, for negative numbers, and for a count that is not whole.
    """
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    if kind is ValueType.DATE:
        return day_number(raw if isinstance(raw, date) else parse_day(str(raw)))
    if isinstance(raw, bool | date | list | dict | float):
        raise BadValueError(str(raw))
    try:
        value = Fraction(raw) if isinstance(raw, int | Decimal) else Fraction(parse_decimal(str(raw).rstrip("% ")))
    except (NumberError, ValueError) as error:
        raise BadValueError(str(raw)) from error
    if value < 0 or (kind is ValueType.COUNT and value.denominator != 1):
        raise BadValueError(str(raw))
    return value


def store_value(value: Fraction | None, kind: ValueType) -> str | None:
    """The exact stored text."""
    if value is None:
        return None
    if kind is ValueType.DATE:
        return date.fromordinal(int(value)).isoformat()
    return plain_fraction(value)


def load_value(text: str | None, kind: ValueType) -> Fraction | None:
    """What `store_value` wrote."""
    if not text:
        return None
    return day_number(date.fromisoformat(text)) if kind is ValueType.DATE else Fraction(text)


def plain_fraction(value: Fraction) -> str:
    """``566``, ``11.13``, or ``12/7`` where the decimals do not end."""
    rest = value.denominator
    for factor in (2, 5):
        while rest % factor == 0:
            rest //= factor
    if rest != 1:
        return str(value)
    return f"{(Decimal(value.numerator) / Decimal(value.denominator)).normalize():f}"


def show_value(value: Fraction | None, kind: ValueType, *, bangla: bool) -> str:
    """The value as people read it: ``৩১-০৭-২০২৩``, ``2,700``, ``৯৭.৩৭`` (at most two decimals); a dash for a blank."""
    if value is None:
        return "–"
    if kind is ValueType.DATE:
        text = date.fromordinal(int(value)).strftime("%d-%m-%Y")
    else:
        whole, _dot, rest = half_up(value).partition(".")
        rest = rest.rstrip("0")
        sign, whole = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
        text = sign + group_digits(whole) + (f".{rest}" if rest else "")
    return to_bangla_digits(text) if bangla else text


def machine_value(value: Fraction | None, kind: ValueType) -> str | None:
    """The value for ``--json``: numbers exact where they end, else two decimals half up; dates ``dd-mm-yyyy``."""
    if value is None:
        return None
    if kind is ValueType.DATE:
        return date.fromordinal(int(value)).strftime("%d-%m-%Y")
    text = plain_fraction(value)
    return half_up(value) if "/" in text or len(text.partition(".")[2]) > 2 else text


def show_marks(thousandths: int, *, bangla: bool) -> str:
    """Marks without needless zeros: ``6``, ``0.5``, ``6.002``."""
    text = plain_fraction(Fraction(thousandths, 1000))
    return to_bangla_digits(text) if bangla else text
