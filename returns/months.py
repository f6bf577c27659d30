"""A month of an office as it is read: its total by section, the offices below side by side, the year beside the flows.

The page shows what is stored and says when that is being updated; papers and commands ask for it fresh.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BooleanField, ExpressionWrapper, Q, Sum
from django.utils.translation import pgettext_lazy

from core.language import in_reader_language, reader_wants_bangla
from core.numbers import Unit
from core.periods import Period
from offices.choices import KINDS_WITHIN, LEAF_KINDS, OfficeKind
from offices.models import Office
from offices.paths import WIDTH
from offices.places import Tree
from returns.catalogue import Catalogue, Cell, Section
from returns.choices import LineKind
from returns.completeness import Completeness, Standing, completeness_of
from returns.models import Form, LineTarget, Total, TotalValue, Value
from returns.published import catalogue_of, form_for
from returns.rollup import (
    NOTHING,
    SUMMED_FROM_TOTALS,
    Basis,
    bases_of,
    cells_of_total,
    fresh_totals,
    sums_by_cell,
    verified_versions,
)
from returns.rules import percent, target_at
from returns.summaries import before_the_portal

Amounts = Mapping[str, int]

UNIT_WORDS = {
    Unit.PERSON: pgettext_lazy("unit", "persons"),
    Unit.TAKA: pgettext_lazy("unit", "taka"),
    Unit.LAKH: pgettext_lazy("unit", "lakh taka"),
    Unit.PERCENT: "%",
}


@dataclass(frozen=True)
class Month:
    """An office's total of a month. ``amounts`` by cell; a cell about which nothing is verified is absent.
    ``catalogue`` is the form as the kinds of office at or below it know it.

    ``is_stale``: other versions are verified now than those in the figures (of this month or the year before it).
    ``known_at`` is the past instant whose knowledge the figures are (`returns.known`).
    """

    office: Office
    period: Period
    form: Form
    catalogue: Catalogue
    amounts: Amounts
    basis: Basis
    completeness: Completeness
    is_stale: bool = False
    known_at: datetime | None = None

    @property
    def data_at(self) -> datetime | None:
        return self.basis.data_at


@dataclass(frozen=True)
class Column:
    """An office right below, beside its sisters; or the own doings of the office itself (``is_own``).

    ``standings`` are those of the leaf offices due at or below it.
    """

    office: Office
    amounts: Amounts
    standings: tuple[Standing, ...] = ()
    is_own: bool = False


@dataclass(frozen=True)
class Row:
    """A cell of the form in a month; ``code`` and labels are in the reader's language.

    ``before`` is Σ since 1 July without the month, of flows only; ``share`` is the cumulative in hundredths of a per
    cent of the yearly target.
    """

    cell: Cell
    code: str
    amount: int | None
    parts: tuple[int | None, ...]
    before: int | None = None
    cumulative: int | None = None
    target: int | None = None
    share: int | None = None

    @property
    def label(self) -> str:
        """What the cell counts, in the reader's language; a part of a breakdown is named alone."""
        named = self.cell.part or self.cell.line
        return in_reader_language(named.bn, named.en)

    @property
    def unit(self) -> str:
        return self.cell.line.unit.value

    @property
    def unit_word(self) -> str:
        """The unit beside the label; counts need none."""
        return str(UNIT_WORDS.get(self.cell.line.unit, ""))

    @property
    def is_part(self) -> bool:
        return self.cell.part is not None

    @property
    def is_cumulative(self) -> bool:
        return self.cell.line.is_cumulative


@dataclass(frozen=True)
class Block:
    """A section of the form with its rows."""

    section: Section
    rows: tuple[Row, ...]

    @property
    def label(self) -> str:
        return in_reader_language(self.section.bn, self.section.en)

    @property
    def letter(self) -> str:
        return in_reader_language(self.section.letter, "") or self.section.code

    @property
    def has_flow(self) -> bool:
        return any(row.is_cumulative for row in self.rows)

    @property
    def has_target(self) -> bool:
        return any(row.target is not None for row in self.rows)


@dataclass(frozen=True)
class MonthSheet:
    """A whole month for page and paper."""

    month: Month
    columns: tuple[Column, ...]
    blocks: tuple[Block, ...]


def month_of(office: Office, period: Period, *, at: datetime, fresh: bool = True) -> Month:
    """An office's month; ``fresh`` adds up first what is out of date, else the stored figures are told as they are."""
    if fresh and not office.is_leaf:
        fresh_totals(office, [*period.year_before(), period], at=at)
    form = form_for(period)
    catalogue = catalogue_of(form, KINDS_WITHIN[OfficeKind(office.kind)])
    now = bases_of(office, [*period.year_before(), period])
    amounts, summed = _leaf_figures(office, period, catalogue) if office.is_leaf else _stored_figures(office, period)
    return Month(
        office=office,
        period=period,
        form=form,
        catalogue=catalogue,
        amounts=amounts,
        basis=now.get(period, NOTHING) if office.is_leaf else summed.get(period, NOTHING),
        completeness=completeness_of(office, period, catalogue.due_day, at=at),
        is_stale=not office.is_leaf and _is_behind(now, summed),
    )


def _leaf_figures(office: Office, period: Period, catalogue: Catalogue) -> tuple[Amounts, dict[Period, Basis]]:
    versions = verified_versions(office, [period]).values("pk")
    rows = Value.objects.filter(version__in=versions, amount__isnull=False).values_list("cell", "amount")
    return cells_of_total(catalogue, {cell: amount for cell, amount in rows if amount is not None}), {}


def _stored_figures(office: Office, period: Period) -> tuple[Amounts, dict[Period, Basis]]:
    """The stored amounts of the month, and what the stored totals of the year so far stand on."""
    totals = Total.objects.filter(office=office, period__in=[*period.year_before(), period])
    summed = {total.period: Basis(total.basis_count, total.basis_sum, total.data_at) for total in totals}
    rows = TotalValue.objects.filter(total__office=office, total__period=period).values_list("cell", "amount")
    return {cell: amount for cell, amount in rows if amount is not None}, summed


def _is_behind(now: Mapping[Period, Basis], summed: Mapping[Period, Basis]) -> bool:
    def versions(bases: Mapping[Period, Basis]) -> dict[Period, tuple[int, int]]:
        return {period: (basis.count, basis.keys) for period, basis in bases.items() if basis.count}

    return versions(now) != versions(summed)


def sheet_of(month: Month) -> MonthSheet:
    """The month with the offices below beside it and the year beside its flows; six queries."""
    columns = () if month.office.is_leaf else _columns(month)
    return lay_out_month(month, columns, flows_before(month.office, month.period), targets_of(month))


def lay_out_month(
    month: Month, columns: tuple[Column, ...], before: Amounts | None, targets: Mapping[str, int]
) -> MonthSheet:
    """Section by section, from figures at hand; ``before`` is None in July."""
    blocks = tuple(
        Block(section, tuple(row_of(cell, month, columns, before, targets) for cell in _cells_of(month, section)))
        for section in month.catalogue.sections
    )
    return MonthSheet(month, columns, blocks)


def _cells_of(month: Month, section: Section) -> list[Cell]:
    return cells_in_order(month.catalogue, section)


def cells_in_order(catalogue: Catalogue, section: Section) -> list[Cell]:
    """The section's cells, each line's total before its parts; a breakdown of one part shows its total alone."""
    cells: list[Cell] = []
    for line in section.lines:
        own = catalogue.line_cells[line.code]
        cells += [own[-1], *own[:-1]] if len(own) > 2 else own[-1:]
    return cells


def row_of(
    cell: Cell,
    month: Month,
    columns: tuple[Column, ...],
    before: Amounts | None,
    targets: Mapping[str, int],
) -> Row:
    """A cell's row, with the year beside what adds up over it."""
    amount = month.amounts.get(cell.key)
    code = month.catalogue.code_of(cell.key, bangla=reader_wants_bangla())
    parts = tuple(column.amounts.get(cell.key) for column in columns)
    if not cell.line.is_cumulative:
        return Row(cell, code, amount, parts)
    so_far = 0 if before is None else before.get(cell.key)
    cumulative = None if amount is None or so_far is None else so_far + amount
    target = targets.get(cell.key)
    return Row(cell, code, amount, parts, so_far, cumulative, target, percent(cumulative, target))


def flows_before(office: Office, period: Period) -> dict[str, int] | None:
    """Σ by cell of the year before the month, with what came before the portal; None in July, when nothing did."""
    earlier = period.year_before()
    if not earlier:
        return None
    sums = before_the_portal(office, earlier)
    if office.is_leaf:
        flows = sums_by_cell(Value.objects.filter(version__in=verified_versions(office, earlier).values("pk")))
    else:
        flows = sums_by_cell(TotalValue.objects.filter(total__office=office, total__period__in=earlier))
    return {cell: sums.get(cell, 0) + flows.get(cell, 0) for cell in sums.keys() | flows.keys()}


def targets_of(month: Month) -> dict[str, int]:
    """Yearly targets by the flow's cell: the office's own where set, else Σ of its leaf offices', whether their returns
    are in or not, else the form's target line as verified. An upper office's own target is summed nowhere."""
    own, below = _set_targets(month)
    targets = {}
    for cell in month.catalogue.cells:
        if cell.line.kind is LineKind.FLOW:
            source = month.catalogue.cells_by_key.get(
                cell.key.replace(cell.line.code, cell.line.target or cell.line.code, 1), cell
            )
            asked = [target_at(month.catalogue, one.key, given) for given in (own, below) for one in (cell, source)]
            asked.append(month.amounts.get(source.key) if source is not cell else None)
            amount = next((one for one in asked if one is not None), None)
            if amount is not None:
                targets[cell.key] = amount
    return targets


def _set_targets(month: Month) -> tuple[dict[str, int], dict[str, int]]:
    """The office's own targets of the year by cell, and Σ of those of the leaf offices below. One query."""
    rows = LineTarget.objects.filter(fiscal_year=month.period.fiscal_year)
    here = Tree(month.period).below(month.office).values("pk")
    rows = rows.filter(Q(office__in=here), Q(office=month.office) | Q(office__kind__in=LEAF_KINDS))
    rows = rows.annotate(own=ExpressionWrapper(Q(office=month.office), BooleanField()))
    own: dict[str, int] = {}
    below: dict[str, int] = {}
    for is_own, cell, amount in rows.values_list("own", "cell").annotate(Sum("amount")).order_by():
        (own if is_own else below)[cell] = amount
    return own, below


def _columns(month: Month) -> tuple[Column, ...]:
    """The offices right below from which something is due or in, and the office's own doings last.

    Whose figures stand in the total is asked of the returns, by the place their office had in that month: one that
    has moved away since keeps its column here.
    """
    figures = _figures_below(month)
    tree = Tree(month.period)
    due: dict[str, tuple[Standing, ...]] = {}
    for one in month.completeness.standings:
        path = one.path[: len(month.office.path) + WIDTH]
        due[path] = (*due.get(path, ()), one)
    shown = [one for one in tree.children(month.office) if tree.path(one) in due or one.pk in figures]
    below = [Column(one, figures.get(one.pk, {}), due.get(tree.path(one), ())) for one in shown]
    own = [Column(month.office, figures[month.office.pk], is_own=True)] if month.office.pk in figures else []
    return (*below, *own)


def _figures_below(month: Month) -> dict[int, dict[str, int]]:
    """By office: what the leaf offices and the office itself report; above the districts, totals of the offices right
    below in the leaf offices' place."""
    versions = verified_versions(month.office, [month.period])
    totals = TotalValue.objects.none()
    if month.office.kind in SUMMED_FROM_TOTALS:
        tree = Tree(month.period)
        totals = TotalValue.objects.filter(tree.is_child(month.office, "total__office__"), total__period=month.period)
        versions = versions.filter(ret__office_path=tree.path(month.office))
    values = Value.objects.filter(version__in=versions.values("pk")).order_by()
    rows = values.values_list("version__ret__office", "cell", "amount").union(
        totals.order_by().values_list("total__office", "cell", "amount"), all=True
    )
    figures: dict[int, dict[str, int]] = {}
    for office, cell, amount in rows:
        if amount is not None:
            figures.setdefault(office, {})[cell] = amount
    return figures
