"""Numbers in Bangla and ASCII digits, lakh and crore, in and out."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.numbers import NumberError, Unit, format_amount, group_digits, parse_amount, parse_decimal, plain_amount


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("২76", 276),
        ("১7,03,000", 1703000),
        ("1,20,42,095", 12042095),
        ("12,345,678", 12345678),
        (" ৫০০/- ", 500),
        ("০", 0),
    ],
)
def test_what_real_pages_carry_is_read(text: str, number: int) -> None:
    assert parse_amount(text, Unit.COUNT) == number


@pytest.mark.parametrize("text", ["१२", "١٢", "1_000", "1e3", "N/A", "দুই", "1,", ",1", "--1", "1 2", "٫5", "9" * 16])
def test_other_scripts_and_words_are_refused(text: str) -> None:
    with pytest.raises(NumberError):
        parse_decimal(text)


@pytest.mark.parametrize("unit", list(Unit))
def test_less_than_zero_is_refused(unit: Unit) -> None:
    with pytest.raises(NumberError):
        parse_amount("-৫", unit)


def test_decimals_only_where_the_unit_has_them() -> None:
    assert parse_amount("৮০০.৮৯", Unit.LAKH) == 80_089 * 100_000
    assert parse_amount("12.5", Unit.TAKA) == 1250
    for text, unit in (("12.5", Unit.COUNT), ("1.234", Unit.TAKA)):
        with pytest.raises(NumberError):
            parse_amount(text, unit)


def test_blank_is_not_zero() -> None:
    assert parse_amount("  ", Unit.COUNT) is None
    assert format_amount(None, Unit.COUNT, bangla=True) == "—"
    assert plain_amount(None, Unit.TAKA) is None


@given(st.integers(0, 10**14), st.sampled_from(list(Unit)), st.booleans())
def test_what_is_shown_reads_back(amount: int, unit: Unit, bangla: bool) -> None:
    amount -= amount % (unit.scale // 10**unit.places)
    assert parse_amount(format_amount(amount, unit, bangla=bangla), unit) == amount


@given(st.integers(0, 10**15))
def test_grouping_changes_no_digit(number: int) -> None:
    grouped = group_digits(str(number))
    assert grouped.replace(",", "") == str(number)
    head, *rest = grouped.split(",")
    assert all(len(part) == 2 for part in rest[:-1]) and len(head) <= 3


def test_the_machine_form_is_taka_with_two_decimals() -> None:
    assert plain_amount(80_089 * 100_000, Unit.LAKH) == "80089000.00"
    assert plain_amount(5637, Unit.PERCENT) == "56.37"
    assert Decimal(str(plain_amount(1344, Unit.COUNT))) == 1344
