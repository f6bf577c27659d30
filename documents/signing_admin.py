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
from offices.admin_rights import ReadOnly
from offices.querysets import within


@admin.register(OfficerKey)
class OfficerKeyAdmin(ReadOnly, admin.ModelAdmin[OfficerKey]):
    right = "documents.revoke_key"
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

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return officer_of(request).has_perm(self.right, obj.posting if obj else None)
