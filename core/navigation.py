"""Navigation by post. Each room offers its own places from its ``permissions.py``; the page's head names none of them.

register_item("societies:list", _("Societies"), right="societies.view_society", order=30)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

Address = Callable[[Any], str | None]


class Audience(StrEnum):
    """Who is shown an item: officers (with its right, if it names one), strangers, or both."""

    OFFICERS = "officers"
    STRANGERS = "strangers"
    EVERYONE = "everyone"


class Place(StrEnum):
    """Where an item stands: in the head, in the head behind the word “more”, in the person's menu."""

    MAIN = "main"
    MORE = "more"
    PERSON = "person"


@dataclass(frozen=True)
class Item:
    """One offered place: a URL name, or a function from the officer to an address (None: not shown to them)."""

    target: str | Address
    label: str | StrPromise
    right: str = ""
    order: int = 50
    audience: Audience = Audience.OFFICERS
    place: Place = Place.MAIN

    def is_shown_to(self, user: Any) -> bool:
        if self.audience is Audience.EVERYONE:
            return True
        if not user.is_authenticated:
            return self.audience is Audience.STRANGERS
        return self.audience is Audience.OFFICERS and (not self.right or user.has_perm(self.right))

    def address_for(self, user: Any) -> str | None:
        """Where it leads for this user; None while its page does not exist."""
        if not isinstance(self.target, str):
            return self.target(user)
        try:
            return reverse(self.target)
        except NoReverseMatch:
            return None


@dataclass(frozen=True)
class Link:
    """An item as one page shows it."""

    address: str
    label: str | StrPromise
    is_here: bool = False
    is_exact: bool = False


_ITEMS: dict[tuple[Place, str], Item] = {}
_HEAD = (Place.MAIN, Place.MORE)


def register_item(
    target: str | Address,
    label: str | StrPromise,
    *,
    right: str = "",
    order: int = 50,
    audience: Audience = Audience.OFFICERS,
    place: Place = Place.MAIN,
) -> None:
    """Offer a place in the navigation; offering the same target again replaces it."""
    key = target if isinstance(target, str) else f"{target.__module__}.{target.__qualname__}"
    _ITEMS[place, key] = Item(target, label, right, order, audience, place)


def links_for(request: HttpRequest, place: Place) -> list[Link]:
    """The items this request's user may follow, in order, the present one marked; in the head there is one of them,
    in sight or behind “more”."""
    beside = _HEAD if place in _HEAD else (place,)
    items = sorted((item for item in _ITEMS.values() if item.place in beside), key=lambda item: item.order)
    shown = [item for item in items if item.is_shown_to(request.user)]
    pairs = [(item, address) for item in shown if (address := item.address_for(request.user))]
    here = max(
        (a for _item, a in pairs if request.path == a or (a != "/" and request.path.startswith(a))), key=len, default=""
    )
    return [
        Link(a, item.label, is_here=bool(here) and a == here, is_exact=a == request.path)
        for item, a in pairs
        if item.place is place
    ]
