"""What the register of societies says to the return: figures of a month, each with the rows behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max, QuerySet

from core.evidence import Figure, digest_of, metrics_of
from core.periods import Period
from offices.models import Office
from societies.choices import LIVE, EventKind, Status, Tier
from societies.models import StatusEvent
from societies.rules import part_of

#: Parts that a leaf office's return has; a national society is counted by the department alone.
PARTS = ("GP", "GC", "BP", "BC")

FLOWS = {
    EventKind.REGISTERED: "societies.registered",
    EventKind.CANCELLED: "societies.cancelled",
    EventKind.REACTIVATED: "societies.reactivated",
}
STOCKS = {
    Status.FUNCTIONAL: "societies.functional",
    Status.NON_FUNCTIONAL: "societies.non_functional",
    Status.UNDER_LIQUIDATION: "societies.under_liquidation",
}

Figures = dict[str, dict[str, Figure]]


@dataclass(frozen=True)
class _Event:
    pk: int
    society: int
    kind: str
    status: str
    on: date
    part: str


def proposals(office: Office, period: Period) -> Figures:
    """Every metric of a leaf office and month, by part, in one query. Months gone by keep their figures.

    Flows count the month's events; stocks count societies by the status that their latest event in this office had
    left them in by the month's last day.
    """
    return proposals_of([office], period)[office.pk]


def proposals_of(offices: Collection[Office], period: Period) -> dict[int, Figures]:
    """The same of many offices, by key, in one query too."""
    events: dict[int, list[_Event]] = {office.pk: [] for office in offices}
    for office, event in _events_until(offices, period.last):
        events[office].append(event)
    return {office: _figures(found, period) for office, found in events.items()}


def _figures(events: Iterable[_Event], period: Period) -> Figures:
    flows: dict[str, dict[str, list[_Event]]] = {name: defaultdict(list) for name in FLOWS.values()}
    stocks: dict[str, dict[str, list[_Event]]] = {name: defaultdict(list) for name in STOCKS.values()}
    latest: dict[int, _Event] = {}
    for event in events:
        latest[event.society] = event
        name = FLOWS.get(EventKind(event.kind))
        if name and event.on >= period.first:
            flows[name][event.part].append(event)
    for event in latest.values():
        name = STOCKS.get(Status(event.status))
        if name:
            stocks[name][event.part].append(event)
    figures = {name: {part: _flow(rows) for part, rows in parts.items()} for name, parts in flows.items()}
    return figures | {name: {part: _stock(rows) for part, rows in parts.items()} for name, parts in stocks.items()}


def _events_until(offices: Iterable[Office], last: date) -> Iterator[tuple[int, _Event]]:
    """Events with the key of their office; those of a society in their order."""
    rows = (
        StatusEvent.objects.filter(office__in=[office.pk for office in offices], on__lte=last)
        .order_by("society_id", "sequence")
        .values_list("office", "pk", "society_id", "kind", "status", "on", "society__tier", "society__sponsor")
    )
    events = ((row[0], _Event(*row[1:6], part_of(row[6], row[7]))) for row in rows)
    return ((office, event) for office, event in events if event.part in PARTS)


def _flow(events: list[_Event]) -> Figure:
    events = sorted(events, key=lambda event: event.pk)
    said = [[event.pk, event.kind, event.on, event.society, event.part] for event in events]
    return Figure(len(events), "societies.statusevent", tuple(event.pk for event in events), digest_of(said))


def _stock(events: list[_Event]) -> Figure:
    events = sorted(events, key=lambda event: event.society)
    said = [[event.society, event.status, event.pk] for event in events]
    return Figure(len(events), "societies.society", tuple(event.society for event in events), digest_of(said))


METRICS = metrics_of(proposals, (*FLOWS.values(), *STOCKS.values()))


@dataclass(frozen=True)
class EventRow:
    """A registration, cancellation or other event as an annex lists it; ``class_code`` is the society's class."""

    pk: int
    name_bn: str
    name_en: str
    reg_no: str
    class_code: str
    part: str
    kind: str
    on: date
    order_number: str


def event_rows(pks: Iterable[int]) -> dict[int, EventRow]:
    """The events by key; one query."""
    rows = StatusEvent.objects.filter(pk__in=list(pks)).select_related("society")
    return {
        row.pk: EventRow(
            pk=row.pk,
            name_bn=row.society.name_bn,
            name_en=row.society.name_en,
            reg_no=row.society.reg_no,
            class_code=row.society.class_code,
            part=row.society.part,
            kind=row.kind,
            on=row.on,
            order_number=row.order_number,
        )
        for row in rows
    }


@dataclass(frozen=True)
class ClassRow:
    """The societies of one class by status (annex 1)."""

    code: str
    functional: int = 0
    non_functional: int = 0
    under_liquidation: int = 0

    @property
    def total(self) -> int:
        return self.functional + self.non_functional + self.under_liquidation


@dataclass(frozen=True)
class ClassTable:
    """Societies by class, and when the newest of the events that say so was recorded."""

    rows: tuple[ClassRow, ...] = ()
    at: datetime | None = None

    @property
    def sums(self) -> ClassRow:
        return ClassRow(
            "",
            sum(row.functional for row in self.rows),
            sum(row.non_functional for row in self.rows),
            sum(row.under_liquidation for row in self.rows),
        )


def by_class(offices: QuerySet[Any, Any], on: date) -> ClassTable:
    """How the societies of some leaf offices (keys) stood at the end of a day, by class; one query.

    National societies are left out: the department alone counts them.
    """
    events = StatusEvent.objects.filter(office__in=offices, status__in=LIVE).latest_on(on)
    rows = events.exclude(society__tier=Tier.NATIONAL).values_list("society__class_code", "status")
    found: dict[str, dict[str, int]] = defaultdict(dict)
    newest = []
    for code, status, count, at in rows.annotate(Count("pk"), Max("at")).order_by():
        found[code][status] = count
        newest.append(at)
    table = (ClassRow(code, **counts) for code, counts in sorted(found.items()))
    return ClassTable(tuple(table), max(newest, default=None))
