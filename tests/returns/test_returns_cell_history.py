"""One figure through the versions of its return: what it was, by whom, why, and from which rows."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from returns.cell_history import history_of_cell
from returns.models import Return, Value
from tests.factories import make_head
from tests.returns.factories_amendments import DECIDED, REASON, approved, three_months
from tests.returns.factories_returns import JULY, World
from tests.returns.test_returns_amendment_pages import browser, words
from tests.societies.factories_societies import make_society

pytestmark = pytest.mark.django_db
PAGE = "/returns/hatibandha/2023-07/cells/K02/versions/"


@pytest.fixture
def amended(settings: Settings) -> World:
    """July's ten cases, amended to twelve."""
    settings.PORTAL_CLOCK = DECIDED
    world, july, _august, _september = three_months()
    approved(world, july, K02=12)
    return world


def test_each_version_tells_its_figure_its_change_and_its_reason(amended: World) -> None:
    ret = Value.objects.filter(cell="K02", amount=12).earliest("pk").version.ret
    new, old = history_of_cell(ret, "K02")
    assert (old.amount, old.change, new.amount, new.change) == (10, None, 12, 2)
    page = words(browser(amended, "district_officer", "en").get(PAGE).content)
    assert REASON in page and "Version 2" in page and "Version 1" in page and "+2" in page
    assert f"by {amended.officer.name_en}" in page and f"by {amended.district_officer.name_en}" in page


def test_the_rows_of_the_version_asked_for_are_listed(amended: World) -> None:
    society = make_society(amended.tree.upazila)
    Value.objects.filter(cell="K02", amount=10).update(rows_model="societies.society", rows=[society.pk, 999_999])
    client = browser(amended, "district_officer", "en")
    page = client.get(PAGE, {"rows": "1"}).content.decode()
    assert f'href="/societies/{society.pk}/"' in page and "999999" in page
    for other in ("", "2", "77", "\0", "x" * 300):
        page = client.get(PAGE, {"rows": other}).content.decode()
        assert f"/societies/{society.pk}/" not in page and "2 rows behind the figure" in page


def test_no_other_office_no_other_cell_and_few_questions(amended: World) -> None:
    client = browser(amended, "district_officer")
    assert client.get(PAGE.replace("K02", "Z99")).status_code == 404
    assert client.get(PAGE.replace("2023-07", "2024-01")).status_code == 404
    foreign = browser(amended)
    foreign.force_login(make_head(amended.tree.foreign_district))
    assert foreign.get(PAGE).status_code == 404
    counts = []
    for more in (13, 14):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(PAGE).status_code == 200
        counts.append(len(queries))
        approved(amended, Return.objects.get(office=amended.upazila, period=JULY), K02=more)
    assert counts[0] == counts[1] <= 15, counts
