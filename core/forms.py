"""Form fields that read what officers write: Bangla or ASCII digits in amounts and dates."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.errors import UserError
from core.language import reader_wants_bangla
from core.numbers import NumberError, Unit, format_amount, parse_amount, to_ascii_digits, to_bangla_digits
from core.periods import YEARS
from core.text import clean_text, has_bangla


class AmountField(forms.Field):
    """An amount of a `core.numbers.Unit`; cleans to its stored integer, or None when blank and not required."""

    def __init__(self, *, unit: Unit, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.unit = unit
        self.widget.attrs.update(inputmode="decimal", autocomplete="off", maxlength="40")

    def to_python(self, value: Any) -> Any:
        try:
            return parse_amount(str(value or ""), self.unit)
        except NumberError as error:
            raise ValidationError(error.message) from error

    def prepare_value(self, value: Any) -> Any:
        return format_amount(value, self.unit, bangla=reader_wants_bangla()) if isinstance(value, int) else value


class BanglaDateField(forms.DateField):
    """A day as ``০১/০৭/২০২৬``, ``1-7-2026`` or ``2026-07-01``."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Day/month/year, for example 01/07/2026"))
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
        super().__init__(input_formats=["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"], **kwargs)
        self.error_messages["invalid"] = _("This is not a date. Write day/month/year, for example 01/07/2026.")

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(to_ascii_digits(value.strip()) if isinstance(value, str) else value)
        if day is not None and day.year not in YEARS:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, date | datetime):
            text = value.strftime("%d/%m/%Y")
            return to_bangla_digits(text) if reader_wants_bangla() else text
        return value


class CleanTextField(forms.CharField):
    """Text in NFC without invisible marks or runs of spaces."""

    def to_python(self, value: Any) -> str:
        return clean_text(super().to_python(value) or "")


class BanglaTextField(CleanTextField):
    """A name in Bangla: papers print it in Bangla sentences, and lists are sorted by it."""

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not has_bangla(value):
            raise ValidationError(
                _("“%(text)s” has no Bangla letter. Write the name in Bangla."), params={"text": value}
            )


def show_error(form: forms.BaseForm, error: UserError) -> None:
    """Put what a service refused beside the field it concerns, or above the form."""
    form.add_error(error.cell if error.cell in form.fields else None, ValidationError(error.message))
