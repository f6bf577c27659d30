"""Pages for what went wrong. They need neither database nor session, so that they can always be shown."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language


def _page(template: str, status: int) -> HttpResponse:
    context = {
        "LANGUAGE_CODE": get_language() or settings.LANGUAGE_CODE,
        "portal": {"is_demo": settings.PORTAL_DEMO, "version": settings.PORTAL_VERSION},
    }
    return HttpResponse(render_to_string(template, context), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What was sent cannot be read: too large, broken, or for another host."""
    return _page("400.html", 400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without the proof that it came from our own page."""
    return _page("403_csrf.html", 403)


def server_error(request: HttpRequest) -> HttpResponse:
    """An error of the portal itself."""
    return _page("500.html", 500)
