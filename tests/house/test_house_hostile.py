"""No address breaks under what a hostile hand appends to it or posts: an answer or a refusal, never an error."""

from __future__ import annotations

import importlib
import pkgutil
from http import HTTPStatus
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse
from pytest_django import Settings

import tests.matrix
from offices.choices import Post
from tests.matrix import ROWS, Row, World

for module in pkgutil.iter_modules(tests.matrix.__path__):
    importlib.import_module(f"tests.matrix.{module.name}")

NAMES = (
    "page", "q", "words", "kind", "office", "state", "year", "status", "code", "key", "base", "do", "reason", "cell",
    "audits", "auditor", "on", "amount", "challan", "to", "name_bn", "reg_no", "remark:x:y", "value", "passphrase",
)  # fmt: skip
NASTY = ("\x00", "9" * 30)


def read(answer: Any) -> int:
    """The status of an answer that was read to its end: a streamed file is closed by then."""
    for _block in answer.streaming_content if answer.streaming else ():
        pass
    return int(answer.status_code)


@pytest.mark.full
@pytest.mark.django_db
@pytest.mark.logs_errors("asks for what is refused")
@pytest.mark.parametrize("row", [pytest.param(row, id=name) for name, row in sorted(ROWS.items())])
def test_nothing_nasty_breaks_an_address(row: Row, settings: Settings) -> None:
    world = World()
    settings.PORTAL_CLOCK = world.now
    tree, broken = world.tree, []
    kwargs = next((k for o in (tree.upazila, tree.district) if (k := row.factory(world, o))), {}) if row.factory else {}
    for post in (Post.UPAZILA_OFFICER, Post.DISTRICT_OFFICER):
        client = Client(raise_request_exception=False)
        client.force_login(world.officer(post), backend="allauth.account.auth_backends.AuthenticationBackend")
        for nasty in NASTY:
            address = reverse(row.name, kwargs=kwargs)
            data = dict.fromkeys(NAMES, nasty)
            for method in (client.get, client.post):
                with transaction.atomic():
                    status = read(method(address, data))
                    transaction.set_rollback(True)
                if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                    broken.append(f"{method.__name__} {address} as {post} with {nasty[:10]!r}: {status}")
        for code in [name for name, value in kwargs.items() if name in ("code", "cell") and isinstance(value, str)]:
            for nasty in NASTY:
                try:
                    address = reverse(row.name, kwargs={**kwargs, code: nasty})
                except NoReverseMatch:  # the address takes no such word at all
                    continue
                with transaction.atomic():
                    status = read(client.get(address))
                    transaction.set_rollback(True)
                if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                    broken.append(f"get {address[:80]} as {post}: {status}")
    assert not broken, "\n".join(broken)
