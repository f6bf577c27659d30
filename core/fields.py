"""Model fields of the shared values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.periods import FiscalYear, Period, PeriodError

if TYPE_CHECKING:

    class _Key(models.CharField[Any, Any]):
        """What the type checker is told: rows take and give the value, not its key."""

        _pyi_private_set_type: Any
        _pyi_private_get_type: Any
        _pyi_lookup_exact_type: Any

else:
    _Key = models.CharField


class PeriodField(_Key):
    """A `core.periods.Period`, stored by its key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 10
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: str | None, *_args: object) -> Period | None:
        return None if value is None else Period.parse(value)

    def to_python(self, value: Any) -> Period | None:
        if value is None or isinstance(value, Period):
            return value
        try:
            return Period.parse(str(value))
        except PeriodError as error:
            raise ValidationError(_("“%(value)s” is no period."), params={"value": value}) from error

    def get_prep_value(self, value: Any) -> str | None:
        return value.key if isinstance(value, Period) else value


class FiscalYearField(_Key):
    """A `core.periods.FiscalYear`, stored by its key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 7
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: str | None, *_args: object) -> FiscalYear | None:
        return None if value is None else FiscalYear.parse(value)

    def to_python(self, value: Any) -> FiscalYear | None:
        if value is None or isinstance(value, FiscalYear):
            return value
        try:
            return FiscalYear.parse(str(value))
        except PeriodError as error:
            raise ValidationError(_("“%(value)s” is no fiscal year."), params={"value": value}) from error

    def get_prep_value(self, value: Any) -> str | None:
        return value.key if isinstance(value, FiscalYear) else value
