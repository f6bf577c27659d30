"""A brake on whoever tries codes: unknown ones are counted by address for a minute; known ones never are."""

from __future__ import annotations

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

ALLOWED_MISSES = 30
WINDOW = 60
"""Seconds."""


def is_guessing(request: HttpRequest) -> bool:
    """Whether this address has asked for too many unknown codes within the last minute."""
    return int(cache.get(_key(request), 0)) >= ALLOWED_MISSES


def note_miss(request: HttpRequest) -> None:
    key = _key(request)
    if not cache.add(key, 1, WINDOW):
        try:
            cache.incr(key)
        except ValueError:  # it ran out between the two calls
            cache.set(key, 1, WINDOW)


def _key(request: HttpRequest) -> str:
    return f"documents.misses:{_visitor(request)}"


def _visitor(request: HttpRequest) -> str:
    """The visitor's address: where the settings trust a reverse proxy the one it wrote down, else whoever connects."""
    trusted = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    noted = request.headers.get("X-Forwarded-For", "").split(",")
    if trusted and noted[-trusted:][0].strip():
        return noted[-trusted:][0].strip()[:60]
    return str(request.META.get("REMOTE_ADDR", ""))
