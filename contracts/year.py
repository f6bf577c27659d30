"""The year of an office as its returns add up, in the shape that feeds read."""

from __future__ import annotations

from contracts.achievements import YearCells
from core.clock import today
from core.periods import FiscalYear, Period
from offices.models import Office
from returns.models import Total, TotalValue


def year_cells(office: Office, year: FiscalYear) -> YearCells:
    """Totals of the office's twelve months; months due and without figures are missing."""
    months: dict[Period, dict[str, int]] = {}
    rows = TotalValue.objects.filter(total__office=office, total__period__in=list(year.months), amount__isnull=False)
    for period, cell, amount in rows.values_list("total__period", "cell", "amount"):
        months.setdefault(period, {})[cell] = amount
    data_at = max(
        (
            at
            for at in Total.objects.filter(office=office, period__in=list(year.months)).values_list(
                "data_at", flat=True
            )
            if at
        ),
        default=None,
    )
    missing = tuple(p for p in year.months if p.last < today() and p not in months)
    return YearCells(year, months, {}, missing, data_at)
