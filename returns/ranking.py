"""A superior's queue by exception: what waits, what the checks hold against it, and what may be verified together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from core.language import in_reader_language
from offices.models import Officer
from returns.catalogue import Cell
from returns.checks import Looked, look_at
from returns.checks.dossier import Dossier
from returns.dossiers import HEADLINES, dossiers_of
from returns.models import Remark, ReturnVersion, Review, Value
from returns.worklist import Waiting, queue_of


@dataclass(frozen=True)
class Headline:
    """A figure that a superior sees first, with its change since the month before (None if that is not known)."""

    cell: Cell
    amount: int | None
    change: int | None

    @property
    def label(self) -> str:
        return in_reader_language(self.cell.line.bn, self.cell.line.en)

    @property
    def unit(self) -> str:
        return self.cell.line.unit.value


@dataclass(frozen=True)
class Ranked:
    """A row of the queue. ``looked`` and what follows it are there for submitted returns only.

    ``is_own``: the officer took part in the entry, so that another one verifies; ``may_verify`` tells a judge from a
    reviewer.
    """

    waiting: Waiting
    looked: Looked | None = None
    headlines: tuple[Headline, ...] = ()
    remarks: tuple[Remark, ...] = ()
    reviews: tuple[Review, ...] = ()
    may_verify: bool = False
    is_own: bool = False

    @property
    def is_clean(self) -> bool:
        """Whether it may be verified together with others."""
        return self.may_verify and self.looked is not None and self.looked.is_clean and not self.is_own

    @property
    def version(self) -> ReturnVersion | None:
        return self.waiting.version


def ranked_queue(officer: Officer, today: date) -> list[Ranked]:
    """The officer's queue: submitted returns by rank, then those that are not in, then the month's verified ones.

    Nine queries beyond `queue_of`, however many rows.
    """
    queue = queue_of(officer, today)
    versions = [row.version for row in queue if row.is_submitted and row.version is not None]
    dossiers = dossiers_of(versions)
    remarks, reviews, own = _remarks(versions), _reviews(versions), entered_by(officer, versions)
    may_verify = officer.has_perm("returns.verify_return")
    rows = []
    for row in queue:
        pk = row.version.pk if row.version else 0
        rows.append(
            Ranked(
                row,
                look_at(dossiers[pk]),
                headlines_of(dossiers[pk]),
                tuple(remarks.get(pk, ())),
                tuple(reviews.get(pk, ())),
                may_verify,
                is_own=pk in own,
            )
            if pk in dossiers
            else Ranked(row)
        )
    return sorted(rows, key=lambda row: -row.looked.rank if row.looked else 1)


def headlines_of(dossier: Dossier) -> tuple[Headline, ...]:
    """The headline figures that the form has."""
    found = []
    for key in HEADLINES:
        if cell := dossier.catalogue.cells_by_key.get(key):
            now, last = dossier.amounts.get(key), dossier.last_month(key)
            found.append(Headline(cell, now, None if now is None or last is None else now - last))
    return tuple(found)


def _remarks(versions: Iterable[ReturnVersion]) -> dict[int, list[Remark]]:
    found: dict[int, list[Remark]] = {}
    for remark in Remark.objects.filter(version__in=list(versions)).order_by("cell", "rule"):
        found.setdefault(remark.version_id, []).append(remark)
    return found


def _reviews(versions: Iterable[ReturnVersion]) -> dict[int, list[Review]]:
    found: dict[int, list[Review]] = {}
    for review in Review.objects.filter(version__in=list(versions)).select_related("by"):
        found.setdefault(review.version_id, []).append(review)
    return found


def entered_by(officer: Officer, versions: Sequence[ReturnVersion]) -> set[int]:
    """Keys of the versions in whose entry or submission the officer took part."""
    rows = Value.objects.filter(version__in=list(versions), entered_by=officer).order_by()
    entered = set(rows.values_list("version", flat=True).distinct())
    return entered | {version.pk for version in versions if version.submitted_by_id == officer.pk}
