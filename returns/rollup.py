"""Roll-up: total(office) = its own lines + Σ totals of the offices below, over verified returns.

A total records the versions it was summed from (`Basis`). It is out of date where that differs from the versions
verified now: a lost message delays a total, it cannot make a wrong one pass for right. An upper office is summed from
the totals of its children, level by level; measured against summing all leaf values at once this is the faster way
from the division upwards, and the only one that does not grow with the country.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet, Sum
from django.db.models.functions import Substr

from core.activity import Actor
from core.bulk import insert_rows
from core.periods import Period
from jobs.models import Job
from jobs.services import enqueue_job
from offices.choices import OfficeKind
from offices.models import Office
from offices.paths import WIDTH, subtree_range
from offices.places import Tree, paths_on
from returns.catalogue import Catalogue, Cell
from returns.choices import Aggregation, ReturnState
from returns.models import Form, Return, ReturnVersion, Total, TotalValue, Value
from returns.published import catalogue_of, form_for
from returns.rules import percent


@dataclass(frozen=True)
class Basis:
    """Which verified versions a total stands on: their number, the sum of their keys, and the newest verdict.

    A version is only ever replaced by one with a higher key, so that two different sets never share number and sum.
    """

    count: int = 0
    keys: int = 0
    data_at: datetime | None = None

    def __add__(self, other: Basis) -> Basis:
        instants = [at for at in (self.data_at, other.data_at) if at]
        return Basis(self.count + other.count, self.keys + other.keys, max(instants, default=None))

    def is_that_of(self, total: Total | None) -> bool:
        """Whether the total stands on these versions. No total is the total of nothing."""
        if total is None:
            return self.count == 0
        return (self.count, self.keys) == (total.basis_count, total.basis_sum)


NOTHING = Basis()

#: Kinds of office that are summed from the stored totals of their children; the others from the returns themselves.
SUMMED_FROM_TOTALS = (OfficeKind.DEPARTMENT, OfficeKind.DIVISION)


def key_of(office: Office, period: Period) -> str:
    """The key under which adding up is asked for once."""
    return f"returns.total:{office.code}:{period}"


@transaction.atomic
def request_totals(ret: Return, *, by: Actor, at: datetime) -> list[Job]:
    """Ask for the totals that hold the return: those of the superiors, the nearest first, and before them that of an
    upper office itself. One waiting job for each."""
    own = [] if ret.office.is_leaf else [ret.office]
    offices = [*own, *Tree(ret.period).superiors(ret.office_path)]
    return [request_total(office, ret.period, by=by, at=at) for office in offices]


def request_total(office: Office, period: Period, *, by: Actor | None, at: datetime) -> Job:
    """Ask for one office's total."""
    return enqueue_job(
        kind="returns.compute_total",
        arguments={"office": office.code, "period": period.key},
        key=key_of(office, period),
        by=by,
        office_path=office.path,
        at=at,
    )


def verified_versions(office: Office, periods: Iterable[Period]) -> QuerySet[ReturnVersion]:
    """Verified versions of the office and everything that stood below it in those periods."""
    return ReturnVersion.objects.filter(stood_below(office, periods), state=ReturnState.VERIFIED)


def stood_below(office: Office, periods: Iterable[Period]) -> Q:
    """The condition on versions of some periods whose office stood at or below the office in them."""
    condition = Q(pk__in=[])
    for path, months in paths_on(office, periods).items():
        low, high = subtree_range(path)
        condition |= Q(ret__period__in=months, ret__office_path__gte=low, ret__office_path__lt=high)
    return condition


def basis_of(office: Office, period: Period) -> Basis:
    """The versions verified now at and below the office."""
    return bases_of(office, [period]).get(period, NOTHING)


def bases_of(office: Office, periods: Iterable[Period]) -> dict[Period, Basis]:
    """The versions verified now, by period; periods with none are absent. One query."""
    rows = verified_versions(office, periods).values_list("ret__period")
    return {
        period: Basis(count, keys, data_at)
        for period, count, keys, data_at in rows.annotate(Count("pk"), Sum("pk"), Max("decided_at")).order_by()
    }


def bases_below(office: Office, period: Period) -> dict[str, Basis]:
    """The versions verified now, by the path of the child they lie under. One query."""
    child = Substr("ret__office_path", 1, len(office.path) + WIDTH)
    rows = verified_versions(office, [period]).annotate(child=child).values_list("child")
    return {
        path: Basis(count, keys, data_at)
        for path, count, keys, data_at in rows.annotate(Count("pk"), Sum("pk"), Max("decided_at")).order_by()
    }


def basis_summed(total: Total) -> Basis:
    """The versions a stored total stands on."""
    return Basis(total.basis_count, total.basis_sum, total.data_at)


def total_of(office: Office, period: Period) -> Total | None:
    """The stored total, which may be out of date; None if none was computed."""
    return Total.objects.select_related("form").filter(office=office, period=period).first()


def is_stale(total: Total) -> bool:
    """Whether other versions are verified now than those summed."""
    return not basis_of(total.office, total.period).is_that_of(total)


def fresh_total(office: Office, period: Period, *, at: datetime) -> Total:
    """The total over the versions verified now, computed first where the stored one is missing or out of date."""
    total = total_of(office, period)
    if total is None or is_stale(total):
        return compute_total(office, period, at=at)
    return total


def fresh_totals(office: Office, periods: Iterable[Period], *, at: datetime) -> dict[Period, Total]:
    """The totals of several months over the versions verified now; months with nothing verified are absent.

    Two queries, and those of adding up what is missing or out of date.
    """
    months = list(periods)
    wanted = bases_of(office, months)
    stored: dict[Period, Total] = {
        total.period: total for total in Total.objects.filter(office=office, period__in=months)
    }
    fresh = {}
    for period, basis in wanted.items():
        total = stored.get(period)
        fresh[period] = total if total and basis.is_that_of(total) else compute_total(office, period, at=at)
    return fresh


@transaction.atomic
def compute_total(office: Office, period: Period, *, at: datetime) -> Total:
    """Add up and store the office's total; safe to run twice and by two at once.

    What it stands on is read before the figures: if another return is verified in between, the total is out of date
    and says so. Children out of date are added up first; parents lock before children, so that two
    never wait for each other.
    """
    return _compute(office, _Month(Tree(period), form_for(period), at))


@dataclass(frozen=True)
class _Month:
    """What adding up one office and those below it has in common: the tree of the month, its form, the instant."""

    tree: Tree
    form: Form
    at: datetime

    @property
    def period(self) -> Period:
        return self.tree.period


def _compute(office: Office, month: _Month, total: Total | None = None) -> Total:
    """``total`` is its locked row, where this has been read already."""
    total = total or _locked_total(office, month)
    if office.kind in SUMMED_FROM_TOTALS:
        wanted = bases_below(office, month.period)
        own = wanted.pop(month.tree.path(office), NOTHING)
        basis = own + _refresh_below(office, month, wanted)
        amounts = _sum_of_children(office, month.tree, month.period, with_own=own.count > 0)
    else:
        basis = basis_of(office, month.period)
        amounts = sums_by_cell(Value.objects.filter(version__in=verified_versions(office, [month.period]).values("pk")))
    _store([_Sum(total, basis, amounts)], month)
    return total


@dataclass(frozen=True)
class _Sum:
    """What a locked total is to say: the amounts by cell, and the versions they stand on."""

    total: Total
    basis: Basis
    amounts: Mapping[str, int]


def _store(sums: Sequence[_Sum], month: _Month) -> None:
    catalogue = catalogue_of(month.form)
    _replace_values({one.total: cells_of_total(catalogue, one.amounts) for one in sums})
    for one in sums:
        total, basis = one.total, one.basis
        total.form, total.computed_at = month.form, month.at
        total.basis_count, total.basis_sum, total.data_at = basis.count, basis.keys, basis.data_at
        total.save(update_fields=["form", "basis_count", "basis_sum", "data_at", "computed_at"])


def _locked_total(office: Office, month: _Month) -> Total:
    """The office's total, locked until the transaction ends; an empty one is made where none stood."""
    rows = Total.objects.select_for_update().filter(office=office, period=month.period)
    total = rows.first()
    if total is None:
        _make_empty([office], month)
        total = rows.get()
    return total


def _make_empty(offices: Iterable[Office], month: _Month) -> None:
    """Empty totals of offices that had none; another may have made them in this moment."""
    empty = [Total(office=one, period=month.period, form=month.form, computed_at=month.at) for one in offices]
    Total.objects.bulk_create(empty, ignore_conflicts=True)


def _refresh_below(office: Office, month: _Month, wanted: Mapping[str, Basis]) -> Basis:
    """Bring the children's totals up to date with what is wanted by path, and return what they stand on together."""
    tree = month.tree
    totals = Total.objects.select_related("office").filter(tree.is_child(office, "office__"), period=month.period)
    stored = {tree.path(total.office): total for total in totals}
    paths = wanted.keys() | stored.keys()
    stale = [path for path in paths if not wanted.get(path, NOTHING).is_that_of(stored.get(path))]
    children = tree.at(stale) if stale else []
    _make_empty([child for child in children if tree.path(child) not in stored], month)
    rows = Total.objects.select_for_update().filter(office__in=children, period=month.period)
    locked = {total.office_id: total for total in rows.order_by("pk")} if children else {}
    stored |= {tree.path(child): locked[child.pk] for child in children}
    for child in children:
        if child.kind in SUMMED_FROM_TOTALS:
            _compute(child, month, locked[child.pk])
    summed = [tree.path(child) for child in children if child.kind not in SUMMED_FROM_TOTALS]
    amounts = _sums_of_returns(office, month.period, summed) if summed else {}
    _store([_Sum(stored[path], wanted.get(path, NOTHING), amounts.get(path, {})) for path in summed], month)
    return sum(map(basis_summed, stored.values()), NOTHING)


def _sums_of_returns(office: Office, period: Period, children: Iterable[str]) -> dict[str, dict[str, int]]:
    """Sums of the verified returns at and below each of these children, by the child's path and cell. One query."""
    depth = len(office.path) + WIDTH
    versions = verified_versions(office, [period]).annotate(child=Substr("ret__office_path", 1, depth))
    values = Value.objects.filter(version__in=versions.filter(child__in=children).values("pk"), amount__isnull=False)
    rows = values.annotate(child=Substr("version__ret__office_path", 1, depth)).values_list("child", "cell")
    sums: dict[str, dict[str, int]] = {}
    for path, cell, amount in rows.annotate(Sum("amount")).order_by():
        sums.setdefault(path, {})[cell] = amount
    return sums


def _sum_of_children(office: Office, tree: Tree, period: Period, *, with_own: bool) -> dict[str, int]:
    """Sums of the children's totals, and of the office's own return if it has one verified."""
    sums = sums_by_cell(TotalValue.objects.filter(tree.is_child(office, "total__office__"), total__period=period))
    if not with_own:
        return sums
    own = verified_versions(office, [period]).filter(ret__office_path=tree.path(office)).values("pk")
    for cell, amount in sums_by_cell(Value.objects.filter(version__in=own)).items():
        sums[cell] = sums.get(cell, 0) + amount
    return sums


def sums_by_cell(values: QuerySet[Value] | QuerySet[TotalValue]) -> dict[str, int]:
    """Σ by cell; a cell that is blank everywhere is absent."""
    rows = values.filter(amount__isnull=False).values_list("cell").annotate(Sum("amount")).order_by()
    return dict(rows)


def cells_of_total(catalogue: Catalogue, amounts: Mapping[str, int]) -> dict[str, int]:
    """The cells of a total from sums by cell: sums where the form says so, ratios from their summed parts."""
    cells: dict[str, int] = {}
    for cell in catalogue.cells:
        amount = _ratio(cell, amounts) if cell.line.ratio else amounts.get(cell.key)
        if amount is not None and cell.line.over_offices in (Aggregation.SUM, Aggregation.RATIO):
            cells[cell.key] = amount
    return cells


def _ratio(cell: Cell, amounts: Mapping[str, int]) -> int | None:
    upper, lower = cell.line.ratio or ("", "")
    part = f".{cell.part.code}" if cell.part else ""
    return percent(amounts.get(upper + part), amounts.get(lower + part))


def _replace_values(wanted: Mapping[Total, Mapping[str, int]]) -> None:
    """Write what changed; adding up the same returns again writes nothing. Nobody else writes: they are locked.

    A total that says it stands on nothing may hold figures: those of a return verified after its basis was read.
    """
    rows = TotalValue.objects.filter(total__in=wanted).values_list("total", "cell", "amount")
    stored: dict[int, dict[str, int | None]] = {}
    for pk, cell, amount in rows:
        stored.setdefault(pk, {})[cell] = amount
    changed: list[tuple[int, str, int]] = []
    for total, cells in wanted.items():
        before = stored.get(total.pk, {})
        if gone := [cell for cell, amount in before.items() if cells.get(cell) != amount]:
            total.values.filter(cell__in=gone).delete()
        changed += [(total.pk, cell, amount) for cell, amount in cells.items() if before.get(cell) != amount]
    insert_rows(TotalValue, ("total_id", "cell", "amount"), changed)
