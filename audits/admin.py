"""Django's admin shows audits; every write goes through the pages and services."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from audits.models import Audit, Collection
from audits.querysets import AuditQuerySet
from offices.access import officer_of
from offices.admin_rights import ReadOnly

RIGHT = "audits.view_audit"


class CollectionInline(ReadOnly, admin.TabularInline[Collection, Audit]):
    right = RIGHT
    model = Collection
    fields = ["kind", "amount", "on", "challan", "by", "at"]


@admin.register(Audit)
class AuditAdmin(ReadOnly, admin.ModelAdmin[Audit]):
    right = RIGHT
    list_display = ["society", "office", "audit_year", "state", "auditor", "completed_on"]
    list_filter = ["state", "audit_year"]
    list_select_related = ["office", "society"]
    search_fields = ["society__search_key"]
    inlines = [CollectionInline]

    def get_queryset(self, request: HttpRequest) -> AuditQuerySet:
        rows: AuditQuerySet = super().get_queryset(request)  # type: ignore[assignment]
        return rows.visible_to(officer_of(request))
