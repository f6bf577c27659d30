"""Months, quarters and fiscal years."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.periods import FiscalYear, Period, PeriodError, PeriodKind, dhaka_date
from core.text import clean_text, search_key

MONTHS = st.builds(Period.month, st.integers(1990, 2090), st.integers(1, 12))


@given(MONTHS, st.integers(-50, 50))
def test_shifting_back_returns(period: Period, count: int) -> None:
    assert period.shift(count).shift(-count) == period


@given(MONTHS)
def test_a_key_reads_back_and_a_month_lies_in_its_year(period: Period) -> None:
    assert Period.parse(period.key) == period
    assert period in period.fiscal_year.months
    assert len(period.year_before()) == period.fiscal_year.months.index(period)


@given(st.integers(1990, 2090), st.integers(0, 3))
def test_quarters_and_years_read_back(start: int, quarter: int) -> None:
    first = FiscalYear(start).months[3 * quarter].first
    for period in (Period(first, PeriodKind.QUARTER), Period(FiscalYear(start).first_day, PeriodKind.YEAR)):
        assert Period.parse(period.key) == period
    assert Period(first, PeriodKind.QUARTER).last == FiscalYear(start).months[3 * quarter + 2].last


@pytest.mark.parametrize(
    "key",
    [
        "2026-13",
        "2026-00",
        "26-10",
        "2026/10",
        "২০২৬-১০",
        "",
        "2026-10-01",
        "2023-25-Y",
        "0001-01",
        "9999-12",
        "0000-01-Y",
    ],
)
def test_other_keys_are_no_period(key: str) -> None:
    with pytest.raises(PeriodError):
        Period.parse(key)


def test_a_fiscal_year_needs_two_years_that_follow() -> None:
    assert FiscalYear.parse("1999-00") == FiscalYear(1999)
    for text in ("2023-25", "0000-01", "9999-00"):
        with pytest.raises(PeriodError):
            FiscalYear.parse(text)


def test_labels_in_both_languages() -> None:
    assert Period.month(2026, 10).label("bn") == "অক্টোবর ২০২৬"
    assert Period.month(2026, 10).label("en") == "October 2026"
    assert FiscalYear(2026).label("bn") == "২০২৬-২৭"


def test_the_day_is_that_of_dhaka() -> None:
    assert dhaka_date(datetime(2024, 6, 30, 18, 30, tzinfo=UTC)) == date(2024, 7, 1)


def test_both_spellings_of_a_letter_are_found() -> None:
    assert clean_text("বগুড\u09bcা  সদর\u200b") == clean_text("বগু\u09dcা সদর")
    assert search_key("রেজি ১২/ক") == search_key("রেজি 12/ক")


def test_control_characters_and_marks_of_direction_are_no_text() -> None:
    assert clean_text("a\x00b\x1b\u202ec\u2066d\x9fe") == "abcde"
    assert clean_text("এক\nদুই\tতিন") == "এক দুই তিন"
