"""Returns in the administration: shown within the officer's offices, never changed there."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from offices.access import officer_of
from offices.admin_rights import ReadOnly
from offices.querysets import within
from returns.models import Baseline, Form, LineTarget, Return, ReturnVersion


class Kept(ReadOnly):
    """Shown to whoever may see returns; ``scope`` is the path by which rows are kept apart."""

    right = "returns.view_return"
    scope = "office__path"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)  # type: ignore[misc]
        paths = [posting.office.path for posting in officer_of(request).current_postings]
        return within(rows, paths, self.scope) if self.scope else rows


@admin.register(Form)
class FormAdmin(Kept, admin.ModelAdmin[Form]):
    scope = ""
    list_display = ["code", "number", "valid_from", "published_at"]
    exclude = ["catalogue"]


@admin.register(Return)
class ReturnAdmin(Kept, admin.ModelAdmin[Return]):
    scope = "office_path"
    list_display = ["office", "period", "state", "first_submitted_at"]
    list_filter = ["state"]
    list_select_related = ["office"]
    search_fields = ["office__code", "period"]


@admin.register(ReturnVersion)
class ReturnVersionAdmin(Kept, admin.ModelAdmin[ReturnVersion]):
    scope = "ret__office_path"
    list_display = ["ret", "number", "state", "submitted_at", "decided_at", "is_verified_on_import"]
    list_filter = ["state"]
    list_select_related = ["ret__office"]


@admin.register(LineTarget)
class LineTargetAdmin(Kept, admin.ModelAdmin[LineTarget]):
    list_display = ["office", "fiscal_year", "cell", "amount"]
    list_select_related = ["office"]
    search_fields = ["office__code"]


@admin.register(Baseline)
class BaselineAdmin(Kept, admin.ModelAdmin[Baseline]):
    list_display = ["office", "period", "entered_by", "verified_by"]
    list_select_related = ["office", "entered_by", "verified_by"]
