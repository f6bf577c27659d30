"""What a return knows of its past: closings before it, flows since July, targets; in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Max, Q, Sum

from core.periods import Period
from offices.models import Office
from returns.choices import ReturnState
from returns.models import Baseline, BaselineValue, LineTarget, ReturnVersion, Value
from returns.rules import Context

#: ``previous``, ``june`` and ``before`` by cell.
Sums = dict[str, dict[str, int | None]]
#: The versions last submitted of an office, by period.
Submitted = dict[Period, ReturnVersion]


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
    return versions_of_all([office], periods)


def versions_of_all(offices: Iterable[Office], periods: Iterable[Period]) -> list[ReturnVersion]:
    """The same of many offices: one query."""
    rows = ReturnVersion.objects.filter(ret__office__in=[one.pk for one in offices], ret__period__in=list(periods))
    return list(rows.select_related("ret").order_by("ret__period", "number"))


def last_submitted(versions: Iterable[ReturnVersion]) -> Submitted:
    """The version last submitted of each period, whatever became of it."""
    return {v.ret.period: v for v in sorted(versions, key=lambda v: v.number) if v.submitted_at is not None}


def past_of(office: Office, period: Period, versions: list[ReturnVersion], baseline: Baseline | None) -> Past:
    """Gather the past of an office's return of a month from the versions of `periods_read`; at most three queries."""
    return pasts_of({office: baseline}, period, versions)[office.pk]


def pasts_of(
    offices: Mapping[Office, Baseline | None], period: Period, versions: Iterable[ReturnVersion]
) -> dict[int, Past]:
    """The same of many offices with their baselines, by key, from all their versions; at most three queries too."""
    by_office: dict[int, list[ReturnVersion]] = {office.pk: [] for office in offices}
    for version in versions:
        by_office[version.ret.office_id].append(version)
    submitted = {office: last_submitted(rows) for office, rows in by_office.items()}
    sums = _sums(submitted, period)
    _add_baselines(sums, [baseline for baseline in offices.values() if baseline is not None], period)
    targets: dict[int, dict[str, int | None]] = defaultdict(dict)
    for target in LineTarget.objects.filter(office__in=list(submitted), fiscal_year=period.fiscal_year):
        targets[target.office_id][target.cell] = target.amount
    pasts = {}
    for office, baseline in offices.items():
        opening = _opening(office, period.previous(), submitted[office.pk].get(period.previous()), baseline)
        mine = sums[office.pk]
        context = Context(
            period.first.month, mine["previous"], mine["before"], mine["june"], targets[office.pk],
            is_beginning=opening.is_beginning,
        )  # fmt: skip
        pasts[office.pk] = Past(context, opening)
    return pasts


def _sums(submitted: Mapping[int, Submitted], period: Period) -> dict[int, Sums]:
    """Closings and sums by office and cell in one query: each version is summed where its month counts."""
    sums: dict[int, Sums] = {office: {"previous": {}, "june": {}, "before": {}} for office in submitted}
    found = [version.pk for months in submitted.values() for version in months.values()]
    if not found:
        return sums
    rows = (
        Value.objects.filter(version__in=found)
        .values("version__ret__office", "cell")
        .annotate(
            previous=Max("amount", filter=Q(version__ret__period=period.previous())),
            june=Max("amount", filter=Q(version__ret__period=june_before(period))),
            before=Sum("amount", filter=Q(version__ret__period__in=list(period.year_before()))),
        )
        .values_list("version__ret__office", "cell", "previous", "june", "before")
    )
    for office, cell, last, closing, before in rows:
        mine = sums[office]
        mine["previous"][cell], mine["june"][cell], mine["before"][cell] = last, closing, before or 0
    return sums


def _add_baselines(sums: Mapping[int, Sums], baselines: Iterable[Baseline], period: Period) -> None:
    """What the baselines say that lie in the months read; one query if there are such."""
    june, previous, year = june_before(period), period.previous(), set(period.year_before())
    read = {baseline.pk: baseline for baseline in baselines if baseline.period in {june, previous, *year}}
    for row in BaselineValue.objects.filter(baseline__in=read) if read else ():
        baseline = read[row.baseline_id]
        mine = sums[baseline.office_id]
        if baseline.period == previous:
            mine["previous"][row.cell] = row.closing
        if baseline.period == june:
            mine["june"][row.cell] = row.closing
        if baseline.period in year:
            mine["before"][row.cell] = (mine["before"].get(row.cell) or 0) + row.cumulative


def _opening(office: Office, previous: Period, version: ReturnVersion | None, baseline: Baseline | None) -> Opening:
    if baseline is None and version is None and not office.is_leaf:
        return Opening(previous, None, is_baseline=False, is_verified=True, is_beginning=True)
    if baseline is not None and baseline.period == previous:
        return Opening(previous, None, is_baseline=True, is_verified=baseline.verified_at is not None)
    verified = version is not None and version.state == ReturnState.VERIFIED
    return Opening(previous, version, is_baseline=False, is_verified=verified)
