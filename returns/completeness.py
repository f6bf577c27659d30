"""Who is in and who is missing in a month: leaf offices by name, each from the month after its baseline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from core.periods import Period
from offices.models import Office
from offices.paths import is_within
from offices.places import Tree, trees_of
from offices.querysets import OfficeQuerySet
from returns.choices import ReturnState
from returns.deadlines import Calendar, is_late
from returns.due import calendar_of, day_set, last_day_of
from returns.models import Baseline, Return
from returns.sheet import baseline_of


@dataclass(frozen=True)
class Standing:
    """How a leaf office's return of the month stands; ``state`` is blank while none was opened, ``path`` is where the
    office stood in the month."""

    office: Office
    state: str
    is_late: bool
    path: str = ""
    is_verified_on_import: bool = False

    @property
    def is_in(self) -> bool:
        return self.state in (ReturnState.SUBMITTED, ReturnState.VERIFIED)

    @property
    def is_verified(self) -> bool:
        return self.state == ReturnState.VERIFIED


#: Of more offices than this, names stand together under their state: a page of the nation would repeat it 495 times.
LISTED_SINGLY = 70


@dataclass(frozen=True)
class Completeness:
    """The leaf offices due in a month, by path."""

    standings: tuple[Standing, ...]

    @property
    def is_long(self) -> bool:
        return self.due > LISTED_SINGLY

    @property
    def unverified_alike(self) -> list[Sequence[Standing]]:
        """Those not in the total, together by how they stand."""
        return _alike(self.unverified)

    @property
    def verified_alike(self) -> list[Sequence[Standing]]:
        return _alike(one for one in self.standings if one.is_verified)

    @property
    def due(self) -> int:
        return len(self.standings)

    @property
    def received(self) -> int:
        """Submitted or verified."""
        return sum(one.is_in for one in self.standings)

    @property
    def verified(self) -> int:
        return sum(one.is_verified for one in self.standings)

    @property
    def late(self) -> int:
        return sum(one.is_late for one in self.standings)

    @property
    def missing(self) -> tuple[Standing, ...]:
        """Due and neither submitted nor verified."""
        return tuple(one for one in self.standings if not one.is_in)

    @property
    def unverified(self) -> tuple[Standing, ...]:
        """Due and not in the total."""
        return tuple(one for one in self.standings if not one.is_verified)

    @property
    def is_complete(self) -> bool:
        return not self.unverified


def _alike(standings: Iterable[Standing]) -> list[Sequence[Standing]]:
    """Standings together by what is said of them, the order kept within."""
    groups: dict[tuple[str, bool, bool], list[Standing]] = {}
    for one in standings:
        groups.setdefault((one.state, one.is_late, one.is_verified_on_import), []).append(one)
    return list(groups.values())


def completeness_of(office: Office, period: Period, due_day: int, *, at: datetime) -> Completeness:
    """Completeness of one month at and below an office, as it was known at an instant's deadlines. Two queries."""
    return completeness_by_month(office, [period], due_day, at=at)[period]


def completeness_by_month(
    office: Office, periods: Iterable[Period], due_day: int, *, at: datetime
) -> dict[Period, Completeness]:
    """Completeness of several months at and below an office as they stood then. Three queries, two for one month.

    An office is due from the month after its baseline to the month in which it was closed.
    """
    months = list(periods)
    trees = trees_of(months)
    due = _leaves_with_baseline(office, trees.values())
    leaves = list(
        due.annotate(day_set=day_set(months[0], office="pk", kind="kind", at=at)) if len(months) == 1 else due
    )
    rows = Return.objects.filter(period__in=months, office__in=leaves).with_import()
    calendar = _calendar_of(leaves, months, due_day, at=at)
    columns = ("office", "period", "state", "first_submitted_at", "is_verified_on_import")
    found = {(office_pk, period): rest for office_pk, period, *rest in rows.values_list(*columns)}

    def standing(leaf: Office, period: Period, path: str) -> Standing:
        state, submitted, on_import = found.get((leaf.pk, period), ("", None, False))
        late = is_late(last_day_of(calendar, leaf, period), submitted_at=submitted, at=at)
        return Standing(leaf, state, late, path, on_import)

    def standings(tree: Tree, period: Period) -> Iterable[Standing]:
        for leaf, path in _placed(leaves, office, tree, period):
            yield standing(leaf, period, path)

    return {period: Completeness(tuple(standings(tree, period))) for period, tree in trees.items()}


def due_leaves(office: Office, period: Period) -> list[tuple[Office, str]]:
    """The leaf offices that owe a return of a month at and below an office, each with the path it had then, by that
    path. One query, and those of the tree where offices have moved."""
    tree = trees_of([period])[period]
    return list(_placed(_leaves_with_baseline(office, [tree]), office, tree, period))


def owed_returns(office: Office, periods: Iterable[Period]) -> list[tuple[Office, Period, Office | None]]:
    """What the leaf offices at and below an office owe in several months: the office, the month, and its superior then.
    Two queries."""
    trees = trees_of(periods)
    leaves = list(_leaves_with_baseline(office, trees.values()).select_related("baseline", "parent"))
    return [
        (leaf, period, tree.parent(leaf))
        for period, tree in trees.items()
        for leaf, _path in _placed(leaves, office, tree, period)
    ]


def _leaves_with_baseline(office: Office, trees: Iterable[Tree]) -> OfficeQuerySet:
    """Leaf offices below an office now, and those that have moved, wherever they stood."""
    moved = {pk for tree in trees for pk in tree.moved}
    known = Office.objects.filter(Q(pk__in=Office.objects.below(office).values("pk")) | Q(pk__in=moved))
    return known.leaves().filter(baseline__isnull=False).select_related("baseline").order_by("path")


def _placed(leaves: Iterable[Office], office: Office, tree: Tree, period: Period) -> Iterable[tuple[Office, str]]:
    """Those that stood below the office in the month and owe a return of it, with their path then."""
    top = tree.path(office)
    for leaf in leaves:
        path = tree.path(leaf)
        if is_within(path, top) and is_due(leaf, period):
            yield leaf, path


def _calendar_of(leaves: Iterable[Office], months: list[Period], due_day: int, *, at: datetime) -> Calendar:
    """The deadlines of the leaves: of one month they came with the offices, of several one more query tells them."""
    if len(months) != 1:
        return calendar_of(due_day, months, at=at)
    days = {(leaf.pk, months[0]): day for leaf in leaves if (day := getattr(leaf, "day_set", None))}
    return Calendar(due_day, grants=days)


def is_due(office: Office, period: Period) -> bool:
    """Whether an office owes a return of a month: after its baseline, where it has one, until it is closed."""
    baseline: Baseline | None = baseline_of(office)
    is_open = office.closed_on is None or office.closed_on >= period.first
    return is_open and (baseline is None or baseline.period < period)
