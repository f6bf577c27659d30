"""Django's admin shows the register; every write goes through the pages and services."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from offices.access import officer_of
from societies.models import Society, StatusEvent
from societies.querysets import SocietyQuerySet


class ReadOnly:
    """Shown to whoever may see societies, within their offices; never written here."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return officer_of(request).has_perm("societies.view_society")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class EventInline(ReadOnly, admin.TabularInline[StatusEvent, Society]):
    model = StatusEvent
    fields = ["sequence", "kind", "on", "status", "office", "order_number", "by", "at"]


@admin.register(Society)
class SocietyAdmin(ReadOnly, admin.ModelAdmin[Society]):
    list_display = ["code", "name_bn", "reg_no", "office", "tier", "sponsor", "status"]
    list_filter = ["status", "tier", "sponsor"]
    list_select_related = ["office"]
    search_fields = ["search_key"]
    inlines = [EventInline]

    def get_queryset(self, request: HttpRequest) -> SocietyQuerySet:
        rows: SocietyQuerySet = super().get_queryset(request)  # type: ignore[assignment]
        return rows.visible_to(officer_of(request))
