"""Django's admin shows the register; every write goes through the pages and services."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from offices.access import officer_of
from offices.admin_rights import ReadOnly
from societies.models import Society, StatusEvent
from societies.querysets import SocietyQuerySet

RIGHT = "societies.view_society"


class EventInline(ReadOnly, admin.TabularInline[StatusEvent, Society]):
    right = RIGHT
    model = StatusEvent
    fields = ["sequence", "kind", "on", "status", "office", "order_number", "by", "at"]


@admin.register(Society)
class SocietyAdmin(ReadOnly, admin.ModelAdmin[Society]):
    right = RIGHT
    list_display = ["code", "name_bn", "reg_no", "office", "tier", "sponsor", "status"]
    list_filter = ["status", "tier", "sponsor"]
    list_select_related = ["office"]
    search_fields = ["search_key"]
    inlines = [EventInline]

    def get_queryset(self, request: HttpRequest) -> SocietyQuerySet:
        rows: SocietyQuerySet = super().get_queryset(request)  # type: ignore[assignment]
        return rows.visible_to(officer_of(request))
