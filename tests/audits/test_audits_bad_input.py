"""What a hostile or absent-minded hand sends to the pages of audits: a message, never an error of the server."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from audits.choices import AuditState
from offices.choices import Post
from tests.audits.factories_audits import make_audit
from tests.factories import Tree, make_officer, make_tree
from tests.societies.factories_societies import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree(settings: Settings) -> Tree:
    settings.PORTAL_CLOCK = at(date(2023, 10, 10))
    return make_tree()


@pytest.fixture
def inspector(tree: Tree, client: Client) -> Client:
    client.force_login(make_officer(Post.ASSISTANT_INSPECTOR, tree.upazila))
    client.cookies["django_language"] = "en"
    return client


@pytest.mark.parametrize("day", ["1/1/1900", "1/1/0001", "31/12/9999"])
@pytest.mark.parametrize("step", ["charges", "record"])
def test_a_day_without_rates_is_told(inspector: Client, tree: Tree, day: str, step: str) -> None:
    audit = make_audit(tree.upazila, AuditState.ALLOTTED)
    facts = {"on": day, "net_profit": "5", "step": step}
    response = inspector.post(reverse("audits:finish", args=[audit.pk]), facts)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert response.context["form"].errors["on"]


@pytest.mark.parametrize("key", ["9" * 25, "-1", "x", "0"])
def test_keys_of_no_audit_are_refused(inspector: Client, tree: Tree, key: str) -> None:
    make_audit(tree.upazila)
    facts = {"auditor": "A", "on": "01/10/2023", "audits": [key]}
    response = inspector.post(reverse("audits:allot_many"), facts)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert response.context["allot_form"].errors["audits"]
    assert connection.needs_rollback is False


def test_a_profit_of_too_many_digits_is_refused(inspector: Client, tree: Tree) -> None:
    audit = make_audit(tree.upazila, AuditState.ALLOTTED)
    facts = {"on": "01/10/2023", "net_profit": "9" * 15, "step": "record"}
    response = inspector.post(reverse("audits:finish", args=[audit.pk]), facts)
    assert response.context["form"].errors["net_profit"]
    audit.refresh_from_db()
    assert audit.state == AuditState.ALLOTTED
