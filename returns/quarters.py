"""A quarter of an office: its months side by side and what they come to. Nothing of it is typed again.

Flows are summed over the three months, closings are those of the third, openings those of the first, ratios come from
the quarter's own sums. A month of which nothing is verified is no zero: it is absent from the sum, which then says of
how many months it is; where the third month is absent there is no closing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.language import reader_wants_bangla
from core.periods import Period, dhaka_date
from offices.choices import KINDS_WITHIN, OfficeKind
from offices.models import Office
from offices.places import remembering
from returns.catalogue import Catalogue, Cell, Section
from returns.choices import Aggregation
from returns.completeness import Completeness, completeness_by_month
from returns.models import Form, TotalValue, Value
from returns.months import Amounts, Block, Month, Row, cells_in_order, flows_before, targets_of
from returns.published import catalogue_of, form_for
from returns.rollup import NOTHING, Basis, bases_of, cells_of_total, fresh_totals, verified_versions
from returns.rules import percent


def months_in(period: Period) -> tuple[Period, ...]:
    """The months of a quarter (or of any period), in order."""
    first = Period.of(period.first)
    return tuple(first.shift(n) for n in range(period.length))


def quarter_amounts(catalogue: Catalogue, months: Sequence[Amounts]) -> dict[str, int]:
    """The cells of a quarter from those of its months, in order; a cell of which nothing is known is absent."""
    cells: dict[str, int] = {}
    for cell in catalogue.cells:
        amount = _joined(cell, [month.get(cell.key) for month in months])
        if amount is not None:
            cells[cell.key] = amount
    for cell in catalogue.cells:
        if cell.line.over_time is Aggregation.RATIO and cell.line.ratio:
            part = f".{cell.part.code}" if cell.part else ""
            upper, lower = (cells.get(code + part) for code in cell.line.ratio)
            share = percent(upper, lower)
            if share is not None:
                cells[cell.key] = share
    return cells


def _joined(cell: Cell, amounts: Sequence[int | None]) -> int | None:
    if cell.line.is_cumulative:
        known = [amount for amount in amounts if amount is not None]
        return sum(known) if known else None
    if cell.line.over_time is Aggregation.FIRST:
        return amounts[0]
    return amounts[-1] if cell.line.over_time is Aggregation.LAST else None


@dataclass(frozen=True)
class QuarterRow(Row):
    """A cell with its three months in ``parts``, the quarter's ``amount``, and ``cumulative`` since 1 July."""

    months: tuple[Period, ...] = ()

    @property
    def by_month(self) -> list[tuple[Period, int | None]]:
        return list(zip(self.months, self.parts, strict=True))


@dataclass(frozen=True)
class Quarter:
    """An office's quarter over the verified returns at and below it.

    ``months`` are all three; ``figures`` their amounts by cell, empty where nothing is verified; ``running`` are those
    that were not over at the instant asked for. The rows of ``blocks`` are `QuarterRow`s; ``amounts`` are the quarter's
    own.
    """

    office: Office
    period: Period
    form: Form
    catalogue: Catalogue
    months: tuple[Period, ...]
    figures: tuple[Amounts, ...]
    amounts: Amounts
    blocks: tuple[Block, ...]
    completeness: Mapping[Period, Completeness]
    bases: Mapping[Period, Basis]
    running: tuple[Period, ...]

    @property
    def known(self) -> tuple[Period, ...]:
        """The months that are in the sums."""
        return tuple(month for month, figures in zip(self.months, self.figures, strict=True) if figures)

    @property
    def absent(self) -> tuple[Period, ...]:
        """The months of which nothing is verified."""
        return tuple(month for month in self.months if month not in self.known)

    @property
    def is_whole(self) -> bool:
        """Whether every return of every month is in."""
        return not self.absent and all(one.is_complete for one in self.completeness.values())

    @property
    def last(self) -> Period:
        """The third month."""
        return self.months[-1]

    @property
    def basis(self) -> Basis:
        return sum(self.bases.values(), NOTHING)

    @property
    def data_at(self) -> datetime | None:
        return self.basis.data_at


def quarter_of(office: Office, period: Period, *, at: datetime) -> Quarter:
    """An office's quarter as verified now; totals out of date are added up first. A fixed number of queries else.

    `UserError` if no form was published for it.
    """
    with remembering():
        return _quarter_of(office, period, at=at)


def _quarter_of(office: Office, period: Period, *, at: datetime) -> Quarter:
    months = months_in(period)
    if not office.is_leaf:
        fresh_totals(office, [*months[0].year_before(), *months], at=at)
    raw = _figures(office, months)
    # The form and the targets are those of the newest month that is in.
    newest = max(raw, default=months[0])
    form = form_for(newest)
    catalogue = catalogue_of(form, KINDS_WITHIN[OfficeKind(office.kind)])
    figures = tuple(_cells(catalogue, raw.get(month, {})) for month in months)
    amounts = quarter_amounts(catalogue, figures)
    last = Month(office, newest, form, catalogue, figures[months.index(newest)], NOTHING, Completeness(()))
    before, targets = flows_before(office, months[0]), targets_of(last)
    return Quarter(
        office=office,
        period=period,
        form=form,
        catalogue=catalogue,
        months=months,
        figures=figures,
        amounts=amounts,
        blocks=tuple(
            Block(one, tuple(_rows(catalogue, one, months, figures, amounts, before, targets)))
            for one in catalogue.sections
        ),
        completeness=completeness_by_month(office, months, catalogue.due_day, at=at),
        bases=bases_of(office, months),
        running=tuple(month for month in months if month.last >= dhaka_date(at)),
    )


def _figures(office: Office, months: Sequence[Period]) -> dict[Period, dict[str, int]]:
    """The amounts of each month by cell; months of which nothing is verified are absent. One query."""
    if office.is_leaf:
        values = Value.objects.filter(version__in=verified_versions(office, months).values("pk"))
        rows = list(values.values_list("version__ret__period", "cell", "amount"))
    else:
        totals = TotalValue.objects.filter(total__office=office, total__period__in=months)
        rows = list(totals.values_list("total__period", "cell", "amount"))
    found: dict[Period, dict[str, int]] = {}
    for month, cell, amount in rows:
        if amount is not None:
            found.setdefault(month, {})[cell] = amount
    return found


def _cells(catalogue: Catalogue, amounts: Amounts) -> dict[str, int]:
    """A month's cells that the form has."""
    return cells_of_total(catalogue, {cell: n for cell, n in amounts.items() if cell in catalogue.cells_by_key})


def _rows(
    catalogue: Catalogue,
    section: Section,
    months: tuple[Period, ...],
    figures: Sequence[Amounts],
    amounts: Amounts,
    before: Amounts | None,
    targets: Mapping[str, int],
) -> Iterator[QuarterRow]:
    """The cells of a section with their months; the year's columns are those of flows alone."""
    for cell in cells_in_order(catalogue, section):
        key, amount = cell.key, amounts.get(cell.key)
        row = QuarterRow(
            cell=cell,
            code=catalogue.code_of(key, bangla=reader_wants_bangla()),
            amount=amount,
            parts=tuple(month.get(key) for month in figures),
            months=months,
        )
        if row.is_cumulative:
            so_far, target = 0 if before is None else before.get(key), targets.get(key)
            cumulative = None if amount is None or so_far is None else so_far + amount
            share = percent(cumulative, target)
            row = replace(row, before=so_far, cumulative=cumulative, target=target, share=share)
        yield row
