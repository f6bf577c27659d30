"""What is filled in to open, close and move an office."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.clock import today
from core.forms import BanglaDateField, BanglaTextField, CleanTextField
from core.periods import Period
from offices.choices import SUPERIOR_OF_KIND, OfficeKind
from offices.models import Office
from offices.officer_forms import OfficeChoice

#: How many months back a move may be dated on the page.
MONTHS = 13


class OpenForm(forms.Form):
    """A new office below a superior."""

    kind = forms.ChoiceField(label=_("Kind of office"))
    code = CleanTextField(
        label=_("Code"),
        max_length=60,
        help_text=_("Small English letters, digits and dashes, for example hatibandha. It never changes."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )
    name_bn = BanglaTextField(label=_("Name in Bangla"), max_length=100, help_text=_("The place only: হাতীবান্ধা"))
    name_en = CleanTextField(label=_("Name in English"), max_length=100)
    opened_on = BanglaDateField(label=_("Opened on"), initial=today)

    def __init__(self, *args: Any, superior: Office, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = [(one.value, one.label) for one in OfficeKind if SUPERIOR_OF_KIND.get(one) == superior.kind]

    def clean_kind(self) -> OfficeKind:
        return OfficeKind(self.cleaned_data["kind"])


class CloseForm(forms.Form):
    """The last day of an office."""

    closed_on = BanglaDateField(label=_("Last day"), initial=today)


class MoveForm(forms.Form):
    """Another superior, from a month on."""

    parent = OfficeChoice(
        label=_("New superior office"), queryset=Office.objects.none(), to_field_name="code", empty_label="—"
    )
    first = forms.ChoiceField(label=_("From the month"))

    def __init__(self, *args: Any, office: Office, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parent, first = self.fields["parent"], self.fields["first"]
        assert isinstance(parent, OfficeChoice) and isinstance(first, forms.ChoiceField)
        kind = SUPERIOR_OF_KIND.get(OfficeKind(office.kind), "")
        parent.queryset = Office.objects.filter(kind=kind, closed_on=None).exclude(children=office).order_by("path")
        now = Period.of(today())
        first.choices = [(month.key, month.label()) for month in (now.shift(-n) for n in range(MONTHS))]

    def clean_first(self) -> Period:
        return Period.parse(self.cleaned_data["first"])
