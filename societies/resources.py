"""Societies as rows of a spreadsheet."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from import_export import resources
from import_export.fields import Field

from societies.models import Society

#: A spreadsheet takes a text that begins so for a formula.
_FORMULA_BEGINNINGS = ("=", "+", "-", "@", "\t", "\r")


class SocietyResource(resources.ModelResource):  # type: ignore[misc]
    """Heads in the reader's language; dates and digits as machines read them."""

    code = Field(attribute="code", column_name=_("Code"))
    office = Field(attribute="office__name", column_name=_("Office"))
    reg_no = Field(attribute="reg_no", column_name=_("Registration number"))
    reg_on = Field(attribute="reg_on", column_name=_("Registered on"))
    name_bn = Field(attribute="name_bn", column_name=_("Name in Bangla"))
    name_en = Field(attribute="name_en", column_name=_("Name in English"))
    tier = Field(attribute="get_tier_display", column_name=_("Tier"))
    sponsor = Field(attribute="get_sponsor_display", column_name=_("Sponsor"))
    class_label = Field(attribute="class_label", column_name=_("Class"))
    union = Field(attribute="union", column_name=_("Union or municipality"))
    ward = Field(attribute="ward", column_name=_("Ward"))
    address = Field(attribute="address", column_name=_("Village and address"))
    status = Field(attribute="get_status_display", column_name=_("Status"))

    class Meta:
        model = Society
        fields = (
            "code",
            "office",
            "reg_no",
            "reg_on",
            "name_bn",
            "name_en",
            "tier",
            "sponsor",
            "class_label",
            "union",
            "ward",
            "address",
            "status",
        )

    def get_export_headers(self, *args: Any, **kwargs: Any) -> list[str]:
        return [str(field.column_name) for field in self.get_export_fields()]

    def export_field(self, field: Any, instance: Society, **kwargs: Any) -> str:
        text = str(super().export_field(field, instance, **kwargs) or "")
        return f"'{text}" if text.startswith(_FORMULA_BEGINNINGS) else text
