"""Django's admin shows offices, officers and postings; every write goes through the pages and services."""

from __future__ import annotations

from django.contrib import admin

from offices.admin_rights import ReadOnly
from offices.models import Office, Officer, Posting

#: Held by system administrators alone, who see the whole tree.
RIGHT = "offices.manage_offices"


@admin.register(Office)
class OfficeAdmin(ReadOnly, admin.ModelAdmin[Office]):
    right = RIGHT
    list_display = ["code", "name_bn", "name_en", "kind", "parent"]
    list_filter = ["kind"]
    list_select_related = ["parent"]
    search_fields = ["code", "name_bn", "name_en"]


@admin.register(Officer)
class OfficerAdmin(ReadOnly, admin.ModelAdmin[Officer]):
    right = RIGHT
    fields = ["username", "name_bn", "name_en", "email", "phone", "is_active", "is_staff"]
    list_display = ["username", "name_bn", "name_en", "phone", "is_active"]
    search_fields = ["username", "name_bn", "name_en"]


@admin.register(Posting)
class PostingAdmin(ReadOnly, admin.ModelAdmin[Posting]):
    right = RIGHT
    list_display = ["officer", "post", "office", "starts_on", "ends_on", "is_acting"]
    list_filter = ["post", "is_acting"]
    list_select_related = ["officer", "office"]
    search_fields = ["officer__username", "officer__name_bn", "office__code", "office__name_bn"]
