"""How long the totals of three ancestors take once an upazila of a full month is verified: database time alone."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from core.clock import now
from core.periods import Period
from offices.models import Office, Officer
from returns.choices import ReturnState
from returns.models import Form, Return, ReturnVersion, Value
from returns.published import catalogue_of
from returns.rollup import compute_total
from returns.services.forms import publish_form

ROUNDS = 5


class DatabaseClock:
    """Adds up the time spent inside the database's driver."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.queries = 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        begun = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.seconds += time.perf_counter() - begun
            self.queries += 1


@contextmanager
def database_clock() -> Iterator[DatabaseClock]:
    clock = DatabaseClock()
    with connection.execute_wrapper(clock):
        yield clock


def _officer(name: str) -> Officer:
    return Officer.objects.get_or_create(username=name, defaults={"name_bn": name, "name_en": name})[0]


def fill_country(form: Form, period: Period, *, at: datetime) -> int:
    """A verified return of the whole form for every leaf office; returns how many values were written."""
    keys = [cell.key for cell in catalogue_of(form).cells]
    enterer, judge = _officer("bench-enterer"), _officer("bench-judge")
    lot = random.Random(7)  # noqa: S311 - figures to add up, nothing secret
    count = 0
    for leaf in Office.objects.leaves():
        ret = Return.objects.create(
            office=leaf,
            office_path=leaf.path,
            period=period,
            form=form,
            state=ReturnState.VERIFIED,
            first_submitted_at=at,
        )
        version = ReturnVersion.objects.create(
            ret=ret,
            number=1,
            state=ReturnState.VERIFIED,
            opened_at=at,
            submitted_at=at,
            submitted_by=enterer,
            decided_at=at,
            decided_by=judge,
        )
        rows = [Value(version=version, cell=key, amount=lot.randrange(10**7), entered_at=at) for key in keys]
        count += len(Value.objects.bulk_create(rows))
    return count


def measure_rollup(period: Period) -> dict[str, Any]:
    """Median milliseconds of database time for district, division and department, after the first computation."""
    leaf = Office.objects.leaves().select_related("parent__parent__parent").order_by("path")[200]
    district = leaf.parent
    assert district and district.parent and district.parent.parent
    ancestors = [district, district.parent, district.parent.parent]
    with database_clock() as whole:
        compute_total(ancestors[-1], period, at=now())
    rounds = []
    for _round in range(ROUNDS):
        with database_clock() as clock:
            for office in ancestors:
                compute_total(office, period, at=now())
        rounds.append(clock.seconds * 1000)
    return {
        "three ancestors, ms": round(statistics.median(rounds), 1),
        "queries": clock.queries,
        "whole country anew, ms": round(whole.seconds * 1000),
    }


def run() -> dict[str, Any]:
    """Fill a month of the whole country, measure, and leave nothing behind."""
    call_command("load_offices", verbosity=0)
    period = Period.month(2035, 9)  # no instance has returns of it
    with transaction.atomic():
        form = publish_form(settings.BASE_DIR / "returns" / "data" / "form-1.toml", by=_officer("bench"), at=now())
        fill_country(form, period, at=now())
        found = measure_rollup(period)
        transaction.set_rollback(True)
    return found
