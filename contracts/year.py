"""The year of an office as its returns add up, in the shape that feeds read."""

from __future__ import annotations

from contracts.achievements import YearCells
from core.clock import today
from core.errors import UserError
from core.periods import FiscalYear, Period
from offices.models import Office
from returns.catalogue import Catalogue
from returns.models import Total, TotalValue
from returns.published import catalogue_of, form_for


def year_cells(office: Office, year: FiscalYear) -> YearCells:
    """Totals of the office's twelve months; months past and without figures are missing."""
    months: dict[Period, dict[str, int]] = {}
    totals = Total.objects.filter(office=office, period__in=list(year.months))
    rows = TotalValue.objects.filter(total__in=totals).exclude(amount=None)
    for period, cell, amount in rows.values_list("total__period", "cell", "amount"):
        months.setdefault(period, {})[cell] = int(amount or 0)
    data_at = max((at for at in totals.values_list("data_at", flat=True) if at), default=None)
    missing = tuple(period for period in year.months if period.last < today() and period not in months)
    return YearCells(year, months, {}, missing, data_at, _catalogue(year))


def _catalogue(year: FiscalYear) -> Catalogue | None:
    try:
        return catalogue_of(form_for(year.months[-1]))
    except UserError:
        return None
