"""Where a total comes from: the offices right below with what they brought, and the cells it is computed from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from core.language import in_reader_language, reader_wants_bangla
from offices.models import Office
from offices.places import Tree
from returns.catalogue import Cell
from returns.completeness import Standing
from returns.expressions import parse_expression
from returns.models import ReturnVersion, Total, TotalValue, Value
from returns.months import UNIT_WORDS, Month
from returns.rollup import SUMMED_FROM_TOTALS, verified_versions


@dataclass(frozen=True)
class Source:
    """What an office brought to the cell. ``version`` is that of a leaf's return, ``returns`` the number of returns
    behind an upper office's total; ``data_at`` the verdict, or the newest of them."""

    office: Office
    amount: int | None = None
    version: int | None = None
    returns: int | None = None
    data_at: datetime | None = None
    standing: Standing | None = None


@dataclass(frozen=True)
class Ingredient:
    """Another cell of the same month from which the cell is computed, or a part of its breakdown."""

    cell: Cell
    code: str
    amount: int | None

    @property
    def label(self) -> str:
        named = self.cell.part or self.cell.line
        return in_reader_language(named.bn, named.en)


@dataclass(frozen=True)
class Origin:
    """``is_ratio``: recomputed from its two ingredients; else ``amount`` is Σ of the sources."""

    cell: Cell
    code: str
    amount: int | None
    sources: tuple[Source, ...]
    ingredients: tuple[Ingredient, ...]

    @property
    def is_ratio(self) -> bool:
        return self.cell.line.ratio is not None

    @property
    def unit(self) -> str:
        return self.cell.line.unit.value

    @property
    def unit_word(self) -> str:
        return str(UNIT_WORDS.get(self.cell.line.unit, ""))

    @property
    def label(self) -> str:
        line, part = self.cell.line, self.cell.part
        label = in_reader_language(line.bn, line.en)
        return f"{label}: {in_reader_language(part.bn, part.en)}" if part else label


def origin_of(month: Month, key: str) -> Origin:
    """Where a cell of the month's total comes from; five queries at most.

    Raise `KeyError` for a cell the form has not.
    """
    cell = month.catalogue.cells_by_key[key]
    brought = _from_totals(month, key) if month.office.kind in SUMMED_FROM_TOTALS else _from_returns(month, key)
    standings = {one.office.pk: one for one in month.completeness.standings}
    children = {office.pk: Source(office) for office in Tree(month.period).children(month.office)}
    sources = sorted((children | brought).values(), key=lambda source: source.office.path)
    return Origin(
        cell=cell,
        code=_code(month, cell),
        amount=month.amounts.get(key),
        sources=tuple(replace(source, standing=standings.get(source.office.pk)) for source in sources),
        ingredients=tuple(_ingredients(month, cell)),
    )


def _from_returns(month: Month, key: str, *, own: bool = False) -> dict[int, Source]:
    """Verified returns at and below the office (or its own alone), by office."""
    versions = verified_versions(month.office, [month.period]).select_related("ret__office")
    if own:
        versions = versions.filter(ret__office_path=month.office.path)
    amounts = dict(Value.objects.filter(version__in=versions, cell=key).values_list("version", "amount"))
    return {version.ret.office_id: _of_version(version, amounts.get(version.pk)) for version in versions}


def _of_version(version: ReturnVersion, amount: int | None) -> Source:
    return Source(version.ret.office, amount, version=version.number, data_at=version.decided_at)


def _from_totals(month: Month, key: str) -> dict[int, Source]:
    """Totals of the offices right below, by office, and the office's own return."""
    is_child = Tree(month.period).is_child(month.office, "office__")
    totals = Total.objects.filter(is_child, period=month.period).select_related("office")
    amounts = dict(TotalValue.objects.filter(total__in=totals, cell=key).values_list("total", "amount"))
    below = {
        total.office_id: Source(total.office, amounts.get(total.pk), returns=total.basis_count, data_at=total.data_at)
        for total in totals
    }
    return below | _from_returns(month, key, own=True)


def _code(month: Month, cell: Cell) -> str:
    return month.catalogue.code_of(cell.key, bangla=reader_wants_bangla())


def _ingredients(month: Month, cell: Cell) -> list[Ingredient]:
    """The parts of a breakdown's total; else the cells of this month that the formula or ratio reads."""
    catalogue = month.catalogue
    own = catalogue.line_cells[cell.line.code]
    if cell.line.ratio:
        codes = list(cell.line.ratio)
    elif cell.is_total and len(own) > 2:
        return [_ingredient(month, one) for one in own if not one.is_total]
    elif cell.line.formula:
        codes = [ref.code for ref in parse_expression(cell.line.formula).references if ref.when == "now"]
    else:
        return []
    suffix = f".{cell.part.code}" if cell.part else ""
    keys = dict.fromkeys(code + suffix if code + suffix in catalogue.cells_by_key else code for code in codes)
    return [_ingredient(month, catalogue.cells_by_key[key]) for key in keys]


def _ingredient(month: Month, cell: Cell) -> Ingredient:
    return Ingredient(cell, _code(month, cell), month.amounts.get(cell.key))
