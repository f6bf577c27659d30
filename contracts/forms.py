"""What officers type about agreements."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.models import AgreementLine
from contracts.services import MAX_REASON
from contracts.values import ValueType
from core.forms import CleanTextField


class AchievementForm(forms.Form):
    """What a line has achieved, with the reason; the service reads the value."""

    value = forms.CharField(label=_("Achieved"), max_length=40)
    reason = CleanTextField(
        label=_("Reason"),
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Where the figure comes from: register, order or minutes, with number and date."),
    )

    def __init__(self, *args: Any, line: AgreementLine, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["value"]
        field.widget.attrs.update(inputmode="decimal", autocomplete="off")
        if line.kind is ValueType.DATE:
            field.help_text = _("The day it was done: day-month-year, for example ৩১-০৭-২০২৩.")
            field.widget.attrs["inputmode"] = "numeric"
        else:
            field.help_text = line.unit


class SigningForm(forms.Form):
    """The two secrets of a signature; neither is ever shown again."""

    passphrase = forms.CharField(
        label=_("Passphrase"),
        max_length=200,
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("The words shown to you once when your signing key was made."),
    )
    code = forms.CharField(
        label=_("Code of your authenticator app"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        help_text=_("Six digits; each code signs once."),
    )


class ReasonForm(forms.Form):
    """Why a proposal goes back."""

    reason = CleanTextField(
        label=_("What should change"), max_length=MAX_REASON, widget=forms.Textarea(attrs={"rows": 3})
    )
