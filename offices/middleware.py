"""Refuses any view that carries no permission decision, and any officer without the right it names.

A one-time password opens one page only: where it is changed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from core.unsent import unsent_fields
from offices.access import Access
from offices.places import remembering

UNSENT = "unsent-form"
OPEN_BEFORE_THE_CHANGE = {"account_change_password", "account_logout", "set_language"}


class AccessMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with remembering():
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        if _must_change_first(request):
            return redirect("account_change_password")
        if request.path.startswith(tuple(settings.PATHS_WITH_OWN_ACCESS)):
            return None
        access: Access | None = getattr(view, "access", None)
        if access is None:
            raise PermissionDenied(f"{view.__module__}.{getattr(view, '__name__', view)} has no permission decision")
        if access.is_public:
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(_kept_for_later(request) or request.get_full_path())
        if request.method == "POST" and request.session.get(UNSENT, {}).get("path") == request.get_full_path():
            del request.session[UNSENT]
        if access.rights and not any(request.user.has_perm(code) for code in access.rights):
            raise PermissionDenied
        return None


def _kept_for_later(request: HttpRequest) -> str:
    """Keep a form sent after the log-in had ended; where it waits for its sender, or nothing."""
    fields = unsent_fields(request)
    if not fields:
        return ""
    request.session[UNSENT] = {"path": request.get_full_path(), "fields": fields}
    return reverse("offices:resume")


def _must_change_first(request: HttpRequest) -> bool:
    match = request.resolver_match
    if match is None or match.view_name in OPEN_BEFORE_THE_CHANGE or not request.user.is_authenticated:
        return False
    return request.user.must_change_password
