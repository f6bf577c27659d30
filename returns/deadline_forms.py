"""Forms of deadlines: a level's day of a month, and one office's."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import clock
from core.forms import BanglaDateField, CleanTextField
from core.periods import Period
from offices.choices import OfficeKind

#: Months offered: the present one and those before it.
OFFERED = 6


class GrantForm(forms.Form):
    """Until when, and why."""

    last_day = BanglaDateField(label=_("New last day"))
    reason = CleanTextField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)


class DeadlineForm(GrantForm):
    """For which month and level."""

    period = forms.TypedChoiceField(label=_("Month"), coerce=Period.parse)
    kind = forms.ChoiceField(label=_("Level"), choices=OfficeKind)
    field_order = ["period", "kind", "last_day", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        period, offered = Period.of(clock.today()), []
        for _step in range(OFFERED):
            offered.append((period.key, period.label()))
            period = period.previous()
        self.fields["period"].choices = offered  # type: ignore[attr-defined]
        self.fields["kind"].initial = OfficeKind.UPAZILA
