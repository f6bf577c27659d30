"""How far the offices below one are with their baselines, district by district."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from offices.choices import OfficeKind
from offices.models import Office
from returns.sheet import baseline_of


@dataclass(frozen=True)
class Begun:
    """A district: how many of its leaf offices that stand there are, and how many have a baseline, verified or not."""

    district: Office
    offices: int
    verified: int
    entered: int

    @property
    def missing(self) -> int:
        return self.offices - self.verified - self.entered


def begun_below(above: Office) -> list[Begun]:
    """The districts below an office in the order of the tree. Two queries."""
    leaves = Office.objects.below(above).leaves().filter(closed_on=None).select_related("baseline")
    found: Counter[tuple[int | None, str]] = Counter()
    for leaf in leaves:
        baseline = baseline_of(leaf)
        state = "missing" if baseline is None else "entered" if baseline.verified_at is None else "verified"
        found[leaf.parent_id, state] += 1
    districts = Office.objects.below(above).filter(kind=OfficeKind.DISTRICT, closed_on=None).order_by("path")
    return [
        Begun(
            district,
            sum(found[district.pk, state] for state in ("missing", "entered", "verified")),
            found[district.pk, "verified"],
            found[district.pk, "entered"],
        )
        for district in districts
    ]
