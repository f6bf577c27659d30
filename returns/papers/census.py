"""Which papers of this room a month could have: returns, months, consolidated returns and receipts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q
from django.utils.translation import gettext_lazy as _

from core.periods import Period, PeriodKind
from documents.census import Possible, Versions, census
from offices.choices import OfficeKind
from offices.models import Office
from offices.paths import ancestor_paths
from offices.places import Tree, trees_of
from returns.choices import ReturnState
from returns.consolidation_models import Consolidation
from returns.history import periods_read
from returns.models import Baseline, LineTarget, Return, ReturnVersion
from returns.papers.annexes import ANNEXES
from returns.papers.annexes_below import ANNEXES_BELOW
from returns.papers.consolidated import CONSOLIDATED
from returns.papers.districts import DISTRICTS
from returns.papers.office_month import MONTH
from returns.papers.office_return import RETURN
from returns.papers.receipt import RECEIPT
from returns.papers.says import version_key

REASONS = {
    "": _("No return of this month has been opened."),
    ReturnState.DRAFT: _("The return is still being entered."),
    ReturnState.RETURNED: _("The return was sent back and is being mended."),
}
NOTHING_VERIFIED = _("Nothing of this month is verified yet.")


@dataclass(frozen=True)
class Acts:
    """What happened to an office's return of the month (``newest``), and to all that its paper reads (``read``).

    ``submitted`` is the number last submitted, 0 for none; ``verified`` counts versions verified now: the office's own,
    in `acts_below` those of all below it. ``settled_at`` is when the return was last submitted or judged. ``versions``
    are those that the paper of the return stands on.
    """

    newest: datetime | None
    read: datetime | None = None
    submitted: int = 0
    submitted_at: datetime | None = None
    settled_at: datetime | None = None
    verified: int = 0
    versions: Versions = frozenset()


@census
def papers_of_month(period: Period, offices: Sequence[Office]) -> Iterator[Possible]:
    """Nine queries, whatever the number of offices; nothing for a quarter or a year."""
    if period.kind is not PeriodKind.MONTH:
        return
    acts = _acts(period, offices)
    states = dict(Return.objects.filter(period=period, office__in=offices).values_list("office", "state"))
    summed = acts_below(Tree(period), offices, acts)
    counted = verified_below([period], offices)
    consolidated = _consolidated(period, offices)
    for office in offices:
        own = acts.get(office.pk, _NOTHING)
        yield _return(office, period, states.get(office.pk, ""), own)
        if own.submitted:
            yield _paper(RECEIPT, office, period, number=own.submitted, data_at=own.submitted_at, expected=False)
            yield _paper(ANNEXES, office, period, data_at=own.settled_at, expected=False)
        if not office.is_leaf:
            total = summed[office.pk]
            reason = "" if total.verified else NOTHING_VERIFIED
            drawn: dict[str, Any] = {"data_at": total.newest, "versions": counted[office.pk], "reason": reason}
            yield _paper(MONTH, office, period, **drawn)
            yield _paper(ANNEXES_BELOW, office, period, **drawn, expected=False)
            if office.kind == OfficeKind.DEPARTMENT:
                yield _paper(DISTRICTS, office, period, **drawn, expected=False)
        if office.pk in consolidated:
            number, at = consolidated[office.pk]
            yield _paper(CONSOLIDATED, office, period, number=number, data_at=at)


def _paper(kind: str, office: Office, period: Period, *, number: int = 0, **more: Any) -> Possible:
    arguments = {"office": office.code, "period": period.key} | ({"number": number} if number else {})
    return Possible(kind, f"{office.code}:{period}", office, arguments, **more)


def _return(office: Office, period: Period, state: str, acts: Acts) -> Possible:
    """The return itself; that of an upper office is expected only where it entered one."""
    reason = REASONS.get(state, "")
    expected = office.is_leaf or not reason
    versions = acts.versions or None
    return _paper(RETURN, office, period, data_at=acts.read, versions=versions, reason=reason, expected=expected)


_NOTHING = Acts(None)


def _newest(instants: Iterable[datetime | None]) -> datetime | None:
    return max((at for at in instants if at), default=None)


def _acts(period: Period, offices: Sequence[Office]) -> dict[int, Acts]:
    """By office. Four queries: acts on returns, targets, baselines."""
    here = Q(ret__period=period)
    months = periods_read(period)
    rows = ReturnVersion.objects.filter(ret__office__in=offices, ret__period__in=[*months, period]).values_list(
        "ret__office"
    )
    found = rows.annotate(
        opened=Max("opened_at", filter=here),
        submitted=Max("submitted_at", filter=here),
        decided=Max("decided_at", filter=here),
        handed_in=Max("submitted_at"),
        judged=Max("decided_at"),
        number=Max("number", filter=here & Q(submitted_at__isnull=False)),
        verified=Count("pk", filter=here & Q(state=ReturnState.VERIFIED)),
    ).order_by()
    beside, versions = _beside(period, offices, months), _versions_read(period, offices, months)
    return {
        pk: Acts(
            _newest(own),
            _newest([*own, handed_in, judged, beside.get(pk)]),
            number or 0,
            own[1],
            _newest(own[1:]),
            verified,
            frozenset(versions.get(pk, ())),
        )
        for pk, *own, handed_in, judged, number, verified in found
    }


def _versions_read(
    period: Period, offices: Sequence[Office], months: Iterable[Period]
) -> dict[int, set[tuple[str, str]]]:
    """By office: the newest version of its return, and those last submitted of the months that its paper reads."""
    rows = ReturnVersion.objects.filter(ret__office__in=offices, ret__period__in=[*months, period])
    submitted = Q(submitted_at__isnull=False)
    found = rows.values_list("ret__office", "ret__period").annotate(
        Max("pk"), Max("number"), last=Max("pk", filter=submitted), last_number=Max("number", filter=submitted)
    )
    versions: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for office, month, newest, number, last, last_number in found.order_by():
        if month == period:
            versions[office].add((version_key(newest), str(number)))
        elif last is not None and month < period:
            versions[office].add((version_key(last), str(last_number)))
    return versions


def verified_below(periods: Sequence[Period], offices: Sequence[Office]) -> dict[int, Versions]:
    """The versions verified in some months at and below each office, where offices stood then. Two queries."""
    found: dict[int, set[tuple[str, str]]] = {office.pk: set() for office in offices}
    trees = trees_of(periods)
    places = {period: {tree.path(office): office.pk for office in offices} for period, tree in trees.items()}
    rows = ReturnVersion.objects.filter(state=ReturnState.VERIFIED, ret__period__in=periods)
    for period, path, pk, number in rows.values_list("ret__period", "ret__office_path", "pk", "number"):
        for above in (path, *ancestor_paths(path)):
            if above in places[period]:
                found[places[period][above]].add((version_key(pk), str(number)))
    return {pk: frozenset(versions) for pk, versions in found.items()}


def acts_in(periods: Sequence[Period], offices: Sequence[Office]) -> dict[int, Acts]:
    """What happened to the offices' returns of some months, by office; one query."""
    rows = ReturnVersion.objects.filter(ret__office__in=offices, ret__period__in=periods).values_list("ret__office")
    found = rows.annotate(
        opened=Max("opened_at"),
        submitted=Max("submitted_at"),
        decided=Max("decided_at"),
        verified=Count("pk", filter=Q(state=ReturnState.VERIFIED)),
    ).order_by()
    return {pk: Acts(_newest(instants), verified=verified) for pk, *instants, verified in found}


def _beside(period: Period, offices: Sequence[Office], months: Iterable[Period]) -> dict[int, datetime | None]:
    """When the year's targets and the baseline were last set, by office."""
    targets = LineTarget.objects.filter(office__in=offices, fiscal_year=period.fiscal_year).values_list("office")
    known = dict(targets.annotate(at=Max("set_at")).order_by())
    baselines = Baseline.objects.filter(office__in=offices, period__in=list(months))
    for pk, verified, entered in baselines.values_list("office", "verified_at", "entered_at"):
        known[pk] = _newest([known.get(pk), verified or entered])
    return known


def acts_below(tree: Tree, offices: Sequence[Office], acts: Mapping[int, Acts]) -> dict[int, Acts]:
    """The acts of each office and of everything below it, as far as the offices are given."""
    paths = {office.pk: tree.path(office) for office in offices}
    verified = dict.fromkeys(paths.values(), 0)
    newest: dict[str, datetime | None] = dict.fromkeys(paths.values())
    for pk, own in acts.items():
        for path in (paths[pk], *ancestor_paths(paths[pk])):
            if path in verified:
                verified[path] += own.verified
                newest[path] = _newest([newest[path], own.newest])
    return {pk: Acts(newest[path], verified=verified[path]) for pk, path in paths.items()}


def _consolidated(period: Period, offices: Sequence[Office]) -> dict[int, tuple[int, datetime | None]]:
    """The newest number of each office's consolidated return, and when something last happened to it."""
    rows = Consolidation.objects.filter(period=period, office__in=offices).newest()
    instants = rows.values_list("office", "number", "submitted_at", "decided_at", "data_at")
    return {pk: (number, _newest(at)) for pk, number, *at in instants}
