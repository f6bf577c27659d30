"""What officers fill in to plan, allot and record audits."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from audits.models import Audit
from audits.rules import Assessment
from core.forms import AmountField, BanglaDateField, CleanTextField
from core.numbers import Unit
from core.periods import FiscalYear
from offices.models import Office
from offices.querysets import OfficeQuerySet
from societies.models import Society
from societies.querysets import SocietyQuerySet

MINUS_SIGNS = ("-", "−", "–")


class ProfitField(AmountField):
    """Taka; a minus sign before it makes it a loss."""

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip()
        is_loss = text.startswith(MINUS_SIGNS)
        amount = super().to_python(text[1:] if is_loss else text)
        return -amount if is_loss and amount is not None else amount


class PlanForm(forms.Form):
    """The offices' audits of a year; one society alone by its code."""

    office = forms.ModelChoiceField(label=_("Office"), queryset=Office.objects.none())
    year = forms.ChoiceField(label=_("Audit year"), help_text=_("The accounts audited are those of the year before."))
    code = CleanTextField(
        label=_("Only this society"),
        max_length=80,
        required=False,
        help_text=_("Its code, if a single audit is to be added. Blank: all that were functional on 1 July."),
    )

    def __init__(self, *args: Any, offices: OfficeQuerySet, year: FiscalYear, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field, years = self.fields["office"], self.fields["year"]
        assert isinstance(field, forms.ModelChoiceField)
        assert isinstance(years, forms.ChoiceField)
        field.queryset = offices
        years.choices = [(y.key, y.label()) for y in (year, year.shift(-1))]
        if len(found := list(offices[:2])) == 1:
            field.initial, field.disabled = found[0], True
            field.widget = forms.HiddenInput()

    def clean_year(self) -> FiscalYear:
        return FiscalYear.parse(self.cleaned_data["year"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("office") and (one := self.societies()) is not None and not one.exists():
            self.add_error("code", ValidationError(_("This office keeps no society of that code.")))
        return data

    def societies(self) -> SocietyQuerySet | None:
        """The single society asked for; None: the year's whole plan."""
        code = self.cleaned_data.get("code")
        return Society.objects.filter(office=self.cleaned_data["office"], code=code.casefold()) if code else None


class AllotForm(forms.Form):
    """The auditor named for an audit."""

    auditor = CleanTextField(
        label=_("Auditor"), max_length=120, help_text=_("Name and post of whoever is authorised under section 43.")
    )
    on = BanglaDateField(label=_("Allotted on"))


class FinishForm(forms.Form):
    """A finished audit: first date and profit, then the charges that follow from them."""

    on = BanglaDateField(label=_("Completed on"))
    net_profit = ProfitField(
        label=_("Net profit (taka)"), unit=Unit.TAKA, help_text=_("Write a minus sign before a loss: -12,500")
    )
    fee_assessed = AmountField(label=_("Audit fee assessed (taka)"), unit=Unit.TAKA, required=False)
    fund_assessed = AmountField(label=_("Development fund assessed (taka)"), unit=Unit.TAKA, required=False)
    reason = CleanTextField(
        label=_("Reason for another assessment"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only if you assess another amount than the rules give."),
    )

    def show_charges(self, proposed: Assessment) -> None:
        """Fill the charges that the rules give, for the officer to see before recording."""
        data = QueryDict(mutable=True)
        data.update({name: str(self[name].value() or "") for name in self.fields})
        for name, amount in (("fee_assessed", proposed.fee), ("fund_assessed", proposed.fund)):
            data[name] = str(self.fields[name].prepare_value(amount))
        self.data = data


class CollectForm(forms.Form):
    """Money paid by challan."""

    amount = AmountField(label=_("Amount (taka)"), unit=Unit.TAKA)
    on = BanglaDateField(label=_("Date of the challan"))
    challan = CleanTextField(label=_("Challan number"), max_length=60)


class AuditsField(forms.ModelMultipleChoiceField[Audit]):
    """Ticked audits; a key beyond every database key names none, whatever the database."""

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except OverflowError as error:
            raise ValidationError(self.error_messages["invalid_list"], code="invalid_list") from error


class AllotManyForm(AllotForm):
    """One auditor for the audits ticked in the list."""

    audits = AuditsField(label=_("Audits"), queryset=Audit.objects.none(), required=False)
    all_shown = forms.BooleanField(required=False)
