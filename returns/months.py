"""A month of an office as it is read: its total by section, the offices below side by side, the year beside the flows.

The page shows what is stored and says when that is being updated; papers and commands ask for it fresh.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BooleanField, ExpressionWrapper, Q, Sum
from django.utils.translation import pgettext_lazy

from core.language import in_reader_language, reader_wants_bangla
from core.numbers import Unit
from core.periods import Period
from offices.choices import LEAF_KINDS
from offices.models import Office
from offices.paths import WIDTH
from offices.querysets import within
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

    ``is_stale``: other versions are verified now than those in the figures (of this month or the year before it).
    """

    office: Office
    period: Period
    form: Form
    catalogue: Catalogue
    amounts: Amounts
    basis: Basis
    completeness: Completeness
    is_stale: bool = False

    @property
    def data_at(self) -> datetime | None:
        return self.basis.data_at


@dataclass(frozen=True)
class Column:
    """An office right below, beside its sisters. ``standing`` is None above the leaf, and where nothing was due."""

    office: Office
    amounts: Amounts
    standing: Standing | None = None


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
    def is_flow(self) -> bool:
        return self.cell.line.kind is LineKind.FLOW


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
    catalogue = catalogue_of(form)
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
    """The month with the offices below beside it and the year beside its flows; five queries."""
    columns = () if month.office.is_leaf else _columns(month)
    before = _before(month.office, month.period)
    targets = _targets(month)
    blocks = tuple(
        Block(section, tuple(_row(cell, month, columns, before, targets) for cell in _cells_of(month, section)))
        for section in month.catalogue.sections
    )
    return MonthSheet(month, columns, blocks)


def _cells_of(month: Month, section: Section) -> list[Cell]:
    """The section's cells, each line's total before its parts; a breakdown of one part shows its total alone."""
    cells: list[Cell] = []
    for line in section.lines:
        own = month.catalogue.line_cells[line.code]
        cells += [own[-1], *own[:-1]] if len(own) > 2 else own[-1:]
    return cells


def _row(
    cell: Cell,
    month: Month,
    columns: tuple[Column, ...],
    before: Amounts | None,
    targets: Mapping[str, int],
) -> Row:
    amount = month.amounts.get(cell.key)
    code = month.catalogue.code_of(cell.key, bangla=reader_wants_bangla())
    parts = tuple(column.amounts.get(cell.key) for column in columns)
    if cell.line.kind is not LineKind.FLOW:
        return Row(cell, code, amount, parts)
    so_far = 0 if before is None else before.get(cell.key)
    cumulative = None if amount is None or so_far is None else so_far + amount
    target = targets.get(cell.key)
    return Row(cell, code, amount, parts, so_far, cumulative, target, percent(cumulative, target))


def _before(office: Office, period: Period) -> dict[str, int] | None:
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


def _targets(month: Month) -> dict[str, int]:
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
    rows = within(rows, [month.office.path]).filter(Q(office=month.office) | Q(office__kind__in=LEAF_KINDS))
    rows = rows.annotate(own=ExpressionWrapper(Q(office=month.office), BooleanField()))
    own: dict[str, int] = {}
    below: dict[str, int] = {}
    for is_own, cell, amount in rows.values_list("own", "cell").annotate(Sum("amount")).order_by():
        (own if is_own else below)[cell] = amount
    return own, below


def _columns(month: Month) -> tuple[Column, ...]:
    """The offices right below from which something is due or in: totals of districts and divisions, returns of leaf
    offices."""
    figures: dict[int, dict[str, int]] = {}
    found: Iterable[tuple[int, str, int | None]]
    if month.office.kind in SUMMED_FROM_TOTALS:
        totals = TotalValue.objects.filter(total__office__parent=month.office, total__period=month.period)
        found = totals.values_list("total__office", "cell", "amount")
    else:
        versions = verified_versions(month.office, [month.period]).values("pk")
        values = Value.objects.filter(version__in=versions, version__ret__office__parent=month.office)
        found = values.values_list("version__ret__office", "cell", "amount")
    for office, cell, amount in found:
        if amount is not None:
            figures.setdefault(office, {})[cell] = amount
    standings = {one.office.pk: one for one in month.completeness.standings}
    due = {one.office.path[: len(month.office.path) + WIDTH] for one in month.completeness.standings}
    children = Office.objects.filter(parent=month.office).order_by("path")
    return tuple(
        Column(child, figures.get(child.pk, {}), standings.get(child.pk))
        for child in children
        if child.path in due or child.pk in figures
    )
