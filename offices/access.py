"""Every view's permission decision. A view without one is refused by `offices.middleware.AccessMiddleware`."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest

from core.access import Access, officers_only, public
from offices.models import Officer

__all__ = ["Access", "officer_of", "officers_only", "public"]


def officer_of(request: HttpRequest) -> Officer:
    """The logged-in officer, typed."""
    return cast(Officer, request.user)
