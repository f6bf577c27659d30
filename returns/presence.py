"""Whose verified returns lie in the figures of an office in a month, so that only like is compared with like."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from core.periods import Period
from offices.models import Office
from offices.paths import WIDTH
from returns.rollup import verified_versions

#: A path in a month.
Spot = tuple[str, Period]


@dataclass(frozen=True)
class Meeting:
    """How many offices two months have in common, and the keys of those that are in one of them alone."""

    common: int
    here: frozenset[int]
    there: frozenset[int]

    @property
    def is_same(self) -> bool:
        return not self.here and not self.there


@dataclass
class Presence:
    """The verified returns at and below each path of some months."""

    _offices: dict[Spot, set[tuple[int, str]]] = field(default_factory=lambda: defaultdict(set))
    _bases: dict[Spot, tuple[int, int]] = field(default_factory=dict)
    _met: dict[tuple[Spot, Spot, frozenset[str]], Meeting] = field(default_factory=dict)

    def add(self, path: str, period: Period, *, office: int, kind: str, version: int) -> None:
        """A verified return counts at its own path and at every path above it."""
        for width in range(WIDTH, len(path) + 1, WIDTH):
            spot = path[:width], period
            self._offices[spot].add((office, kind))
            count, keys = self._bases.get(spot, (0, 0))
            self._bases[spot] = count + 1, keys + version

    def basis(self, spot: Spot) -> tuple[int, int]:
        """How many versions are verified there now, and the sum of their keys (`returns.rollup.Basis`)."""
        return self._bases.get(spot, (0, 0))

    def offices(self, spot: Spot) -> set[int]:
        """The keys of the offices with a verified return there."""
        return {office for office, _kind in self._offices.get(spot, ())}

    def meeting(self, one: Spot, other: Spot, kinds: Collection[str]) -> Meeting:
        """Which offices, of the kinds that keep a figure, are in both months and which in one of them alone."""
        asked = one, other, frozenset(kinds)
        if asked not in self._met:
            here, there = self._of(one, kinds), self._of(other, kinds)
            self._met[asked] = Meeting(len(here & there), frozenset(here - there), frozenset(there - here))
        return self._met[asked]

    def _of(self, spot: Spot, kinds: Collection[str]) -> set[int]:
        return {office for office, kind in self._offices.get(spot, ()) if kind in kinds}


def presence_of(office: Office, periods: Iterable[Period]) -> Presence:
    """Who is in at and below an office in some months. One query."""
    found = Presence()
    rows = verified_versions(office, periods).order_by()
    columns = ("ret__office_path", "ret__period", "ret__office", "ret__office__kind", "pk")
    for path, period, reporter, kind, version in rows.values_list(*columns):
        found.add(path, period, office=reporter, kind=kind, version=version)
    return found
