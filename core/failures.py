"""Pages for what went wrong. They need neither database nor session, so that they can always be shown."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.translation import get_language

from core.unsent import is_from_own_page, unsent_fields


def _page(template: str, status: int, **more: object) -> HttpResponse:
    context = more | {
        "LANGUAGE_CODE": get_language() or settings.LANGUAGE_CODE,
        "portal": {"is_demo": settings.PORTAL_DEMO, "version": settings.PORTAL_VERSION},
    }
    return HttpResponse(render_to_string(template, context), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What was sent cannot be read: too large, broken, or for another host."""
    return _page("400.html", 400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without the proof that it came from our own page; what it held may be sent again.

    That is offered only where the browser names our own page as the sender: the form was opened before a log-in.
    """
    fields = unsent_fields(request) if is_from_own_page(request) else []
    return _page("403_csrf.html", 403, fields=fields, path=request.get_full_path(), token=get_token(request))


def server_error(request: HttpRequest) -> HttpResponse:
    """An error of the portal itself."""
    return _page("500.html", 500)
