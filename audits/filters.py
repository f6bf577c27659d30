"""How the list of audits is narrowed."""

from __future__ import annotations

from typing import Any

import django_filters
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from audits.choices import AuditState
from audits.models import Audit
from audits.querysets import AuditQuerySet
from core.clock import today
from core.periods import FiscalYear
from core.text import search_key
from offices.access import officer_of
from offices.models import Office
from offices.querysets import within
from societies.filters import offices_seen

YEARS_SHOWN = 6


def audit_years() -> list[tuple[str, str]]:
    """This audit year and the ones before it."""
    year = FiscalYear.of(today())
    return [(y.key, y.label()) for y in (year.shift(-n) for n in range(YEARS_SHOWN))]


class AuditFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Without a choice: the present audit year."""

    q = django_filters.CharFilter(label=_("Society"), method="find")
    year = django_filters.ChoiceFilter(
        label=_("Audit year"), choices=audit_years, method="of_year", empty_label=_("all")
    )
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[*AuditState.choices, ("overdue", _("overdue")), ("unpaid", _("not wholly collected"))],
        method="in_state",
        empty_label=_("all"),
    )
    office = django_filters.ModelChoiceFilter(
        label=_("Office"), queryset=offices_seen, to_field_name="code", method="below", empty_label=_("all")
    )

    class Meta:
        model = Audit
        fields = ["q", "year", "state", "office"]

    def __init__(self, data: Any, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        data = data.copy()
        data.setdefault("year", FiscalYear.of(today()).key)
        super().__init__(data, *args, request=request, **kwargs)
        if all(posting.office.is_leaf for posting in officer_of(request).current_postings):
            del self.filters["office"]

    def find(self, rows: AuditQuerySet, name: str, value: str) -> AuditQuerySet:
        for word in search_key(value[:200]).split():
            rows = rows.filter(society__search_key__contains=word)
        return rows

    def of_year(self, rows: AuditQuerySet, name: str, value: str) -> AuditQuerySet:
        return rows.filter(audit_year=FiscalYear.parse(value))

    def in_state(self, rows: AuditQuerySet, name: str, value: str) -> AuditQuerySet:
        if value == "overdue":
            return rows.overdue(today())
        return rows.unpaid() if value == "unpaid" else rows.filter(state=value)

    def below(self, rows: AuditQuerySet, name: str, value: Office) -> AuditQuerySet:
        return within(rows, [value.path])
