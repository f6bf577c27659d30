"""What is chosen with an upload of many returns."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import clock
from core.periods import Period
from offices.models import Officer
from offices.titles import post_title
from returns.models import Form
from returns.uploads import verifiers_for


class UploadForm(forms.Form):
    """The file, its month, and what is to follow the saving."""

    period = forms.TypedChoiceField(label=_("Month"), coerce=Period.parse)
    file = forms.FileField(
        label=_("ZIP of workbooks, or CSV"),
        help_text=_("A CSV begins with the line: office,period,form,line,value"),
        widget=forms.FileInput(attrs={"accept": ".zip,.xlsx,.csv"}),
    )
    submit = forms.BooleanField(label=_("Submit each return after it is filled"), required=False)
    verify_by = forms.TypedChoiceField(
        label=_("To be verified on import by"),
        required=False,
        empty_value=None,
        help_text=_("The immediate superior or an administrator, not you. They agree in their own account."),
    )

    def __init__(self, *args: Any, officer: Officer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        period, judge = self.fields["period"], self.fields["verify_by"]
        assert isinstance(period, forms.TypedChoiceField) and isinstance(judge, forms.TypedChoiceField)
        period.choices = [(month.key, month.label()) for month in _months()]
        people = {one.officer_id: one for one in reversed(verifiers_for(officer, at=clock.now()))}
        judge.choices = [("", _("nobody on import")), *((pk, _title(one)) for pk, one in reversed(people.items()))]
        judge.coerce = lambda pk: people[int(pk)].officer


def _title(posting: Any) -> str:
    return f"{posting.officer.name}, {post_title(posting.post, posting.office)}, {posting.office.name}"


def _months() -> list[Period]:
    """The months that a form was published for, the last full one first, then the present one and those before."""
    now = Period.of(clock.today())
    since = min(Form.objects.values_list("valid_from", flat=True), default=now)
    return [now.previous(), now, *reversed(list(since.until(now.shift(-2))))] if since < now else [now]
