"""Computed lines of the real form agree whether they are summed from the offices or computed from their sums."""

from __future__ import annotations

import tomllib
from typing import Any

from django.conf import settings as portal
from hypothesis import given, settings
from hypothesis import strategies as st

from returns.catalogue import Catalogue
from returns.choices import LineKind
from returns.reading import read_catalogue
from returns.rollup import cells_of_total
from returns.rules import Context, compute

#: Σ of the offices by decision: one office's surplus does not hide another's remainder.
SUMMED_BY_DECISION = {"D06", "J13"}


def real_form() -> Catalogue:
    path = portal.BASE_DIR / "returns" / "data" / "form-1.toml"
    return read_catalogue(tomllib.loads(path.read_text(encoding="utf-8")))


FORM = real_form()
Figures = dict[str, int | None]


def offices() -> st.SearchStrategy[list[list[int]]]:
    """For each office the seeds of its figures: entered, closings before, flows before, targets."""
    return st.lists(st.lists(st.integers(0, 10**9), min_size=4, max_size=4), min_size=1, max_size=4)


def spread(seed: int) -> Figures:
    """Different figures for every cell out of one number."""
    return {cell.key: (seed * (place + 3)) % 1_000_003 for place, cell in enumerate(FORM.cells)}


def added(many: list[Any]) -> Figures:
    return {cell.key: sum(one[cell.key] for one in many) for cell in FORM.cells}


@settings(max_examples=60, deadline=None)
@given(offices())
def test_computed_lines_agree_both_ways(seeds: list[list[int]]) -> None:
    inputs = [[spread(seed) for seed in one] for one in seeds]

    def cells(entered: Figures, previous: Figures, before: Figures, targets: Figures) -> Figures:
        return compute(FORM, entered, Context(10, previous, before, previous, targets))

    summed: dict[str, int] = {}
    for one in inputs:
        for key, amount in cells(*one).items():
            if amount is not None:
                summed[key] = summed.get(key, 0) + amount
    total = cells_of_total(FORM, summed)
    from_sums = cells(*(added([one[place] for one in inputs]) for place in range(4)))
    compared = 0
    for cell in FORM.cells:
        if cell.line.kind is LineKind.COMPUTED and cell.line.code not in SUMMED_BY_DECISION:
            assert total.get(cell.key) == from_sums[cell.key], cell.key
            compared += 1
    assert compared > 20


def test_the_exceptions_are_lines_of_the_form() -> None:
    active = SUMMED_BY_DECISION & set(FORM.lines)
    assert "D06" in active
