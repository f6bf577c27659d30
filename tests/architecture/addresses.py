"""The addresses of the portal, read from its URL conf."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from tests.exemptions import OWN_ACCESS


@dataclass(frozen=True)
class Address:
    """One URL pattern: its whole route, its name with namespaces, and the view behind it."""

    route: str
    name: str
    view: Callable[..., Any]
    arguments: frozenset[str]

    @property
    def has_own_access(self) -> bool:
        return self.route.startswith(tuple(OWN_ACCESS))


def walk(resolver: URLResolver | None = None, route: str = "", spaces: tuple[str, ...] = ()) -> Iterator[Address]:
    """Every address of the URL conf."""
    for entry in (resolver or get_resolver()).url_patterns:
        here = route + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from walk(entry, here, inner)
        elif isinstance(entry, URLPattern):
            yield Address(here, ":".join((*spaces, entry.name or "")), entry.callback, _arguments(here))


def _arguments(route: str) -> frozenset[str]:
    return frozenset(part.split(">")[0].split(":")[-1] for part in route.split("<")[1:])


def own_addresses() -> list[Address]:
    """Addresses of our own rooms, without those whose software decides for itself."""
    return [address for address in walk() if not address.has_own_access]
