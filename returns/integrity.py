"""Whether what is stored still is what it should be: totals against a sum over the returns themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from offices.models import Office
from returns.models import Total, Value
from returns.published import catalogue_of
from returns.rollup import NOTHING, bases_of, cells_of_total, sums_by_cell, verified_versions


@dataclass(frozen=True)
class CheckedTotal:
    """A stored total beside a recomputation from the values of the returns, whatever the levels between.

    ``is_stale``: it waits to be added up anew, and its figures are not compared. ``wrong`` names the cells that differ.
    """

    office: str
    period: str
    is_stale: bool
    wrong: tuple[str, ...] = ()


def check_totals() -> Iterator[CheckedTotal]:
    """Every stored total, office by office."""
    for office in Office.objects.filter(totals__isnull=False).distinct().order_by("path"):
        totals = list(Total.objects.filter(office=office).order_by("period").select_related("form"))
        bases = bases_of(office, [total.period for total in totals])
        for total in totals:
            stale = not bases.get(total.period, NOTHING).is_that_of(total)
            wrong = () if stale else _wrong_cells(total)
            yield CheckedTotal(office.code, total.period.key, stale, wrong)


def _wrong_cells(total: Total) -> tuple[str, ...]:
    versions = verified_versions(total.office, [total.period]).values("pk")
    expected = cells_of_total(catalogue_of(total.form), sums_by_cell(Value.objects.filter(version__in=versions)))
    stored = dict(total.values.values_list("cell", "amount"))
    return tuple(sorted(cell for cell in stored.keys() | expected.keys() if stored.get(cell) != expected.get(cell)))
