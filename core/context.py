"""What every page knows: its navigation, whether this is a demonstration, the portal's version and day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from core import clock
from core.navigation import Link, Place, links_for


@dataclass
class PortalContext:
    """Lazy: a page that shows no head asks nothing."""

    request: HttpRequest

    @property
    def is_demo(self) -> bool:
        return bool(settings.PORTAL_DEMO)

    @property
    def version(self) -> str:
        return str(settings.PORTAL_VERSION)

    @property
    def today(self) -> date:
        return clock.today()

    @cached_property
    def navigation(self) -> list[Link]:
        return links_for(self.request, Place.MAIN)

    @cached_property
    def more(self) -> list[Link]:
        return links_for(self.request, Place.MORE)

    @cached_property
    def person_menu(self) -> list[Link]:
        return links_for(self.request, Place.PERSON)


def portal(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``portal`` in every template."""
    return {"portal": PortalContext(request)}
