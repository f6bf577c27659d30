"""What upper rooms read of the returns: an office's fiscal year, month by month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, Sum

from core.periods import FiscalYear, Period, dhaka_date
from offices.models import Office
from offices.places import remembering, trees_of
from returns.catalogue import Catalogue
from returns.completeness import completeness_by_month
from returns.models import BaselineValue, TotalValue
from returns.published import catalogue_of, form_for
from returns.rollup import Basis, basis_summed, fresh_totals


@dataclass(frozen=True)
class YearFigures:
    """An office's year over the verified returns at and below it.

    ``months`` holds the total of each month in which something is verified, by cell: counts as they are, money in
    poisha, per cents in hundredths. ``before`` is what each flow came to between 1 July and the baselines that lie
    inside the year; it is empty where the whole year was reported through the portal. ``missing`` names, for each month
    that has ended, the leaf offices (codes) that are due and not verified. ``basis`` tells the versions behind each
    month: it changes whenever the month's figures may have. ``data_at`` is the newest verdict.
    """

    office: str
    fiscal_year: FiscalYear
    catalogue: Catalogue
    months: Mapping[Period, Mapping[str, int]]
    before: Mapping[str, int]
    missing: Mapping[Period, tuple[str, ...]]
    basis: Mapping[Period, Basis]
    data_at: datetime | None

    @property
    def latest(self) -> Period | None:
        """The newest month with a total."""
        return max(self.months, default=None)

    def figure(self, cell: str, period: Period) -> int | None:
        """The cell's total of a month; None where nothing is verified or the cell is blank."""
        return self.months.get(period, {}).get(cell)

    def july(self, cell: str) -> int | None:
        """The cell's total of July: an opening line's figure at the start of the year."""
        return self.figure(cell, self.fiscal_year.months[0])

    def closing(self, cell: str) -> int | None:
        """The cell's total of the newest month."""
        return None if self.latest is None else self.figure(cell, self.latest)

    def total(self, cell: str) -> int | None:
        """Σ of a flow since 1 July, with what came before the portal; None while nothing is known."""
        amounts = [cells[cell] for cells in self.months.values() if cell in cells]
        if cell in self.before:
            amounts.append(self.before[cell])
        return sum(amounts) if amounts else None

    def scale(self, cell: str) -> int:
        """The stored integer for one typed unit of the cell (100 poisha a taka)."""
        return self.catalogue.cells_by_key[cell].line.unit.scale


def year_of(office: Office, fiscal_year: FiscalYear, *, at: datetime) -> YearFigures:
    """The office's year as verified now; totals out of date are added up first. Seven queries where none is."""
    with remembering():
        return _year_of(office, fiscal_year, at=at)


def _year_of(office: Office, fiscal_year: FiscalYear, *, at: datetime) -> YearFigures:
    totals = fresh_totals(office, fiscal_year.months, at=at)
    catalogue = catalogue_of(form_for(max(totals, default=fiscal_year.months[0])))
    months: dict[Period, dict[str, int]] = {period: {} for period in sorted(totals)}
    period_of = {total.pk: period for period, total in totals.items()}
    rows = TotalValue.objects.filter(total__in=period_of)
    for total, cell, amount in rows.values_list("total", "cell", "amount"):
        if amount is not None:
            months[period_of[total]][cell] = amount
    return YearFigures(
        office=office.code,
        fiscal_year=fiscal_year,
        catalogue=catalogue,
        months=months,
        before=before_the_portal(office, fiscal_year.months),
        missing=_missing(office, fiscal_year, catalogue.due_day, at=at),
        basis={period: basis_summed(totals[period]) for period in months},
        data_at=max((total.data_at for total in totals.values() if total.data_at), default=None),
    )


def before_the_portal(office: Office, periods: tuple[Period, ...]) -> dict[str, int]:
    """Σ of the flows since 1 July of verified baselines that close one of the months, at and below the office."""
    rows = BaselineValue.objects.filter(baseline__period__in=periods, baseline__verified_at__isnull=False)
    rows = rows.filter(_stood_below(office, periods)).exclude(cumulative=0)
    return dict(rows.values_list("cell").annotate(Sum("cumulative")).order_by())


def _stood_below(office: Office, periods: tuple[Period, ...]) -> Q:
    """The condition on baselines' values: their office stood at or below the office in the month they close."""
    trees = trees_of(periods)
    if not any(tree.moved for tree in trees.values()):
        return Q(baseline__office__in=Office.objects.below(office).values("pk"))
    condition = Q(pk__in=[])
    for period, tree in trees.items():
        condition |= Q(baseline__period=period, baseline__office__in=tree.below(office).values("pk"))
    return condition


def _missing(office: Office, year: FiscalYear, due_day: int, *, at: datetime) -> dict[Period, tuple[str, ...]]:
    today = dhaka_date(at)
    ended = [period for period in year.months if period.last < today]
    return {
        period: tuple(one.office.code for one in completeness.unverified)
        for period, completeness in completeness_by_month(office, ended, due_day, at=at).items()
        if completeness.unverified
    }
