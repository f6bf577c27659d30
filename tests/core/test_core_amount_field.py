"""The form field of amounts."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from core.forms import AmountField, BanglaDateField
from core.numbers import Unit


def test_typed_amounts_become_integers_and_blanks_stay_blank() -> None:
    assert AmountField(unit=Unit.TAKA).clean("১,২৫,০০০/-") == 125_000_00
    assert AmountField(unit=Unit.LAKH, required=False).clean(" ") is None


@pytest.mark.parametrize("text", ["", "বারো", "-1", "1.234", "9" * 41, "9" * 15])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        AmountField(unit=Unit.TAKA).clean(text)


@pytest.mark.parametrize("text", ["01/01/0001", "৩১/১২/৯৯৯৯", "1899-12-31"])
def test_a_day_beyond_the_calendar_of_the_portal_is_no_date(text: str) -> None:
    with pytest.raises(ValidationError):
        BanglaDateField().clean(text)
