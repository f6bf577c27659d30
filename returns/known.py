"""A month as it was known at an instant: from the versions in force then, whatever amended them since.

Nothing stored is read but the returns themselves: totals are added up from their figures, so that an old answer can be
given again for good.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.db.models.functions import Substr

from core.periods import DHAKA, Period
from offices.choices import KINDS_WITHIN, OfficeKind
from offices.models import Office
from offices.paths import WIDTH
from offices.places import Tree, path_on
from returns.choices import ReturnState
from returns.completeness import Completeness, Standing, due_leaves
from returns.deadlines import is_late
from returns.due import calendar_of, last_day_of
from returns.models import ReturnVersion, Value
from returns.months import Column, Month, MonthSheet, lay_out_month, targets_of
from returns.published import catalogue_of, form_for
from returns.rollup import NOTHING, SUMMED_FROM_TOTALS, Basis, cells_of_total, stood_below, sums_by_cell
from returns.summaries import before_the_portal


@dataclass(frozen=True)
class KnownTotal:
    """An office's total of a month over the versions in force at an instant."""

    amounts: dict[str, int]
    basis: Basis


def end_of(day: date) -> datetime:
    """The last instant of a day in Dhaka: what was known on it."""
    return datetime.combine(day + timedelta(days=1), time(), DHAKA) - timedelta(microseconds=1)


def versions_known(office: Office, periods: Iterable[Period], at: datetime) -> QuerySet[ReturnVersion]:
    """The versions of the office and everything below it that were verified and not yet superseded at an instant."""
    rows = ReturnVersion.objects.filter(
        Q(superseded_at__isnull=True) | Q(superseded_at__gt=at),
        state__in=[ReturnState.VERIFIED, ReturnState.SUPERSEDED],
        decided_at__lte=at,
    )
    return rows.filter(stood_below(office, periods))


def total_as_known(office: Office, period: Period, at: datetime) -> KnownTotal:
    """The total of a month as it was known at an instant; two queries."""
    versions = versions_known(office, [period], at)
    told = versions.aggregate(count=Count("pk"), keys=Sum("pk"), newest=Max("decided_at"))
    basis = Basis(told["count"], told["keys"], told["newest"]) if told["count"] else NOTHING
    catalogue = catalogue_of(form_for(period))
    return KnownTotal(
        cells_of_total(catalogue, sums_by_cell(Value.objects.filter(version__in=versions.values("pk")))), basis
    )


def month_as_known(office: Office, period: Period, *, at: datetime) -> Month:
    """A month as it was known at an instant, with who was in by then."""
    form, total = form_for(period), total_as_known(office, period, at)
    catalogue = catalogue_of(form, KINDS_WITHIN[OfficeKind(office.kind)])
    return Month(
        office=office,
        period=period,
        form=form,
        catalogue=catalogue,
        amounts={cell: amount for cell, amount in total.amounts.items() if cell in catalogue.cells_by_key},
        basis=total.basis,
        completeness=_completeness(office, period, catalogue.due_day, at=at),
        known_at=at,
    )


def sheet_as_known(month: Month) -> MonthSheet:
    """The same with the offices below and the year so far, all as known then."""
    assert month.known_at is not None
    columns = () if month.office.is_leaf else _columns(month, month.known_at)
    return lay_out_month(month, columns, _before(month, month.known_at), targets_of(month))


def _before(month: Month, at: datetime) -> dict[str, int] | None:
    earlier = month.period.year_before()
    if not earlier:
        return None
    versions = versions_known(month.office, earlier, at)
    sums, flows = before_the_portal(month.office, earlier), sums_by_cell(Value.objects.filter(version__in=versions))
    return {cell: sums.get(cell, 0) + flows.get(cell, 0) for cell in sums.keys() | flows.keys()}


def _columns(month: Month, at: datetime) -> tuple[Column, ...]:
    """The offices right below, each with what it and those below it had verified by then; the own doings last."""
    path = "version__ret__office_path"
    if month.office.kind in SUMMED_FROM_TOTALS:
        values = Value.objects.annotate(child=Substr(path, 1, len(month.office.path) + WIDTH))
        tree = Tree(month.period)
        offices = {tree.path(one): one for one in tree.children(month.office)}
    else:
        values = Value.objects.annotate(child=Substr(path, 1))
        known = versions_known(month.office, [month.period], at).select_related("ret__office")
        offices = {version.ret.office_path: version.ret.office for version in known}
    here = path_on(month.office, month.period)
    offices[here] = month.office
    versions = versions_known(month.office, [month.period], at).values("pk")
    rows = (
        values.filter(version__in=versions, amount__isnull=False).values_list("child", "cell").annotate(Sum("amount"))
    )
    figures: dict[str, dict[str, int]] = {}
    for child, cell, amount in rows.order_by():
        figures.setdefault(child, {})[cell] = amount
    below = sorted(figures.keys() & offices.keys() - {here})
    columns = [
        Column(offices[one], cells_of_total(month.catalogue, figures[one]), _below(month.completeness, one))
        for one in below
    ]
    own = [Column(month.office, figures[here], is_own=True)] if here in figures else []
    return (*columns, *own)


def _below(completeness: Completeness, path: str) -> tuple[Standing, ...]:
    return tuple(one for one in completeness.standings if one.path.startswith(path))


def _completeness(office: Office, period: Period, due_day: int, *, at: datetime) -> Completeness:
    """How the leaf offices stood at an instant; three queries."""
    calendar = calendar_of(due_day, [period], at=at)
    due = due_leaves(office, period)
    rows = ReturnVersion.objects.filter(
        ret__office__in=[leaf for leaf, _path in due], ret__period=period, opened_at__lte=at
    )
    newest = {version.ret.office_id: version for version in rows.select_related("ret").order_by("number")}

    def standing(leaf: Office, path: str) -> Standing:
        version = newest.get(leaf.pk)
        submitted = version.ret.first_submitted_at if version else None
        came = submitted if submitted and submitted <= at else None
        state = state_at(version, at) if version else ""
        late = is_late(last_day_of(calendar, leaf, period), submitted_at=came, at=at)
        return Standing(leaf, state, late, path, bool(version and version.is_verified_on_import))

    return Completeness(tuple(standing(leaf, path) for leaf, path in due))


def state_at(version: ReturnVersion, at: datetime) -> str:
    """How a version stood at an instant; a redraft shows that its return had been sent back."""
    if version.decided_at is not None and version.decided_at <= at:
        return ReturnState.RETURNED if version.state == ReturnState.RETURNED else ReturnState.VERIFIED
    if version.submitted_at is not None and version.submitted_at <= at:
        return ReturnState.SUBMITTED
    return ReturnState.DRAFT if version.number == 1 else ReturnState.RETURNED
