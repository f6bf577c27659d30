"""Periods in addresses. What names none leads nowhere: 404."""

from __future__ import annotations

from django.urls import register_converter

from core.periods import Period


class PeriodConverter:
    """``<period:period>``: ``2026-10``, ``2026-27-Q2``, ``2026-27-Y``."""

    regex = r"[0-9]{4}-[0-9]{2}(?:-Q[1-4]|-Y)?"

    def to_python(self, value: str) -> Period:
        return Period.parse(value)

    def to_url(self, value: Period | str) -> str:
        return str(value)


register_converter(PeriodConverter, "period")
