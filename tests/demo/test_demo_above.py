"""The upper offices of the demonstration report, too, and one consolidated return is out of date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.core.management import call_command
from pytest_django import Settings

from core.periods import DHAKA, Period
from demo.above import file_division
from offices.models import Officer
from returns.consolidated import arrivals_since
from returns.consolidation_models import Consolidation
from returns.consolidation_worklist import Act, steps_of
from returns.integrity import check_totals
from returns.models import Return

pytestmark = pytest.mark.django_db
NOW = datetime(2023, 11, 20, 10, tzinfo=DHAKA)


@pytest.fixture(autouse=True)
def _demonstration(settings: Settings, clock: Callable[[datetime], None]) -> None:
    settings.PORTAL_DEMO = True
    clock(NOW)


def own(code: str) -> list[tuple[str, str]]:
    rows = Return.objects.filter(office__code=code).order_by("period")
    return [(str(row.period), row.state) for row in rows]


def numbers(code: str) -> list[tuple[str, str, list[str]]]:
    rows = Consolidation.objects.filter(office__code=code).order_by("period").select_related("office")
    return [(str(row.period), row.state, [one.code for one in arrivals_since(row).arrived]) for row in rows]


@pytest.mark.full
def test_district_and_division_report_and_a_late_arrival_shows() -> None:
    call_command("build_demo", until="2023-08", district_only=True)
    file_division(Period.month(2023, 8))
    assert own("lalmonirhat") == [("2023-07", "verified"), ("2023-08", "submitted")]
    assert own("rangpur-division") == [("2023-07", "verified")]
    assert numbers("lalmonirhat") == [("2023-07", "verified", ["patgram"])]
    assert numbers("rangpur-division") == [("2023-07", "submitted", [])]
    assert not [one for one in check_totals() if one.wrong]
    officer = Officer.objects.get(username="do.lalmonirhat")
    assert [step.period for step in steps_of(officer, NOW) if step.act is Act.RENEW] == [Period.month(2023, 7)]


@pytest.mark.full
def test_a_second_call_goes_on_without_a_gap() -> None:
    for until in ("2023-07", "2023-09", "2023-09"):
        call_command("build_demo", until=until, district_only=True)
        file_division(Period.parse(until))
    assert [state for _month, state in own("lalmonirhat")] == ["verified", "verified", "submitted"]
    assert [(month, arrived) for month, _state, arrived in numbers("lalmonirhat")] == [
        ("2023-07", []),
        ("2023-08", ["patgram"]),
    ]
    assert own("rangpur-division") == [("2023-07", "verified"), ("2023-08", "verified")]
