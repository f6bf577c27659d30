"""What a return knows of its past: closings before it, flows since July, targets; in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Max, Q, Sum

from core.periods import Period
from offices.models import Office
from returns.choices import ReturnState
from returns.models import Baseline, BaselineValue, LineTarget, ReturnVersion, Value
from returns.rules import Context

#: ``previous``, ``june`` and ``before`` by cell.
Sums = dict[str, dict[str, int | None]]


@dataclass(frozen=True)
class Opening:
    """Where a return's openings come from: the ``version`` last submitted for the period before, or the baseline.

    ``is_verified`` tells whether a superior has verified that source as it stands. ``is_beginning``: an upper office
    begins here without a baseline, and opens with zeros.
    """

    period: Period
    version: ReturnVersion | None
    is_baseline: bool
    is_verified: bool
    is_beginning: bool = False


@dataclass(frozen=True)
class Past:
    context: Context
    opening: Opening


def june_before(period: Period) -> Period:
    """The June that closed the fiscal year before the period's."""
    return Period.month(period.fiscal_year.start, 6)


def periods_read(period: Period) -> set[Period]:
    """The months whose figures a return of a month reads."""
    return {june_before(period), period.previous(), *period.year_before()}


def versions_of(office: Office, periods: Iterable[Period]) -> list[ReturnVersion]:
    """Every version of an office in some periods, oldest first, with its return: one query."""
    rows = ReturnVersion.objects.filter(ret__office=office, ret__period__in=list(periods))
    return list(rows.select_related("ret").order_by("ret__period", "number"))


def last_submitted(versions: Iterable[ReturnVersion]) -> dict[Period, ReturnVersion]:
    """The version last submitted of each period, whatever became of it."""
    return {v.ret.period: v for v in sorted(versions, key=lambda v: v.number) if v.submitted_at is not None}


def past_of(office: Office, period: Period, versions: list[ReturnVersion], baseline: Baseline | None) -> Past:
    """Gather the past of an office's return of a month from the versions of `periods_read`; at most three queries."""
    submitted = last_submitted(versions)
    june, previous, year = june_before(period), period.previous(), set(period.year_before())
    sums = _sums({p: v.pk for p, v in submitted.items()}, june, previous, year)
    if baseline is not None and baseline.period in {june, previous, *year}:
        _add_baseline(sums, baseline, june, previous, year)
    targets = {t.cell: t.amount for t in LineTarget.objects.filter(office=office, fiscal_year=period.fiscal_year)}
    opening = _opening(office, previous, submitted.get(previous), baseline)
    context = Context(
        period.first.month, sums["previous"], sums["before"], sums["june"], targets, is_beginning=opening.is_beginning
    )
    return Past(context, opening)


def _sums(pks: dict[Period, int], june: Period, previous: Period, year: set[Period]) -> Sums:
    """Closings and sums by cell in one query: each version is summed where it counts."""
    in_year = [pk for p, pk in pks.items() if p in year]
    rows = (
        Value.objects.filter(version__in=pks.values())
        .values("cell")
        .annotate(
            previous=Max("amount", filter=Q(version=pks.get(previous, 0))),
            june=Max("amount", filter=Q(version=pks.get(june, 0))),
            before=Sum("amount", filter=Q(version__in=in_year)),
        )
        .values_list("cell", "previous", "june", "before")
        if pks
        else []
    )
    sums: Sums = {"previous": {}, "june": {}, "before": {}}
    for cell, last, closing, before in rows:
        sums["previous"][cell], sums["june"][cell], sums["before"][cell] = last, closing, before or 0
    return sums


def _add_baseline(sums: Sums, baseline: Baseline, june: Period, previous: Period, year: set[Period]) -> None:
    for row in BaselineValue.objects.filter(baseline=baseline):
        if baseline.period == previous:
            sums["previous"][row.cell] = row.closing
        if baseline.period == june:
            sums["june"][row.cell] = row.closing
        if baseline.period in year:
            sums["before"][row.cell] = (sums["before"].get(row.cell) or 0) + row.cumulative


def _opening(office: Office, previous: Period, version: ReturnVersion | None, baseline: Baseline | None) -> Opening:
    if baseline is None and version is None and not office.is_leaf:
        return Opening(previous, None, is_baseline=False, is_verified=True, is_beginning=True)
    if baseline is not None and baseline.period == previous:
        return Opening(previous, None, is_baseline=True, is_verified=baseline.verified_at is not None)
    verified = version is not None and version.state == ReturnState.VERIFIED
    return Opening(previous, version, is_baseline=False, is_verified=verified)
