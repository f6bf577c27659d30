"""Every page a reader can open, from the rows of the permission matrix: its address and somebody who may see it.

A room that registers its addresses in ``tests/matrix/`` is visited without another word.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client
from django.urls import reverse

import tests.matrix
from offices.choices import Post
from offices.models import Office, Officer
from tests.matrix import ROWS, Row, World

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass(frozen=True)
class Visit:
    """A page to open, by whom (None: a stranger)."""

    name: str
    address: str
    officer: Officer | None


def visits(world: World, *, every: int = 1) -> list[Visit]:
    """One visit of each address (or of every so many) that answers a GET with a page."""
    for module in pkgutil.iter_modules(tests.matrix.__path__):
        importlib.import_module(f"tests.matrix.{module.name}")
    rows = [row for _name, row in sorted(ROWS.items()) if row.get][::every]
    first = (next(_visits_of(row, world), None) for row in rows)
    logged_in = world.officer(Post.UPAZILA_OFFICER)
    own = [Visit(name, reverse(name), logged_in) for name in ("account_change_password", "mfa_index")]
    return [
        Visit("login", reverse("account_login"), None),
        Visit("home", reverse("reports:home"), logged_in),
        Visit("not found", "/no-such-page/", None),
        *own,
        *(visit for visit in first if visit),
    ]


def _visits_of(row: Row, world: World) -> Iterator[Visit]:
    """Those who may read the row's page, strangers first; only answers that are pages."""
    assert row.get
    for post in Post:
        for office in [world.seat[post]] if row.factory is None else world.targets(post):
            if not row.get(post, world.seat[post], office):
                continue
            address = _address(row, world, office)
            officer = None if row.get.anonymous else world.officer(post)
            if address and _is_page(address, officer):
                yield Visit(row.name, address, officer)


def _address(row: Row, world: World, office: Office) -> str | None:
    kwargs = row.factory(world, office) if row.factory else {}
    return None if kwargs is None else reverse(row.name, kwargs=kwargs)


def _is_page(address: str, officer: Officer | None) -> bool:
    client = Client()
    if officer:
        client.force_login(officer, backend=BACKEND)
    response = client.get(address)
    assert isinstance(response, HttpResponse) or response.status_code
    if isinstance(response, StreamingHttpResponse):
        b"".join(response.streaming_content)  # a file stays open until it is sent
    return response.status_code == 200 and response["Content-Type"].startswith("text/html")
