"""Components: what screen readers get, and that a form's errors lead to its fields."""

from __future__ import annotations

import re

import pytest
from django import forms
from django.template.loader import render_to_string
from django.utils import translation

from core.forms import AmountField
from core.numbers import Unit


class FeeForm(forms.Form):
    fee = AmountField(unit=Unit.TAKA, label="Fee", help_text="In taka")
    remark = forms.CharField(label="Remark", required=False)
    sure = forms.BooleanField(label="Sure")


@pytest.fixture(autouse=True)
def in_english() -> object:
    with translation.override("en"):
        yield


def test_a_field_ties_label_hint_and_error_to_its_input() -> None:
    html = str(FeeForm({"fee": "twelve"})["fee"].as_field_group())
    assert '<label for="id_fee">Fee' in html
    (described,) = re.findall(r'aria-describedby="([^"]*)"', html)
    for part in described.split():
        assert f'id="{part}"' in html
    assert described == "id_fee_helptext id_fee_error"
    assert 'aria-invalid="true"' in html and 'inputmode="decimal"' in html


def test_a_tick_stands_before_its_label() -> None:
    html = str(FeeForm({})["sure"].as_field_group())
    assert html.index("<input") < html.index('<label for="id_sure"') and html.count("<input") == 1
    assert 'id="id_sure_error"' in html


def test_only_optional_fields_say_so() -> None:
    form = FeeForm()
    assert "optional" in form["remark"].as_field_group()
    assert "optional" not in form["fee"].as_field_group()


def test_typed_markup_stays_text() -> None:
    html = str(FeeForm({"fee": "<b>", "remark": "<script>"}))
    assert "<script>" not in html and "<b>" not in html


def test_the_summary_links_every_error_to_its_field_and_takes_the_focus() -> None:
    html = render_to_string("components/error_summary.html", {"form": FeeForm({"fee": ""})})
    assert 'href="#id_fee"' in html and 'role="alert"' in html and "autofocus" in html


def test_a_whole_form_says_what_is_wrong_with_it_as_a_whole() -> None:
    form = FeeForm({"fee": "12", "sure": "on"})
    form.add_error(None, "Nothing of this goes together.")
    assert "Nothing of this goes together." in str(form)


def test_the_summary_is_silent_without_errors() -> None:
    for form in (FeeForm(), FeeForm({"fee": "12", "sure": "on"})):
        assert render_to_string("components/error_summary.html", {"form": form}).strip() == ""


@pytest.mark.parametrize(
    "state", ["draft", "submitted", "verified", "on-import", "returned", "late", "amended", "missing"]
)
def test_a_state_is_a_shape_of_its_own_and_a_word(state: str) -> None:
    html = render_to_string("components/state_tag.html", {"state": state})
    assert f"tag--{state}" in html and "<svg" in html
    assert re.sub(r"<[^>]+>", "", html).strip()


def test_shapes_differ_without_colour() -> None:
    states = ("draft", "submitted", "verified", "on-import", "returned", "late", "amended", "missing")
    shapes = {
        re.findall(r"<svg.*?</svg>", render_to_string("components/state_tag.html", {"state": s}))[0] for s in states
    }
    assert len(shapes) == len(states)


def test_a_state_takes_another_word() -> None:
    assert "waiting" in render_to_string("components/state_tag.html", {"state": "submitted", "word": "waiting"})
