"""The field by which a filled workbook comes back."""

from django import forms
from django.utils.translation import gettext_lazy as _


class WorkbookForm(forms.Form):
    """The filled workbook."""

    file = forms.FileField(label=_("The filled workbook (.xlsx)"), widget=forms.FileInput(attrs={"accept": ".xlsx"}))
