"""What the report centre is told of a quarter: the very papers that the builder would draw."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.periods import Period
from documents.registry import build_paper
from offices.models import Office
from reports.census import papers_of_quarter
from reports.papers import QUARTER
from tests.returns.factories_papers import paper_world, printed
from tests.returns.factories_returns import AUGUST, JULY, after

pytestmark = pytest.mark.django_db
Q1 = Period.parse("2023-24-Q1")


def test_the_quarter_of_each_office_with_something_verified_can_be_made(client: Client, clock: Any) -> None:
    clock(after(AUGUST.next(), 10))
    world = paper_world()
    printed(world, world.upazila, world.officer, JULY)
    found = {one.office.code: one for one in papers_of_quarter(Q1, list(Office.objects.order_by("path")))}
    made = {code for code, one in found.items() if one.can_be_made}
    assert made == {"hatibandha", "lalmonirhat", "rangpur-division", "bd"}
    assert found["patgram"].reason
    for code in ("hatibandha", "lalmonirhat"):
        drawn = build_paper(QUARTER, found[code].arguments or {})
        assert (drawn.subject, drawn.office_path) == (found[code].subject, found[code].office.path)
        data_at = found[code].data_at
        assert data_at is not None
        assert drawn.data_at >= data_at
    client.force_login(world.district_officer, backend="allauth.account.auth_backends.AuthenticationBackend")
    shown = client.get(reverse("documents:centre", args=["lalmonirhat", Q1])).content.decode()
    assert f"{QUARTER}|hatibandha:{Q1}" in shown
    assert not list(papers_of_quarter(JULY, list(Office.objects.all())))
