"""The small country in which the permission matrix asks its questions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from core.periods import Period
from offices.choices import HEAD_OF_KIND, OfficeKind, Post
from offices.models import Office, Officer
from offices.paths import is_within
from tests.factories import Tree, make_officer, make_tree

# The clock of every request: the third of November 2026 in Dhaka, when October's returns are due.
NOW = datetime(2026, 11, 3, 11, 0, tzinfo=ZoneInfo("Asia/Dhaka"))


class Place(StrEnum):
    """Where the row's office stands as seen from the officer's."""

    OWN = "own"
    BELOW = "below"
    FOREIGN = "foreign"


def place_of(holder: Office, target: Office) -> Place:
    """The place of ``target`` as seen from ``holder``; a superior's office is foreign."""
    if holder == target:
        return Place.OWN
    return Place.BELOW if is_within(target.path, holder.path) else Place.FOREIGN


@dataclass
class World:
    """A tree of offices and one officer in each post of its first branch."""

    tree: Tree = field(default_factory=make_tree)
    now: datetime = NOW
    period: Period = field(default_factory=lambda: Period.month(2026, 10))
    officers: dict[tuple[Post, str], Officer] = field(default_factory=dict)

    @property
    def seat(self) -> dict[Post, Office]:
        """The office in which the matrix seats each post."""
        tree = self.tree
        return {
            Post.ASSISTANT_INSPECTOR: tree.upazila,
            Post.UPAZILA_OFFICER: tree.upazila,
            Post.DISTRICT_OFFICER: tree.district,
            Post.DISTRICT_INSPECTOR: tree.district,
            Post.JOINT_REGISTRAR: tree.division,
            Post.REGISTRAR: tree.department,
            Post.PERFORMANCE_ADMIN: tree.department,
            Post.SYSTEM_ADMIN: tree.department,
        }

    def officer(self, post: Post, office: Office | None = None) -> Officer:
        """The officer who holds ``post`` in ``office`` (default: the post's seat); made at the first call."""
        office = office or self.seat[post]
        key = (post, office.code)
        if key not in self.officers:
            self.officers[key] = make_officer(post, office)
        return self.officers[key]

    def head_of(self, office: Office) -> Officer:
        return self.officer(HEAD_OF_KIND[OfficeKind(office.kind)], office)

    def targets(self, post: Post) -> list[Office]:
        """Offices whose rows an officer of ``post`` is tried on: own, below, foreign (a superior's among them)."""
        tree = self.tree
        seat = self.seat[post]
        if seat == tree.upazila:
            return [seat, tree.sibling, tree.district]
        if seat == tree.district:
            return [seat, tree.upazila, tree.foreign_district, tree.foreign_upazila, tree.division]
        if seat == tree.division:
            return [seat, tree.district, tree.upazila, tree.foreign_division, tree.foreign_upazila, tree.department]
        return [seat, tree.division, tree.district, tree.upazila]
