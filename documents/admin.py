"""Documents and files in Django's admin: shown, never changed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from documents import signing_admin  # noqa: F401 (registers the keys)
from documents.models import Document
from offices.access import officer_of
from offices.admin_rights import ReadOnly


@admin.register(Document)
class DocumentAdmin(ReadOnly, admin.ModelAdmin[Document]):
    right = "documents.view_document"
    list_display = ["printed_code", "kind", "title_bn", "office", "state", "created_at"]
    list_filter = ["kind", "state", "is_demo"]
    list_select_related = ["office"]
    search_fields = ["code", "title_bn", "title_en", "office__code"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        visible = Document.objects.visible_to(officer_of(request)).values("pk")
        return super().get_queryset(request).filter(pk__in=visible)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return officer_of(request).has_perm(self.right, obj)
