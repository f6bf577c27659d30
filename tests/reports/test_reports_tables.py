"""Every list page gives its table as a spreadsheet, within the reader's offices and with its filters."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from jobs.services import run_waiting_jobs
from offices.choices import Post
from tests.factories import make_officer
from tests.returns.factories_returns import JULY, after, make_world, verified

pytestmark = pytest.mark.django_db


def table(client: Client, address: str) -> list[tuple[Any, ...]]:
    response = client.get(address, {"as": "xlsx"})
    assert response.status_code == 200 and response.headers["Content-Disposition"].startswith("attachment"), address
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    return list(load_workbook(BytesIO(content)).active.iter_rows(values_only=True))


@pytest.fixture
def world(clock: Any) -> Any:
    clock(after(JULY, 5))
    made = make_world()
    verified(made, B03=12, C10=12_500_000)
    run_waiting_jobs()
    return made


def test_lists_of_returns(world: Any, client: Client) -> None:
    client.force_login(world.officer)
    months = table(client, "/returns/")
    assert months[0][0] == "কার্যালয়" and len(months) == 3
    client.force_login(world.district_officer)
    assert table(client, "/returns/queue/")[1][0] == world.upazila.name_bn
    totals = {row[0]: row for row in table(client, "/months/lalmonirhat/2023-07/lines/")}
    heads = totals["কোড"]
    assert totals["C10"][heads.index("মোট")] == 1.25 and totals["B03"][heads.index("মোট")] == 12
    offices = table(client, "/months/lalmonirhat/2023-07/")
    assert [row[0] for row in offices[1:]] == [world.upazila.name_bn]
    assert offices[1][offices[0].index("যাচাইকৃত")] == 1
    assert client.get("/months/sylhet/2023-07/", {"as": "xlsx"}).status_code == 404


def test_audits_agreements_and_jobs(world: Any, client: Client) -> None:
    client.force_login(world.officer)
    assert len(table(client, "/audits/")) == 1
    assert len(table(client, "/agreements/")) == 1
    client.force_login(make_officer(Post.SYSTEM_ADMIN, world.tree.department, username="watch"))
    assert len(table(client, "/jobs/")) == 4
