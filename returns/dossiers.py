"""Gathers what the checks look at, for all returns of a queue at once: six queries, however many returns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Q

from core.periods import Period
from offices.choices import LEAF_KINDS
from offices.models import Office
from offices.paths import WIDTH, is_within, subtree_range
from returns.catalogue import Catalogue
from returns.checks.dossier import MONTHS, Dossier, MovedOpening, Override, Peer
from returns.choices import LineKind, Origin, ReturnState
from returns.models import BaselineValue, LineTarget, ReturnVersion, Value
from returns.published import catalogue_of
from returns.sheet import baseline_of

#: The size of an office in the eyes of its peers: its societies at the end of the month.
SIZE = "A07"
#: Figures whose change a superior sees first: societies, members, working capital.
HEADLINES = (SIZE, "B09", "C11")

Place = tuple[int, Period]
Figures = dict[str, int | None]


@dataclass(frozen=True)
class _Past:
    """A version of an office's month as it was last submitted."""

    pk: int
    number: int
    state: str
    office: int
    path: str
    kind: str
    period: Period


class _Own(NamedTuple):
    """A figure of a version that is looked at."""

    cell: str
    amount: int | None
    origin: str
    proposed: int | None
    reason: str


@dataclass
class _Store:
    """Everything read, by office and month."""

    versions: dict[Place, _Past] = field(default_factory=dict)
    figures: dict[int, Figures] = field(default_factory=dict)
    own: dict[int, list[_Own]] = field(default_factory=dict)
    baselines: dict[int, tuple[Period, bool, dict[str, tuple[int | None, int]]]] = field(default_factory=dict)
    targets: dict[tuple[int, object], Figures] = field(default_factory=dict)

    def month(self, office: int, period: Period) -> Figures:
        """An office's figures of a month; closings of the baseline where it stands for the month; else nothing."""
        version = self.versions.get((office, period))
        if version is not None:
            return self.figures.get(version.pk, {})
        baseline = self.baselines.get(office)
        if baseline is not None and baseline[0] == period:
            return {cell: closing for cell, (closing, _sum) in baseline[2].items()}
        return {}


def dossiers_of(versions: Sequence[ReturnVersion], *, also: Iterable[str] = ()) -> dict[int, Dossier]:
    """The dossier of each version by its key; the versions come with return, office and form.

    Of the past and of other offices only the cells that the checks need are read, and those named in ``also``.
    """
    if not versions:
        return {}
    catalogues = [catalogue_of(version.ret.form) for version in versions]
    store = _read(versions, {cell for catalogue in catalogues for cell in _needed(catalogue)} | set(also))
    return {
        version.pk: _dossier(version, catalogue, store) for version, catalogue in zip(versions, catalogues, strict=True)
    }


def _needed(catalogue: Catalogue) -> Iterable[str]:
    yield from (key for key in HEADLINES if key in catalogue.cells_by_key)
    for cell in catalogue.cells:
        if cell.is_entered:
            yield cell.key
        elif cell.line.kind is LineKind.OPENING:
            yield cell.key.replace(cell.line.code, cell.line.opening_of, 1)


def circle_of(office: Office) -> str:
    """The path below which an office's peers lie: two levels up, an upazila's division."""
    return office.path[: max(len(office.path) - 2 * WIDTH, WIDTH)]


def _months_before(period: Period) -> list[Period]:
    return [period.shift(-n) for n in range(MONTHS, 0, -1)]


def _read(versions: Sequence[ReturnVersion], wanted: set[str]) -> _Store:
    store = _Store()
    offices = {version.ret.office_id for version in versions}
    periods = {version.ret.period for version in versions}
    before = {month for period in periods for month in _months_before(period)}
    near = Q()
    for circle in {circle_of(version.ret.office) for version in versions}:
        low, high = subtree_range(circle)
        near |= Q(ret__office_path__gte=low, ret__office_path__lt=high)
    rows = ReturnVersion.objects.filter(submitted_at__isnull=False).filter(
        Q(ret__office__in=offices, ret__period__in=before) | (Q(ret__period__in=periods) & near)
    )
    columns = ("pk", "number", "state", "ret__office", "ret__office_path", "ret__office__kind", "ret__period")
    for past in (_Past(*row) for row in rows.order_by("number").values_list(*columns)):
        store.versions[past.office, past.period] = past
    _read_figures(store, wanted)
    own = Value.objects.filter(version__in=[version.pk for version in versions if version.pk])
    for pk, *rest in own.values_list("version", "cell", "amount", "origin", "proposed", "reason"):
        store.own.setdefault(pk, []).append(_Own._make(rest))
    _read_baselines(store, offices, before)
    years = {period.fiscal_year for period in periods}
    goals = LineTarget.objects.filter(office__in=offices, fiscal_year__in=years)
    for office, year, cell, amount in goals.values_list("office", "fiscal_year", "cell", "amount"):
        store.targets.setdefault((office, year), {})[cell] = amount
    return store


def _read_figures(store: _Store, wanted: set[str]) -> None:
    values = Value.objects.filter(version__in=[past.pk for past in store.versions.values()], cell__in=wanted)
    for pk, cell, amount in values.order_by().values_list("version", "cell", "amount").iterator(chunk_size=5_000):
        store.figures.setdefault(pk, {})[cell] = amount


def _read_baselines(store: _Store, offices: set[int], before: set[Period]) -> None:
    rows = BaselineValue.objects.filter(baseline__office__in=offices, baseline__period__in=before).order_by()
    columns = ("baseline__office", "baseline__period", "baseline__verified_at", "cell", "closing", "cumulative")
    for office, period, verified_at, cell, closing, cumulative in rows.values_list(*columns):
        known = store.baselines.setdefault(office, (period, verified_at is not None, {}))
        known[2][cell] = (closing, cumulative)


def _dossier(version: ReturnVersion, catalogue: Catalogue, store: _Store) -> Dossier:
    ret, office = version.ret, version.ret.office
    own = store.own.get(version.pk, [])
    amounts = {one.cell: one.amount for one in own}
    previous = store.month(office.pk, ret.period.previous())
    begins = not previous and not office.is_leaf and baseline_of(office) is None
    return Dossier(
        catalogue=catalogue,
        kind=office.kind,
        amounts=amounts,
        history=tuple(store.month(office.pk, month) for month in _months_before(ret.period)),
        before=_before(store, office, ret.period, catalogue),
        targets=store.targets.get((office.pk, ret.period.fiscal_year), {}),
        registers={one.cell: one.proposed for one in own if one.proposed is not None},
        overrides=tuple(
            Override(one.cell, one.amount, one.proposed, one.reason)
            for one in own
            if one.origin == Origin.OVERRIDE and one.amount is not None and one.proposed is not None
        ),
        peers=_peers(store, office, ret.period),
        size=amounts.get(SIZE) or 0,
        opening_is_verified=begins or _is_verified(store, office, ret.period.previous()),
        moved=() if begins else tuple(_moved(catalogue, amounts, previous)),
    )


def _before(store: _Store, office: Office, period: Period, catalogue: Catalogue) -> Figures:
    """Flows since 1 July without the month, with what the baseline brings."""
    sums: Figures = {}
    year = period.year_before()
    baseline = store.baselines.get(office.pk)
    if baseline is not None and baseline[0] in year:
        sums = {cell: cumulative for cell, (_closing, cumulative) in baseline[2].items()}
    for month in year:
        if (office.pk, month) in store.versions:
            for cell, amount in store.month(office.pk, month).items():
                sums[cell] = (sums.get(cell) or 0) + (amount or 0)
    return sums


def _peers(store: _Store, office: Office, period: Period) -> tuple[Peer, ...]:
    kinds = LEAF_KINDS if office.kind in LEAF_KINDS else (office.kind,)
    circle = circle_of(office)
    found = []
    for past in store.versions.values():
        if past.period == period and past.office != office.pk and past.kind in kinds and is_within(past.path, circle):
            figures = store.figures.get(past.pk, {})
            found.append(Peer(figures.get(SIZE) or 0, figures))
    return tuple(found)


def _is_verified(store: _Store, office: Office, previous: Period) -> bool:
    version, baseline = store.versions.get((office.pk, previous)), store.baselines.get(office.pk)
    if baseline is not None and baseline[0] == previous:
        return baseline[1]
    return version is not None and version.state == ReturnState.VERIFIED


def _moved(catalogue: Catalogue, frozen: Mapping[str, int | None], closings: Figures) -> Iterable[MovedOpening]:
    for key, cell in catalogue.cells_by_key.items():
        if cell.line.kind is LineKind.OPENING and key in frozen:
            closing = closings.get(key.replace(cell.line.code, cell.line.opening_of, 1))
            if frozen[key] != closing:
                yield MovedOpening(key, frozen[key], closing)
