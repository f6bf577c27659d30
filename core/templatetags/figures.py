"""Figures in templates: every number in the reader's digits and grouping."""

from __future__ import annotations

from django import template

from core.language import reader_wants_bangla
from core.numbers import Unit, format_amount, to_bangla_digits
from core.periods import FiscalYear, Period

register = template.Library()


@register.filter
def amount(value: int | None, unit: str = "count") -> str:
    """``{{ value|amount:"taka" }}``: a stored integer in its unit; an absent figure is a dash."""
    return format_amount(value, Unit(unit), bangla=reader_wants_bangla())


@register.filter
def digits(value: object) -> str:
    """``{{ text|digits }}``: the digits of any text in the reader's script; nothing else changes."""
    text = str(value)
    return to_bangla_digits(text) if reader_wants_bangla() else text


@register.filter
def label(value: Period | FiscalYear) -> str:
    """``{{ period|label }}``: a period or fiscal year in the reader's language."""
    return value.label()
