"""Measures and how they are taken: warm, the median of five; whatever a run writes is undone."""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

RUNS = 5


@dataclass(frozen=True)
class Measure:
    """One promise and what was measured. ``limit`` None: for comparison only."""

    name: str
    value: float
    unit: str
    limit: float | None = None

    @property
    def is_kept(self) -> bool:
        return self.limit is None or self.value <= self.limit


Bench = Callable[["Calibration"], list[Measure]]
BENCHES: list[Bench] = []


def bench(function: Bench) -> Bench:
    """Add a function that takes the calibration and returns measures."""
    BENCHES.append(function)
    return function


@dataclass(frozen=True)
class Calibration:
    """How long the stock engine needs for the calibration page here and now, in seconds."""

    seconds: float

    def times(self, seconds: float) -> float:
        """Seconds as a multiple of the calibration page."""
        return seconds / self.seconds


@dataclass
class Counted:
    """Database statements and the time the database took for them, in seconds."""

    queries: int = 0
    seconds: float = 0.0


@contextmanager
def counted() -> Iterator[Counted]:
    """Count the statements of a block and the time until each was answered."""
    total = Counted()

    def wrap(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            return execute(sql, params, many, context)
        begun = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            total.seconds += time.perf_counter() - begun
            total.queries += 1

    with connection.execute_wrapper(wrap):
        yield total


@contextmanager
def undone() -> Iterator[None]:
    """Undo whatever the block writes to the database."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def median_of(run: Callable[[], float], *, runs: int = RUNS) -> float:
    """The median of what ``run`` returns, after one run that only warms up."""
    run()
    return statistics.median(run() for _number in range(runs))


def seconds_of(work: Callable[[], object]) -> float:
    """How long one call takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def line_of(measure: Measure) -> str:
    limit = "" if measure.limit is None else f"≤ {measure.limit:g}"
    verdict = "" if measure.is_kept else "  TOO MUCH"
    return f"{measure.name:<58}{measure.value:>9.2f} {measure.unit:<14}{limit:>7}{verdict}"


def report(measures: Sequence[Measure]) -> int:
    """Print the measures, as JSON with ``--json``; 1 if one is not kept."""
    if "--json" in sys.argv[1:]:
        rows = [{"name": one.name, "value": one.value, "unit": one.unit, "limit": one.limit} for one in measures]
        sys.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
    else:
        sys.stdout.write("".join(line_of(measure) + "\n" for measure in measures))
    return 0 if all(measure.is_kept for measure in measures) else 1
