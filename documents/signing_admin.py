"""Signing keys in Django's admin: shown, and revoked through the service by whoever may."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.clock import now
from core.errors import UserError
from documents.keys import revoke_key
from documents.signing_models import OfficerKey
from offices.access import officer_of
from offices.querysets import within

RIGHT = "documents.revoke_key"


@admin.register(OfficerKey)
class OfficerKeyAdmin(admin.ModelAdmin[OfficerKey]):
    list_display = ["officer", "posting", "serial", "issued_at", "expires_at", "revoked_at", "locked_until"]
    list_select_related = ["officer", "posting__office"]
    search_fields = ["officer__username", "officer__name_bn", "officer__name_en", "serial"]
    exclude = ["box"]
    actions = ["revoke"]

    @admin.action(description=_("Revoke the chosen keys"), permissions=["view"])
    def revoke(self, request: HttpRequest, keys: QuerySet[OfficerKey]) -> None:
        """Revoke each key that is still in force."""
        by = officer_of(request)
        for key in keys.filter(revoked_at__isnull=True):
            try:
                revoke_key(key=key, reason=str(_("revoked by the administration")), by=by, at=now())
            except (UserError, PermissionDenied) as error:
                messages.error(request, str(error))

    def get_queryset(self, request: HttpRequest) -> QuerySet[OfficerKey]:
        paths = [posting.office.path for posting in officer_of(request).current_postings]
        return within(super().get_queryset(request), paths, "posting__office__path")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return officer_of(request).has_perm(RIGHT)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return officer_of(request).has_perm(RIGHT, obj.posting if obj else None)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
