"""How the list of societies is narrowed."""

from __future__ import annotations

from typing import Any

import django_filters
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from offices.access import officer_of
from offices.models import Office
from offices.querysets import OfficeQuerySet
from societies.choices import LIVE, Sponsor, Status, Tier
from societies.models import Society
from societies.querysets import SocietyQuerySet


def offices_seen(request: HttpRequest | None) -> OfficeQuerySet:
    """Offices that this reader may choose from."""
    if request is None:
        return Office.objects.none()
    return Office.objects.visible_to(officer_of(request)).order_by("path")


class SocietyFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(label=_("Name or number"), method="find")
    office = django_filters.ModelChoiceFilter(
        label=_("Office"), queryset=offices_seen, to_field_name="code", method="below", empty_label=_("all")
    )
    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=[(s, s.label) for s in (*LIVE, Status.CANCELLED)], empty_label=_("all")
    )
    tier = django_filters.ChoiceFilter(label=_("Tier"), choices=Tier.choices, empty_label=_("all"))
    sponsor = django_filters.ChoiceFilter(label=_("Sponsor"), choices=Sponsor.choices, empty_label=_("all"))

    class Meta:
        model = Society
        fields = ["q", "office", "status", "tier", "sponsor"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if all(posting.office.is_leaf for posting in officer_of(self.request).current_postings):
            del self.filters["office"]

    def find(self, rows: SocietyQuerySet, name: str, value: str) -> SocietyQuerySet:
        return rows.matching(value[:200])

    def below(self, rows: SocietyQuerySet, name: str, value: Office) -> SocietyQuerySet:
        return rows.below(value)
