"""Refuses any view that carries no permission decision, and any officer without the right it names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from offices.access import Access


class AccessMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        if request.path.startswith(tuple(settings.PATHS_WITH_OWN_ACCESS)):
            return None
        access: Access | None = getattr(view, "access", None)
        if access is None:
            raise PermissionDenied(f"{view.__module__}.{getattr(view, '__name__', view)} has no permission decision")
        if access.is_public:
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if access.rights and not any(request.user.has_perm(code) for code in access.rights):
            raise PermissionDenied
        return None
