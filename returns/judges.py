"""Who verifies: the immediate superior, unless all who hold that post took part in the entry themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from offices.models import Office, Officer, Posting
from offices.rights import get_right
from returns.models import Baseline, Return, ReturnVersion, Value


@dataclass(frozen=True)
class Bench:
    """The office whose officers verify, and its postings with that power. ``skipped`` are the superiors passed over
    because everyone there had entered or submitted the figures."""

    office: Office | None
    postings: tuple[Posting, ...]
    skipped: tuple[Office, ...] = ()

    def seat_of(self, officer: Officer) -> Posting | None:
        return next((posting for posting in self.postings if posting.officer_id == officer.pk), None)


def involved_in(version: ReturnVersion) -> set[int]:
    """Keys of the officers who entered or submitted a version's figures."""
    entered = Value.objects.filter(version=version, entered_by__isnull=False).values_list("entered_by", flat=True)
    submitter = {version.submitted_by_id} if version.submitted_by_id else set()
    return set(entered.order_by().distinct()) | submitter


def bench_for(office: Office, involved: set[int], on: date) -> Bench:
    """Walk up from the immediate superior to the first office that has someone who was not involved.

    A vacant post is not passed over: somebody must be given its charge.
    """
    posts = list(get_right("returns.verify_return").grants)
    skipped: list[Office] = []
    superior = office.parent
    while superior is not None:
        held = list(
            Posting.objects.in_force(on)
            .filter(office=superior, post__in=posts, officer__is_active=True)
            .select_related("officer", "office")
        )
        free = tuple(posting for posting in held if posting.officer_id not in involved)
        if free or not held:
            return Bench(superior, free, tuple(skipped))
        skipped.append(superior)
        superior = superior.parent
    return Bench(None, (), tuple(skipped))


def bench_of(ret: Return, version: ReturnVersion, on: date) -> Bench:
    """Who may verify a version of a return on a day."""
    return bench_for(ret.office, involved_in(version), on)


def bench_of_baseline(baseline: Baseline, on: date) -> Bench:
    return bench_for(baseline.office, {baseline.entered_by_id}, on)
