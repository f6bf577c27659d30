"""Where offices stood: the tree of a month.

An office that moves leaves its former place behind it, with the last month it held. Whatever is about a past month asks
for the tree of that month, so that old totals stay under the old superior. A quarter or year has the tree of its last
month.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from core.periods import Period
from offices.models import FormerPlace, Office
from offices.paths import WIDTH, ancestor_paths, child_path, is_within
from offices.querysets import OfficeQuerySet, within


def month_of(period: Period) -> Period:
    """The month whose tree a period has."""
    return Period.of(period.last)


class Tree:
    """The offices as they stood in a month; one query, made at once, unless the former places are given."""

    def __init__(self, period: Period, former: Iterable[FormerPlace] | None = None) -> None:
        self.period = month_of(period)
        rows = former_places() if former is None else former
        # The place that ended soonest after the month is the one that held in it: it is written last.
        self._former = {row.office_id: row for row in rows if row.last >= self.period}

    @property
    def moved(self) -> list[int]:
        """Keys of the offices that stood elsewhere than now."""
        return list(self._former)

    def path(self, office: Office) -> str:
        """The office's path in the month."""
        row = self._former.get(office.pk)
        return row.path if row else office.path

    def parent(self, office: Office) -> Office | None:
        """The superior in the month."""
        row = self._former.get(office.pk)
        return row.parent if row else office.parent

    def is_child(self, office: Office, prefix: str = "") -> Q:
        """The condition on rows (on their field ``prefix``, like ``office__``) of the offices right below."""
        if not self._former:
            return Q(**{f"{prefix}parent": office})
        here = [pk for pk, row in self._former.items() if row.parent_id == office.pk]
        stayed = Q(**{f"{prefix}parent": office}) & ~Q(**{f"{prefix}pk__in": list(self._former)})
        return stayed | Q(**{f"{prefix}pk__in": here})

    def children(self, office: Office) -> list[Office]:
        """The offices right below in the month, in the order of the tree."""
        return sorted(Office.objects.filter(self.is_child(office)), key=self.path)

    def at(self, paths: Iterable[str]) -> list[Office]:
        """The offices that stood at these paths, in the order of the tree."""
        wanted = set(paths)
        moved = [pk for pk, row in self._former.items() if row.path in wanted]
        rows = Office.objects.filter(Q(path__in=wanted) & ~Q(pk__in=list(self._former)) | Q(pk__in=moved))
        return sorted(rows.select_related("parent"), key=self.path)

    def below(self, office: Office) -> OfficeQuerySet:
        """The office and everything below it in the month."""
        return self.within(self.path(office))

    def within(self, *paths: str) -> OfficeQuerySet:
        """Offices whose path in the month lies in one of the subtrees."""
        moved = [pk for pk, row in self._former.items() if any(is_within(row.path, path) for path in paths)]
        present = within(Office.objects.all(), paths, "path").exclude(pk__in=list(self._former))
        return Office.objects.filter(Q(pk__in=moved) | Q(pk__in=present.values("pk"))) if self._former else present

    def superiors(self, path: str) -> list[Office]:
        """The offices above a path of the month, the nearest first."""
        return self.at(ancestor_paths(path))[::-1]

    def superiors_of(self, office: Office) -> list[Office]:
        """The offices above an office in the month, the nearest first; no query where they came with it."""
        if self._former:
            return self.superiors(self.path(office))
        above: list[Office] = []
        while (parent := (above[-1] if above else office).parent) is not None:
            above.append(parent)
        return above


_REMEMBERED: ContextVar[list[FormerPlace] | None] = ContextVar("former places of this request", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Within it the former places are read once: a page asks for many trees."""
    token = _REMEMBERED.set(_Unread())
    try:
        yield
    finally:
        _REMEMBERED.reset(token)


class _Unread(list[FormerPlace]):
    """Stands for what has not been asked for yet."""


def former_places() -> list[FormerPlace]:
    """Every former place, the latest first. Moves are rare; the table is short."""
    known = _REMEMBERED.get()
    if known is not None and not isinstance(known, _Unread):
        return known
    rows = list(FormerPlace.objects.select_related("parent", "office").order_by("-last"))
    if known is not None:
        _REMEMBERED.set(rows)
    return rows


def remember_none() -> None:
    """No office ever moved, as another query of this request has told along the way."""
    if isinstance(_REMEMBERED.get(), _Unread):
        _REMEMBERED.set([])


def forget_places() -> None:
    """After a move, within the same request."""
    if _REMEMBERED.get() is not None:
        _REMEMBERED.set(_Unread())


def seen_paths(offices: Iterable[Office]) -> list[str]:
    """Subtrees whose rows of a month are read from these offices: their own, and where offices now in them stood."""
    known = list(offices)
    now = [office.path for office in known]
    if all(office.is_leaf and office.since is None for office in known):
        return now
    former = [row.path for row in former_places() if any(is_within(row.office.path, path) for path in now)]
    return [*now, *former]


def trees_of(periods: Iterable[Period]) -> dict[Period, Tree]:
    """The trees of several periods; one query."""
    months = list(periods)
    former = former_places() if months else []
    return {period: Tree(period, former) for period in months}


def path_on(office: Office, period: Period) -> str:
    """The office's path in a month; asks nothing for the time at its present place."""
    return next(iter(paths_on(office, [period])))


def paths_on(office: Office, periods: Iterable[Period]) -> dict[str, list[Period]]:
    """The periods by the path that the office had in them; one query, none for the time at its present place."""
    months = list(periods)
    since = office.since
    if since is None or all(month_of(period) >= since for period in months):
        return {office.path: months}
    former = [row for row in reversed(former_places()) if row.office_id == office.pk]
    found: dict[str, list[Period]] = {}
    for period in months:
        path = next((row.path for row in former if row.last >= month_of(period)), office.path)
        found.setdefault(path, []).append(period)
    return found


def next_path(parent: Office | None) -> str:
    """A path below an office that none ever had: the paths of those that left stay theirs."""
    above = parent.path if parent else ""
    rows: list[str] = []
    for model in (Office, FormerPlace):
        paths = within(model._default_manager.all(), [above], "path") if above else model._default_manager.all()
        rows += paths.values_list("path", flat=True)
    width = len(above) + WIDTH
    used = [int(path[len(above) : width]) for path in rows if len(path) >= width]
    return child_path(above, max(used, default=0) + 1)


@dataclass(frozen=True)
class Move:
    """A move as upper rooms are told of it: the new path of each office moved, by key, from a month on."""

    office: Office
    paths: dict[int, str]
    first: Period


#: Does what follows from a move, and says so in sentences.
Follower = Callable[[Move], list[str]]
_FOLLOWERS: list[Follower] = []


def register_follower(follower: Follower) -> None:
    """Be told of each move, in its transaction; a `UserError` refuses it."""
    _FOLLOWERS.append(follower)


def tell_followers(move: Move) -> list[str]:
    """What followed, in sentences."""
    return [said for follower in _FOLLOWERS for said in follower(move)]


#: Refuses, by a `UserError`, that an office closes on a day.
Objector = Callable[[Office, date], None]
_OBJECTORS: list[Objector] = []


def register_objector(objector: Objector) -> None:
    """Be asked before each closing, in its transaction."""
    _OBJECTORS.append(objector)


def ask_objectors(office: Office, closed_on: date) -> None:
    for objector in _OBJECTORS:
        objector(office, closed_on)
