"""Where a figure of a return comes from: the parts of its formula, the register rows behind it, its history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.language import reader_wants_bangla
from core.links import RowLine, row_lines
from returns.catalogue import Cell
from returns.choices import LineKind
from returns.expressions import parse_expression
from returns.models import ReturnVersion, Value
from returns.sheet import Sheet

#: Rows listed on the page; a stock may stand on hundreds.
SHOWN_ROWS = 200


@dataclass(frozen=True)
class Source:
    """One thing a figure was made of: a cell of this or another month."""

    name: str
    label: str
    amount: int | None
    unit: str
    cell: str = ""
    when: str = "now"


@dataclass(frozen=True)
class CellOrigin:
    """Everything about a figure: how it is made, from what, and what it was in earlier versions."""

    cell: Cell
    name: str
    label: str
    help: str
    amount: int | None
    unit: str
    kind: str
    formula: str
    sources: tuple[Source, ...]
    register: int | None
    rows: tuple[RowLine, ...]
    row_count: int
    value: Value | None
    history: tuple[Value, ...]


def origin_of(sheet: Sheet, key: str) -> CellOrigin:
    """The origin of a cell in a version of a return; two queries for its history."""
    bangla = reader_wants_bangla()
    cell = sheet.catalogue.cells_by_key[key]
    line, value = cell.line, sheet.values.get(key)
    figure = sheet.proposals.get(key)
    model = figure.model if figure else (value.rows_model if value else "")
    pks = list(figure.keys) if figure else list(value.rows if value else [])
    return CellOrigin(
        cell=cell,
        name=sheet.catalogue.code_of(key, bangla=bangla),
        label=line.bn if bangla else line.en,
        help=line.help_bn if bangla else line.help_en,
        amount=sheet.amounts.get(key),
        unit=line.unit.value,
        kind="total" if cell.is_total and not line.ratio else line.kind.value,
        formula=f"{line.ratio[0]} / {line.ratio[1]} × 100" if line.ratio else line.formula,
        sources=tuple(_sources(sheet, cell, bangla=bangla)),
        register=figure.amount if figure else (value.proposed if value else None),
        rows=tuple(row_lines(model, pks[:SHOWN_ROWS])),
        row_count=len(pks),
        value=value,
        history=tuple(_history(sheet, key)),
    )


def _history(sheet: Sheet, key: str) -> Iterable[Value]:
    versions = ReturnVersion.objects.filter(ret_id=sheet.ret.pk)
    rows = Value.objects.filter(version__in=versions, cell=key)
    return rows.select_related("version", "entered_by").order_by("-version__number")


def _sources(sheet: Sheet, cell: Cell, *, bangla: bool) -> Iterable[Source]:
    line = cell.line
    if cell.is_total and not line.ratio:
        for part in sheet.catalogue.line_cells[line.code]:
            if not part.is_total:
                yield _source(sheet, part.key, "now", bangla=bangla)
    elif line.kind is LineKind.OPENING:
        yield _source(sheet, cell.key.replace(line.code, line.opening_of, 1), "prev", bangla=bangla)
    elif line.ratio:
        for code in line.ratio:
            yield _source(sheet, _at(sheet, code, cell), "now", bangla=bangla)
    elif line.formula:
        for reference in parse_expression(line.formula).references:
            fixed = reference.code if reference.part == "*" else f"{reference.code}.{reference.part}"
            key = fixed if reference.part else _at(sheet, reference.code, cell)
            yield _source(sheet, key, reference.when, bangla=bangla)


def _at(sheet: Sheet, code: str, cell: Cell) -> str:
    key = f"{code}.{cell.part.code}" if cell.part else code
    return key if key in sheet.catalogue.cells_by_key else code


def _source(sheet: Sheet, key: str, when: str, *, bangla: bool) -> Source:
    line = sheet.catalogue.cells_by_key[key].line
    context = sheet.past.context
    now = sheet.amounts.get(key)
    amount = {
        "now": now,
        "prev": context.previous.get(key),
        "june": context.june.get(key),
        "cum": None if now is None else now + (context.before.get(key) or 0),
    }[when]
    name = sheet.catalogue.code_of(key, bangla=bangla)
    return Source(name, line.bn if bangla else line.en, amount, line.unit.value, key, when)
