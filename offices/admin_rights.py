"""What Django's admin may show and write: it asks our rights, not Django's permission rows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from offices.access import officer_of


class ByRight:
    """Rows of whoever holds ``right`` anywhere; nothing is ever deleted here."""

    right = ""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return officer_of(request).has_perm(self.right)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnly(ByRight):
    """Shown and never written here: every write goes through pages and services."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
