"""What is filled in about officers and their postings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.clock import today
from core.forms import BanglaDateField, BanglaTextField, CleanTextField
from offices.choices import POSTS_OF_KIND, OfficeKind, Post
from offices.models import Office, Officer
from offices.querysets import OfficeQuerySet
from offices.titles import office_title


class OfficeChoice(forms.ModelChoiceField[Office]):
    """An office by its full name, in the order of the tree."""

    def label_from_instance(self, obj: Office) -> str:
        return f"{office_title(obj)} ({obj.code})"


class PersonForm(forms.ModelForm[Officer]):
    name_bn = BanglaTextField(label=_("Name in Bangla"), max_length=120)
    name_en = CleanTextField(label=_("Name in English"), max_length=120)
    phone = CleanTextField(label=_("Phone"), max_length=20, required=False)

    class Meta:
        model = Officer
        fields = ["name_bn", "name_en", "phone", "email"]


class PostingForm(forms.Form):
    """A posting to an office of those that the reader manages."""

    office = OfficeChoice(label=_("Office"), queryset=Office.objects.none(), to_field_name="code", empty_label="—")
    post = forms.ChoiceField(label=_("Post"))
    starts_on = BanglaDateField(label=_("Posted from"), initial=today)
    is_acting = forms.BooleanField(label=_("Acting charge"), required=False)

    def __init__(self, *args: Any, offices: OfficeQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        office, post = self.fields["office"], self.fields["post"]
        assert isinstance(office, OfficeChoice) and isinstance(post, forms.ChoiceField)
        office.queryset = offices.order_by("path")
        kinds = offices.order_by().values_list("kind", flat=True).distinct()
        held = dict.fromkeys(post for kind in kinds for post in POSTS_OF_KIND[OfficeKind(kind)])
        post.choices = [("", "—"), *((one.value, one.label) for one in Post if one in held)]

    def clean_post(self) -> Post:
        return Post(self.cleaned_data["post"])


class AccountForm(forms.Form):
    """The person behind a new account."""

    username = CleanTextField(
        label=_("Log-in name"),
        max_length=60,
        help_text=_("English letters, digits and dots, for example uo.hatibandha. It never changes."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )
    name_bn = BanglaTextField(label=_("Name in Bangla"), max_length=120)
    name_en = CleanTextField(label=_("Name in English"), max_length=120)
    phone = CleanTextField(label=_("Phone"), max_length=20, required=False)


class InvitationForm(AccountForm, PostingForm):
    """A new officer with the first posting."""

    field_order = ["username", "name_bn", "name_en", "phone"]


class EndForm(forms.Form):
    """The last day of a posting."""

    ends_on = BanglaDateField(label=_("Last day"))


class ResetForm(forms.Form):
    """What goes with the old password."""

    drops_second_factor = forms.BooleanField(label=_("Drop the second factor, too (the phone is lost)"), required=False)
