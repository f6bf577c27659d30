"""Numbers as officers write and read them: Bangla or ASCII digits, lakh and crore grouping.

Every figure of the portal is an integer: a count, an amount of money in poisha, or hundredths of a per cent. `Unit`
says which, how it is typed and how it is shown. Lakh is only a way of typing and showing money.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

BANGLA_DIGITS = "০১২৩৪৫৬৭৮৯"
_TO_BANGLA = str.maketrans("0123456789", BANGLA_DIGITS)
_TO_ASCII = str.maketrans(BANGLA_DIGITS, "0123456789")
#: Ten lakh crore taka in poisha; more is a slip of the hand, and sums of all offices still fit the database.
MAX_AMOUNT = 10**15
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]*)?|-?\.[0-9]+")
_GROUPED = re.compile(r"(?<=[0-9]),(?=[0-9])")
_TAIL = re.compile(r"\s*/[-=]$")


class Unit(StrEnum):
    """What an integer amount counts, and the unit in which people type and read it."""

    COUNT = "count"
    PERSON = "person"
    TAKA = "taka"
    LAKH = "lakh"
    PERCENT = "percent"

    @property
    def scale(self) -> int:
        """Stored integer for one typed unit: 1 for counts, 100 poisha a taka, 100 hundredths a per cent."""
        return {Unit.COUNT: 1, Unit.PERSON: 1, Unit.TAKA: 100, Unit.LAKH: 10_000_000, Unit.PERCENT: 100}[self]

    @property
    def places(self) -> int:
        """Decimal places shown and accepted."""
        return 0 if self.scale == 1 else 2

    @property
    def is_money(self) -> bool:
        return self in (Unit.TAKA, Unit.LAKH)


class NumberError(ValueError):
    """The text is no number this unit accepts; ``message`` says why in the reader's language."""

    def __init__(self, message: str | StrPromise, text: str) -> None:
        super().__init__(text)
        self.message = message
        self.text = text


def to_bangla_digits(text: str) -> str:
    return text.translate(_TO_BANGLA)


def to_ascii_digits(text: str) -> str:
    return text.translate(_TO_ASCII)


def parse_decimal(text: str) -> Decimal:
    """Read a number in Bangla, ASCII or mixed digits, commas in any grouping, an optional trailing ``/-``.

    Raise `NumberError` for anything else: other scripts, ``_``, exponents, words, and more than 15 digits.
    """
    cleaned = _TAIL.sub("", text.strip().translate(_TO_ASCII))
    cleaned = _GROUPED.sub("", cleaned)
    if not _NUMBER.fullmatch(cleaned):
        raise NumberError(_("This is not a number. Write digits only, for example ১২৫ or 125."), text)
    if sum(c.isdigit() for c in cleaned) > 15:
        raise NumberError(_("This number is too long. Check how many digits it has."), text)
    return Decimal(cleaned)


def parse_amount(text: str, unit: Unit) -> int | None:
    """Read a typed amount into its stored integer; None for a blank. Raise `NumberError` with a clear message."""
    if not text.strip():
        return None
    number = parse_decimal(text)
    if number < 0:
        raise NumberError(_("This cannot be less than zero."), text)
    scaled = number * 10**unit.places
    if scaled != scaled.to_integral_value():
        if unit.places:
            raise NumberError(_("Write at most two decimal places."), text)
        raise NumberError(_("Write a whole number without a decimal point."), text)
    amount = int(number * unit.scale)
    if amount > MAX_AMOUNT:
        raise NumberError(_("This number is too large. Check how many digits it has."), text)
    return amount


def group_digits(digits: str) -> str:
    """Group ASCII digits the South Asian way: ``12345678`` becomes ``1,23,45,678``."""
    head, tail = digits[:-3], digits[-3:]
    groups: list[str] = []
    while head:
        groups.insert(0, head[-2:])
        head = head[:-2]
    return ",".join([*groups, tail])


def format_decimal(number: Decimal, places: int, *, bangla: bool) -> str:
    """Round half up and group; Bangla digits if asked."""
    rounded = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    sign = "−" if rounded < 0 else ""
    whole, _dot, fraction = f"{abs(rounded):f}".partition(".")
    text = sign + group_digits(whole) + (f".{fraction}" if fraction else "")
    return to_bangla_digits(text) if bangla else text


def format_amount(amount: int | None, unit: Unit, *, bangla: bool) -> str:
    """Show a stored integer in its unit; an absent figure is a dash, never zero. Whole taka drop the poisha."""
    if amount is None:
        return "—"
    number = Decimal(amount) / unit.scale
    whole_taka = unit is Unit.TAKA and amount % 100 == 0
    return format_decimal(number, 0 if whole_taka else unit.places, bangla=bangla)


def plain_amount(amount: int | None, unit: Unit) -> str | None:
    """The machine's form: ASCII digits without grouping, money in taka with two decimals, None stays None."""
    if amount is None:
        return None
    if unit.scale == 1:
        return str(amount)
    return f"{Decimal(amount) / 100:.2f}"
