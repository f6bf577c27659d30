"""Invented specimens for the living page: one of each component, in the states it can take."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from core.charts import Column, Mark, bullet_chart, progress_bar, spark, trend_chart
from core.forms import AmountField, BanglaDateField
from core.numbers import Unit
from core.templatetags.figures import amount, digits

MONTHS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)
AUDITS = (4, 9, 12, 20, 26, 31, 38, 44, 49, 55, None, None)


class SpecimenForm(forms.Form):
    """A field of each kind."""

    fee = AmountField(unit=Unit.TAKA, label="Fee", help_text="In taka")
    completed_on = BanglaDateField(label="Completed on")
    kind = forms.ChoiceField(label="Kind", choices=[("", "—"), ("gp", "General primary"), ("bp", "BRDB primary")])
    remark = forms.CharField(label="Remark", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    sure = forms.BooleanField(label="Sure", required=False)
    found = forms.ChoiceField(
        label="Found", widget=forms.RadioSelect, choices=[("profit", "Profit"), ("loss", "Loss")], required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {
            "fee": _("Audit fee"),
            "completed_on": _("Completed on"),
            "kind": _("Kind"),
            "remark": _("Remark"),
            "sure": _("I have checked every figure"),
            "found": _("Result"),
        }
        for name, word in words.items():
            self.fields[name].label = word
        self.fields["fee"].help_text = _("In taka")


def specimens() -> dict[str, Any]:
    """Context of the living page."""
    return {
        "form": SpecimenForm(initial={"fee": 1_25_000_00, "kind": "gp"}),
        "wrong_form": SpecimenForm({"fee": "বারো", "completed_on": "০১/২৫/২০২৬", "kind": "gp"}),
        "states": ("draft", "submitted", "verified", "on-import", "returned", "late", "amended", "missing"),
        "kinds": ("info", "success", "warn", "error"),
        "tasks": [
            {"address": "#a", "label": _("A Societies"), "state": "verified"},
            {"address": "#b", "label": _("B Members"), "state": "submitted", "is_here": True},
            {"address": "#c", "label": _("C Capital"), "state": "draft"},
        ],
        "colours": ("paper", "sheet", "ink", "muted", "green", "red", "ochre", "slate", "line", "line-strong"),
        "bullets": [_bullet(Fraction(9737, 100), "551"), _bullet(Fraction(7250, 100), "410"), _bullet(0, "12")],
        "spark": spark(AUDITS, title=_("Audits completed"), description=_("July to June")),
        "trend": trend_chart(
            [Column(str(digits(n)), value, amount(value)) for n, value in zip(MONTHS, AUDITS, strict=True)],
            title=_("Audits completed"),
            description=_("July to June"),
        ),
        "bars": [progress_bar(part, 100, title=f"{part} / 100") for part in (0, 61, 130)],
        "people": [
            {
                "username": "specimen",
                "name": _("Mst. Rahima Khatun"),
                "post": _("Upazila cooperative officer"),
                "office": _("Hatibandha"),
                "waits": _("Return of June is due"),
            }
        ]
        * 3,
        "steps": [{"title": title, "text": text} for title, text in _steps()],
    }


def _bullet(score: Fraction | int, place: str) -> str:
    marks = [Mark(percent, str(digits(text))) for percent, text in zip(range(60, 101, 10), _TARGETS, strict=True)]
    return bullet_chart(
        score, marks, title=_("Audits completed"), description=_("On the five-level scale"), place=str(digits(place))
    )


_TARGETS = (340, 396, 453, 509, 566)


def _steps() -> list[tuple[str, str]]:
    return [
        (_("Enter"), _("The upazila confirms the month's figures.")),
        (_("Verify"), _("The district checks and verifies.")),
        (_("Watch"), _("Totals and score move.")),
        (_("Open the PDF"), _("Signed; anyone can verify it.")),
    ]
