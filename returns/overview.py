"""An upper office's month at a glance: who is in, the key figures with their change and trend, the offices below.

A change is that of the offices in both months: missing is never zero, and a figure that grew because one more office
reported has not grown. Where not all are in both, it says of how many it speaks.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core.language import in_reader_language, reader_wants_bangla
from core.numbers import Unit, format_amount
from core.periods import Period
from core.templatetags.figures import digits
from offices.choices import OfficeKind
from offices.models import Office
from offices.paths import WIDTH, is_within
from offices.places import Tree, trees_of
from returns.beside import Beside
from returns.catalogue import Cell
from returns.checks.dossier import MONTHS
from returns.choices import Aggregation
from returns.completeness import Completeness
from returns.models import ReturnVersion, TotalValue, Value
from returns.months import Month, Row, row_of, targets_of
from returns.presence import Meeting, Presence, presence_of
from returns.rollup import SUMMED_FROM_TOTALS, verified_versions
from returns.summaries import before_the_portal

KEY_FIGURES = Path(__file__).parent / "data" / "key_figures.toml"
#: Upper offices that the page of one above them lists.
LISTED = (OfficeKind.DIVISION, OfficeKind.DISTRICT)

Place = tuple[int, Period]


def change_in_words(amount: int, unit: Unit) -> str:
    """A difference in its unit, with its sign: ``+১২``."""
    return ("+" if amount > 0 else "") + format_amount(amount, unit, bangla=reader_wants_bangla())


@dataclass(frozen=True)
class Change:
    """A figure less that of another month. ``amount`` is None where there is nothing to subtract, or where no office is
    in both (``differs``). ``common`` is of how many offices it speaks, None where all are in both."""

    amount: int | None = None
    differs: bool = False
    common: int | None = None

    def text(self, unit: Unit) -> str:
        """``+১২``, or why there is none."""
        if self.differs:
            return _("not comparable")
        told = "—" if self.amount is None else change_in_words(self.amount, unit)
        if self.common is None:
            return told
        return _("%(change)s (of %(count)s)") % {"change": told, "count": digits(self.common)}


@dataclass(frozen=True)
class Figure:
    """A key figure of an office, with its change since the month before and since the same month of last year."""

    cell: Cell
    amount: int | None
    month: Change
    year: Change

    @property
    def unit(self) -> str:
        return self.cell.line.unit.value

    @property
    def since_last_month(self) -> str:
        return self.month.text(self.cell.line.unit)

    @property
    def since_last_year(self) -> str:
        return self.year.text(self.cell.line.unit)


@dataclass(frozen=True)
class KeyFigure:
    """A key figure of the office itself, with its year and its twelve months."""

    row: Row
    figure: Figure
    beside: Beside


@dataclass(frozen=True)
class OfficeRow:
    """An office below with who is in there. ``depth`` is 0 right below, 1 one level lower."""

    office: Office
    completeness: Completeness
    figures: tuple[Figure, ...]
    depth: int
    superior: Office

    @property
    def is_partial(self) -> bool:
        """Whether offices that are due do not stand in its figures."""
        return not self.completeness.is_complete

    def figure(self, cell: Cell) -> Figure:
        return next(one for one in self.figures if one.cell is cell)


@dataclass(frozen=True)
class Overview:
    """The month of an office above the leaf. ``rows`` in the order of the tree: above the districts the districts below
    each division, too; never a leaf office above its own district."""

    month: Month
    cells: tuple[Cell, ...]
    keys: tuple[KeyFigure, ...]
    rows: tuple[OfficeRow, ...]

    @property
    def heads(self) -> list[str]:
        """The names of the key figures."""
        return [in_reader_language(cell.line.bn, cell.line.en) for cell in self.cells]

    @property
    def below(self) -> tuple[OfficeRow, ...]:
        """The offices right below."""
        return tuple(row for row in self.rows if row.depth == 0)

    @property
    def districts(self) -> tuple[OfficeRow, ...]:
        return tuple(row for row in self.rows if row.office.kind == OfficeKind.DISTRICT)


@cache
def key_codes() -> tuple[str, ...]:
    """The cells that are watched, as the data file has them."""
    return tuple(tomllib.loads(KEY_FIGURES.read_text(encoding="utf-8"))["cells"])


def overview_of(month: Month) -> Overview:
    """The overview of an upper office's month, from the stored totals. Five queries, a sixth for a district and where
    not the same offices are in the months compared, and one of where offices stood if any ever moved."""
    known = month.catalogue.cells_by_key
    cells = tuple(known[code] for code in key_codes() if code in known)
    return _Reading(month, cells).overview()


class _Reading:
    """What one overview has read: figures by office and month, and whose returns lie in them."""

    def __init__(self, month: Month, cells: tuple[Cell, ...]) -> None:
        self.month, self.cells, self.period = month, cells, month.period
        self.compared = (self.period, self.period.previous(), self.period.shift(-MONTHS))
        self.trees: Mapping[Period, Tree] = trees_of(self.compared)
        self.figures: dict[Place, dict[str, int]] = {}
        self.apart: dict[Place, dict[str, int]] = {}
        self.bases: dict[Place, tuple[int, int]] = {}
        self.presence: Presence = presence_of(month.office, self.compared)

    def overview(self) -> Overview:
        offices = self._offices()
        self._read_totals(offices)
        if self.month.office.kind not in SUMMED_FROM_TOTALS:
            self._read_returns()
        else:
            self._read_apart(offices)
        before, targets = self._before(), targets_of(self.month)
        rows = [self._row(office, offices) for office in offices]
        keys = [self._key(cell, row_of(cell, self.month, (), before, targets)) for cell in self.cells]
        return Overview(self.month, self.cells, tuple(keys), tuple(row for row in rows if _counts(row)))

    def _before(self) -> dict[str, int] | None:
        """Σ of the year before the month, as `returns.months.flows_before` has it, from what was read for the trend."""
        earlier = self.period.year_before()
        if not earlier:
            return None
        sums = before_the_portal(self.month.office, earlier)
        for period in earlier:
            for cell, amount in self.figures.get((self.month.office.pk, period), {}).items():
                sums[cell] = sums.get(cell, 0) + amount
        return sums

    def _offices(self) -> list[Office]:
        """The offices that the page lists, in the order of the tree as it was in the month: below a district those that
        are due, and whoever else is in."""
        tree, top = self.trees[self.period], self.month.office
        if top.kind not in SUMMED_FROM_TOTALS:
            due = [one.office for one in self.month.completeness.standings]
            others = self.presence.offices((tree.path(top), self.period)) - {one.pk for one in due} - {top.pk}
            return sorted([*due, *Office.objects.filter(pk__in=others)] if others else due, key=tree.path)
        rows = tree.below(top).filter(kind__in=LISTED).exclude(pk=top.pk)
        return sorted(rows, key=tree.path)

    def _read_totals(self, offices: Collection[Office]) -> None:
        """Stored totals: twelve months of the office itself, the compared months of those below."""
        trend = [self.period.shift(-n) for n in range(MONTHS + 1)]
        places = Q(total__office=self.month.office, total__period__in=trend)
        places |= Q(total__office__in=[one.pk for one in offices], total__period__in=self.compared)
        rows = TotalValue.objects.filter(places, cell__in=[cell.key for cell in self.cells], amount__isnull=False)
        columns = ("total__office", "total__period", "total__basis_count", "total__basis_sum", "cell", "amount")
        for office, period, count, keys, cell, amount in rows.order_by().values_list(*columns):
            self.bases[office, period] = count, keys
            self.figures.setdefault((office, period), {})[cell] = amount

    def _read_returns(self) -> None:
        """What the leaf offices of a district reported."""
        versions = verified_versions(self.month.office, self.compared).exclude(ret__office=self.month.office)
        for place, cell, amount in self._values_in(versions):
            self.figures.setdefault(place, {})[cell] = amount
        self.apart = self.figures

    def _read_apart(self, offices: Collection[Office]) -> None:
        """What the offices reported that are in one of two compared months alone."""
        kinds = {kind for cell in self.cells for kind in cell.levels}
        wanted: set[int] = set()
        for office in (self.month.office, *offices):
            for then in self.compared[1:]:
                met = self._meeting(office, then, kinds)
                wanted |= met.here | met.there
        if wanted:
            versions = verified_versions(self.month.office, self.compared).filter(ret__office__in=wanted)
            for place, cell, amount in self._values_in(versions):
                self.apart.setdefault(place, {})[cell] = amount

    def _values_in(self, versions: QuerySet[ReturnVersion]) -> Iterator[tuple[Place, str, int]]:
        rows = Value.objects.filter(
            version__in=versions.values("pk"), cell__in=[cell.key for cell in self.cells], amount__isnull=False
        )
        columns = ("version__ret__office", "version__ret__period", "cell", "amount")
        for office, period, cell, amount in rows.order_by().values_list(*columns):
            if amount is not None:
                yield (office, period), cell, amount

    def _meeting(self, office: Office, then: Period, kinds: Collection[str]) -> Meeting:
        """Who is in at and below an office this month and in another one."""
        here, there = (self.trees[period].path(office) for period in (self.period, then))
        return self.presence.meeting((here, self.period), (there, then), kinds)

    def _row(self, office: Office, listed: Collection[Office]) -> OfficeRow:
        tree = self.trees[self.period]
        path = tree.path(office)
        above = next((one for one in listed if tree.path(one) == path[:-WIDTH]), self.month.office)
        standings = tuple(one for one in self.month.completeness.standings if is_within(one.path, path))
        return OfficeRow(
            office=office,
            completeness=Completeness(standings),
            figures=tuple(self._figure(office, cell) for cell in self.cells),
            depth=len(path) // WIDTH - len(tree.path(self.month.office)) // WIDTH - 1,
            superior=above,
        )

    def _key(self, cell: Cell, row: Row) -> KeyFigure:
        own = self.month.office.pk
        months = [self.figures.get((own, self.period.shift(-n)), {}).get(cell.key) for n in range(MONTHS)]
        last_year = self.figures.get((own, self.compared[2]), {}).get(cell.key)
        beside = Beside(cell, self.period, tuple(reversed(months)), last_year, peers=None)
        return KeyFigure(row, self._figure(self.month.office, cell), beside)

    def _figure(self, office: Office, cell: Cell) -> Figure:
        now, month, year = self.compared
        amount = self.figures.get((office.pk, now), {}).get(cell.key)
        return Figure(cell, amount, self._change(office, cell, month), self._change(office, cell, year))

    def _change(self, office: Office, cell: Cell, then: Period) -> Change:
        new = self.figures.get((office.pk, self.period), {}).get(cell.key)
        old = self.figures.get((office.pk, then), {}).get(cell.key)
        if new is None or old is None:
            return Change()
        met = self._meeting(office, then, cell.levels)
        if not self._is_fresh(office, self.period) or not self._is_fresh(office, then):
            return Change(differs=True)
        if met.is_same:
            return Change(new - old)
        if not met.common or cell.line.over_offices is not Aggregation.SUM:
            return Change(differs=True)
        new -= self._reported(met.here, self.period, cell)
        old -= self._reported(met.there, then, cell)
        return Change(new - old, common=met.common)

    def _reported(self, offices: Collection[int], period: Period, cell: Cell) -> int:
        """Σ of what some offices reported in a month."""
        return sum(self.apart.get((office, period), {}).get(cell.key, 0) for office in offices)

    def _is_fresh(self, office: Office, period: Period) -> bool:
        """Whether a stored total stands on the versions verified now; what a leaf reported always does."""
        spot = self.trees[period].path(office), period
        return office.is_leaf or self.bases.get((office.pk, period)) == self.presence.basis(spot)


def _counts(row: OfficeRow) -> bool:
    """Offices of which something is due or known, and upper offices that stand."""
    known = row.completeness.due or any(one.amount is not None for one in row.figures)
    return bool(known) or (not row.office.is_leaf and row.office.closed_on is None)
