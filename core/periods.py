"""Periods of reporting: the month, the quarter and the fiscal year (1 July to 30 June, Asia/Dhaka).

A period's ``key`` is what is stored and what stands in addresses: ``2026-10`` for a month, ``2026-27-Q2`` for a
quarter, ``2026-27-Y`` for a year. Keys of one kind sort in time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from core.language import reader_wants_bangla
from core.numbers import to_bangla_digits

DHAKA = ZoneInfo("Asia/Dhaka")

MONTHS_BN = (
    "জানুয়ারি ফেব্রুয়ারি মার্চ এপ্রিল মে জুন জুলাই আগস্ট সেপ্টেম্বর অক্টোবর নভেম্বর ডিসেম্বর".split()  # noqa: SIM905
)
MONTHS_EN = "January February March April May June July August September October November December".split()  # noqa: SIM905

_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_QUARTER = re.compile(r"([0-9]{4}-[0-9]{2})-Q([1-4])")
_YEAR = re.compile(r"([0-9]{4}-[0-9]{2})-Y")


#: Years that a period may lie in. Beyond them the neighbours of a period would leave the calendar.
YEARS = range(1900, 2200)


class PeriodError(ValueError):
    """The text names no period."""


class PeriodKind(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, order=True)
class FiscalYear:
    """A fiscal (and cooperative) year by the calendar year in which it starts: ``FiscalYear(2023)`` is 2023-24."""

    start: int

    @classmethod
    def parse(cls, text: str) -> FiscalYear:
        """Read ``2023-24``; raise `PeriodError` for anything else: years that do not follow, or outside of `YEARS`."""
        match = _MONTH.fullmatch(text.strip())
        if match is None or (int(match[1]) + 1) % 100 != int(match[2]) or int(match[1]) not in YEARS:
            raise PeriodError(text)
        return cls(int(match[1]))

    @classmethod
    def of(cls, day: date) -> FiscalYear:
        return cls(day.year if day.month >= 7 else day.year - 1)

    @property
    def key(self) -> str:
        return f"{self.start}-{(self.start + 1) % 100:02d}"

    @property
    def first_day(self) -> date:
        return date(self.start, 7, 1)

    @property
    def last_day(self) -> date:
        return date(self.start + 1, 6, 30)

    @property
    def months(self) -> tuple[Period, ...]:
        """The twelve months, July first."""
        july = Period.month(self.start, 7)
        return tuple(july.shift(n) for n in range(12))

    def shift(self, years: int) -> FiscalYear:
        return FiscalYear(self.start + years)

    def label(self, language: str | None = None) -> str:
        return to_bangla_digits(self.key) if reader_wants_bangla(language) else self.key

    def __str__(self) -> str:
        return self.key


@dataclass(frozen=True, order=True)
class Period:
    """A month, quarter or fiscal year; ``first`` is its first day."""

    first: date
    kind: PeriodKind = PeriodKind.MONTH

    @classmethod
    def month(cls, year: int, month: int) -> Period:
        return cls(date(year, month, 1))

    @classmethod
    def parse(cls, key: str) -> Period:
        """Read a key; raise `PeriodError` for anything else, and for years outside of `YEARS`."""
        text = key.strip()
        try:
            if (match := _MONTH.fullmatch(text)) and int(match[1]) in YEARS:
                return cls.month(int(match[1]), int(match[2]))
            if match := _QUARTER.fullmatch(text):
                first = FiscalYear.parse(match[1]).months[3 * (int(match[2]) - 1)].first
                return cls(first, PeriodKind.QUARTER)
            if match := _YEAR.fullmatch(text):
                return cls(FiscalYear.parse(match[1]).first_day, PeriodKind.YEAR)
        except ValueError as error:
            raise PeriodError(key) from error
        raise PeriodError(key)

    @classmethod
    def of(cls, day: date) -> Period:
        return cls.month(day.year, day.month)

    @classmethod
    def quarter_of(cls, day: date) -> Period:
        """The quarter that a day lies in."""
        return cls(date(day.year, (day.month - 1) // 3 * 3 + 1, 1), PeriodKind.QUARTER)

    @property
    def key(self) -> str:
        if self.kind is PeriodKind.MONTH:
            return f"{self.first.year:04d}-{self.first.month:02d}"
        if self.kind is PeriodKind.QUARTER:
            return f"{self.fiscal_year.key}-Q{(self.first.month - 7) % 12 // 3 + 1}"
        return f"{self.fiscal_year.key}-Y"

    @property
    def length(self) -> int:
        """Months in it."""
        return {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.YEAR: 12}[self.kind]

    @property
    def last(self) -> date:
        """Its last day."""
        return self.next().first - timedelta(days=1)

    @property
    def fiscal_year(self) -> FiscalYear:
        return FiscalYear.of(self.first)

    @property
    def begins_year(self) -> bool:
        return self.first.month == 7

    def shift(self, count: int) -> Period:
        """The period ``count`` periods of the same kind later (earlier if negative)."""
        ordinal = self.first.year * 12 + self.first.month - 1 + count * self.length
        return Period(date(ordinal // 12, ordinal % 12 + 1, 1), self.kind)

    def next(self) -> Period:
        return self.shift(1)

    def previous(self) -> Period:
        return self.shift(-1)

    def year_before(self) -> tuple[Period, ...]:
        """The months of the same fiscal year before this one, July first."""
        return tuple(p for p in self.fiscal_year.months if p < self)

    def until(self, last: Period) -> Iterator[Period]:
        """This and every following period up to ``last``."""
        period = self
        while period <= last:
            yield period
            period = period.next()

    def label(self, language: str | None = None) -> str:
        """``অক্টোবর ২০২৬`` or ``October 2026``; quarters and years likewise."""
        bangla = reader_wants_bangla(language)
        if self.kind is PeriodKind.MONTH:
            name = (MONTHS_BN if bangla else MONTHS_EN)[self.first.month - 1]
            year = str(self.first.year)
            return f"{name} {to_bangla_digits(year) if bangla else year}"
        if self.kind is PeriodKind.QUARTER:
            number = self.key[-1]
            name = "ত্রৈমাসিক" if bangla else "quarter"
            text = f"{self.fiscal_year.label(language)} {name} {number}"
            return to_bangla_digits(text) if bangla else text
        return self.fiscal_year.label(language)

    def __str__(self) -> str:
        return self.key


def dhaka_date(instant: datetime) -> date:
    """The calendar day in Dhaka at an aware instant."""
    return instant.astimezone(DHAKA).date()


def is_after_month_of(instant: datetime, day: date) -> bool:
    """Whether an instant lies in a later month than the day's."""
    return Period.of(dhaka_date(instant)) > Period.of(day)
