"""Who verifies: the immediate superior, unless all who hold that post took part in the entry themselves; what the
department itself submits, its performance cell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import prefetch_related_objects

from core.periods import Period
from offices.choices import OfficeKind, Post
from offices.models import Office, Officer, Posting
from offices.paths import ancestor_paths
from offices.places import Tree
from offices.rights import Reach, get_right
from returns.amendment_models import Amendment
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


@dataclass
class Seats:
    """Postings with the power to verify on a day: asked office by office, or read beforehand for many."""

    on: date
    _known: dict[int, list[Posting]] = field(default_factory=dict)

    def read(self, offices: Iterable[Office]) -> None:
        """One query for all of them."""
        keys = [office.pk for office in offices]
        self._known |= {key: [] for key in keys}
        rows = Posting.objects.in_force(self.on).filter(
            office__in=keys, officer__is_active=True, post__in=get_right("returns.verify_return").grants
        )
        for posting in rows.select_related("officer", "office"):
            self._known[posting.office_id].append(posting)

    def at(self, office: Office, reach: Reach) -> list[Posting]:
        """Those of an office whose power reaches that far."""
        if office.pk not in self._known:
            self.read([office])
        grants = get_right("returns.verify_return").grants
        return [posting for posting in self._known[office.pk] if grants[Post(posting.post)] is reach]


def bench_for(superiors: Iterable[Office], involved: set[int], seats: Seats) -> Bench:
    """Walk up from the immediate superior to the first office that has someone who was not involved.

    A vacant post is not passed over: somebody must be given its charge, unless the office itself is closed. Beyond the
    department's head sits its performance cell.
    """
    skipped: list[Office] = []
    for superior in superiors:
        held = seats.at(superior, Reach.CHILDREN)
        free = tuple(posting for posting in held if posting.officer_id not in involved)
        if not held and superior.closed_on is not None and superior.closed_on < seats.on:
            continue
        if free or not held:
            return Bench(superior, free, tuple(skipped))
        skipped.append(superior)
    top = Office.objects.get(kind=OfficeKind.DEPARTMENT)
    cell = tuple(posting for posting in seats.at(top, Reach.OWN) if posting.officer_id not in involved)
    return Bench(top if cell else None, cell, tuple(skipped))


def bench_of(ret: Return, version: ReturnVersion, on: date) -> Bench:
    """Who may verify a version of a return on a day: the superiors that its office had in its month."""
    return bench_for(_superiors_of(ret), involved_in(version), Seats(on))


def benches_at(paths: Iterable[str], period: Period, involved: set[int], on: date) -> dict[str, Bench]:
    """Who may verify on a day what the offices at some paths of the month send in; as few queries as for one."""
    above = {path: ancestor_paths(path) for path in paths}
    tree, seats = Tree(period), Seats(on)
    places = {tree.path(office): office for office in tree.at({one for some in above.values() for one in some})}
    seats.read(places.values())
    return {
        path: bench_for([places[one] for one in some if one in places], involved, seats) for path, some in above.items()
    }


def _superiors_of(ret: Return) -> list[Office]:
    return Tree(ret.period).superiors(ret.office_path)


def bench_of_baseline(baseline: Baseline, on: date) -> Bench:
    superiors = Tree(baseline.period.next()).superiors_of(baseline.office)
    hands = {one.pk for one in baseline.former_hands.all()}
    return bench_for(superiors, {baseline.entered_by_id, *hands}, Seats(on))


def judged_by(officer: Officer, baselines: Iterable[Baseline], on: date) -> list[Baseline]:
    """The baselines that wait for a verdict which this officer may give; a query count that few of them change."""
    waiting = [one for one in baselines if one.verified_at is None]
    prefetch_related_objects(waiting, "former_hands")
    hands = {one.pk: {one.entered_by_id, *(hand.pk for hand in one.former_hands.all())} for one in waiting}
    seats = Posting.objects.in_force(on).filter(
        officer__in={hand for some in hands.values() for hand in some},
        post__in=get_right("returns.verify_return").grants,
    )
    judges = set(seats.order_by().values_list("officer", flat=True))
    seen: dict[tuple[object, ...], bool] = {}
    found = []
    for one in waiting:
        office = one.office
        involved = frozenset(hands[one.pk] & judges)
        key = (one.period, office.parent_id, office.pk if office.since else None, involved)
        if key not in seen:
            seen[key] = bench_of_baseline(one, on).seat_of(officer) is not None
        if seen[key]:
            found.append(one)
    return found


def bench_of_amendment(amendment: Amendment, on: date) -> Bench:
    """Who may decide on an amendment: neither who asked for it nor who entered or submitted the version it amends."""
    involved = involved_in(amendment.base_version) | {amendment.requested_by_id}
    return bench_for(_superiors_of(amendment.ret), involved, Seats(on))
