"""What fields of forms take, and what they say of the rest."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError

from core.forms import BanglaTextField
from offices.life_forms import OpenForm
from offices.officer_book import OfficerRowForm
from offices.officer_forms import InvitationForm, PersonForm
from societies.book import SocietyRowForm
from societies.forms import RegistrationForm


@pytest.mark.parametrize("name", ["হাতীবান্ধা", "ঢাকা-১", "ড়", "ABC সমিতি লিঃ"])
def test_a_name_in_bangla_is_one_with_a_bangla_letter(name: str) -> None:
    assert BanglaTextField().clean(name) == name


@pytest.mark.parametrize("name", ["Hatibandha", "১২৩", "১২ no.", "।", "ঃ", "-"])
def test_a_name_without_a_bangla_letter_is_refused_with_what_to_do(name: str) -> None:
    with pytest.raises(ValidationError, match="কোনো বাংলা অক্ষর নেই। নামটি বাংলায় লিখুন"):
        BanglaTextField().clean(name)


def test_what_may_be_blank_stays_blank() -> None:
    assert BanglaTextField(required=False).clean(" ") == ""
    with pytest.raises(ValidationError) as refused:
        BanglaTextField().clean(" ")
    assert refused.value.error_list[0].code == "required"


@pytest.mark.parametrize(
    "form", [InvitationForm, OfficerRowForm, PersonForm, OpenForm, RegistrationForm, SocietyRowForm]
)
def test_every_form_with_a_name_in_bangla_asks_for_bangla(form: Any) -> None:
    fields: dict[str, forms.Field] = form.base_fields
    assert isinstance(fields["name_bn"], BanglaTextField)
