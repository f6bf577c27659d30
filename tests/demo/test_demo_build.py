"""The demonstration is built through the officers' services, and a second call continues it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Sum
from pytest_django import Settings

from core.models import Activity
from core.periods import DHAKA
from offices.models import Office
from returns.models import Return, Value
from societies.models import Society, StatusEvent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _demonstration(settings: Settings, clock: Callable[[datetime], None]) -> None:
    settings.PORTAL_DEMO = True
    clock(datetime(2023, 11, 20, 10, tzinfo=DHAKA))


def states(period: str) -> dict[str, str]:
    """How the upazilas' returns of a month stand."""
    rows = Return.objects.filter(period=period, office__kind="upazila")
    return dict(rows.values_list("office__code", "state"))


@pytest.mark.full
def test_the_last_month_waits_for_its_people_and_a_second_call_continues() -> None:
    call_command("build_demo", until="2023-07")
    july = states("2023-07")
    assert (july.pop("hatibandha"), july.pop("patgram")) == ("draft", "submitted")
    assert set(july.values()) == {"verified"} and len(july) == 3
    acts = Activity.objects.filter(verb="returns.submit_return").values_list("at", flat=True)
    assert {at.astimezone(DHAKA).date().isoformat() for at in acts} == {"2023-08-03"}, "each at its own instant"
    call_command("build_demo", until="2023-08")
    assert set(states("2023-07").values()) == {"verified"}
    assert states("2023-08")["hatibandha"] == "draft"

    assert Society.objects.count() >= 566
    verified = Value.objects.filter(version__ret__period="2023-07", version__state="verified")
    assert verified.filter(cell="D01").aggregate(sum=Sum("amount"))["sum"] == 566
    for office in Office.objects.filter(code__in=states("2023-07")):
        closing = verified.get(cell="A07", version__ret__office=office).amount
        gone = StatusEvent.objects.filter(kind="cancelled", on__lte="2023-07-31").values("society")
        stood = Society.objects.filter(office=office, reg_on__lte="2023-07-31").exclude(pk__in=gone)
        assert closing == stood.count()


@pytest.mark.parametrize("until", ["2023-06", "2023-11", "2030-01", "ten"])
def test_a_month_out_of_reach_is_refused_in_one_line(until: str) -> None:
    with pytest.raises(CommandError, match="--until takes a month"):
        call_command("build_demo", until=until)
