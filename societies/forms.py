"""What officers fill in to register a society and to record what happens to it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import BanglaDateField, BanglaTextField, CleanTextField
from core.templatetags.figures import digits
from offices.models import Office
from offices.querysets import OfficeQuerySet
from societies.choices import EventKind, Sponsor, Status, Tier, events_open_to, society_classes


def class_choices() -> list[tuple[str, str]]:
    return [("", "—"), *((code, digits(known.label)) for code, known in society_classes().items())]


class OrderMixin(forms.Form):
    """The order behind an act."""

    order_number = CleanTextField(
        label=_("Order number"), max_length=80, required=False, help_text=_("The memo number of the order.")
    )


class SocietyForm(OrderMixin):
    """A registered society."""

    name_bn = BanglaTextField(label=_("Name in Bangla"), max_length=200, help_text=_("As in the certificate."))
    name_en = CleanTextField(label=_("Name in English"), max_length=200, required=False)
    reg_no = CleanTextField(
        label=_("Registration number"), max_length=40, help_text=_("As in the certificate; digits of either script.")
    )
    reg_on = BanglaDateField(label=_("Registered on"))
    tier = forms.ChoiceField(label=_("Tier"), choices=Tier.choices)
    sponsor = forms.ChoiceField(label=_("Sponsor"), choices=Sponsor.choices)
    class_code = forms.ChoiceField(label=_("Class"), choices=class_choices)
    union = CleanTextField(label=_("Union or municipality"), max_length=80, required=False)
    ward = CleanTextField(label=_("Ward"), max_length=20, required=False)
    address = CleanTextField(label=_("Village and address"), max_length=200, required=False)


class RegistrationForm(SocietyForm):
    """The same on its page; its office is asked for only where there is a choice."""

    office = forms.ModelChoiceField(label=_("Office"), queryset=Office.objects.none())

    field_order = ["office", "name_bn", "name_en", "reg_no", "reg_on", "order_number", "tier", "sponsor", "class_code"]

    def __init__(self, *args: Any, offices: OfficeQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["office"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = offices
        if len(found := list(offices[:2])) == 1:
            field.initial, field.disabled = found[0], True
            field.widget = forms.HiddenInput()


class StatusForm(OrderMixin):
    """An event that may follow the society's present status."""

    kind = forms.ChoiceField(label=_("What happened"), widget=forms.RadioSelect)
    on = BanglaDateField(label=_("Date of the order"))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed for a cancellation without liquidation."),
    )

    field_order = ["kind", "on", "order_number", "reason"]

    def __init__(self, *args: Any, status: Status, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(kind.value, kind.label) for kind in events_open_to(status)]

    def clean_kind(self) -> EventKind:
        return EventKind(self.cleaned_data["kind"])


class TransferForm(OrderMixin):
    """The office a society goes to."""

    to = forms.ModelChoiceField(label=_("To office"), queryset=Office.objects.none())
    on = BanglaDateField(label=_("Date of the order"))
    reason = forms.CharField(
        label=_("Reason"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    field_order = ["to", "on", "order_number", "reason"]

    def __init__(self, *args: Any, offices: OfficeQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = offices


class WithdrawForm(forms.Form):
    """Why a record is taken back."""

    reason = CleanTextField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What was wrong. It stays in the record of acts with your name."),
    )
