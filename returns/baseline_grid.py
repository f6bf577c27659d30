"""The cells of a baseline and of the yearly targets as a page asks for them, and what was typed read back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from core.language import in_reader_language, reader_wants_bangla
from core.numbers import NumberError, parse_amount
from returns.catalogue import Catalogue, Cell
from returns.choices import LineKind
from returns.services.baselines import needed_closings


@dataclass(frozen=True)
class Asked:
    """One field: ``name`` in the form, what people call the cell, and what was typed."""

    name: str
    code: str
    label: str
    unit: str
    typed: str = ""
    error: str = ""


@dataclass
class Read:
    """Figures by cell as typed, and what could not be read by field."""

    amounts: dict[str, int] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)


def closing_cells(catalogue: Catalogue, kind: str) -> list[Cell]:
    """Cells whose closing the first return of an office of a kind cannot do without."""
    return [catalogue.cells_by_key[key] for key in needed_closings(catalogue, kind)]


def flow_cells(catalogue: Catalogue, kind: str) -> list[Cell]:
    """Flows that an office of a kind enters, whose sums since 1 July go on from the baseline's."""
    return [cell for cell in catalogue.entered_cells(kind) if cell.line.kind is LineKind.FLOW]


def target_cells(catalogue: Catalogue) -> list[Cell]:
    """Cells of target lines: the parts of a breakdown, or the line itself."""
    lines = [line for line in catalogue.lines.values() if line.kind is LineKind.TARGET]
    cells = [catalogue.line_cells[line.code] for line in lines]
    return [cell for own in cells for cell in (own[:-1] if len(own) > 1 else own)]


def read_amounts(cells: Iterable[Cell], post: Mapping[str, str], prefix: str, *, blank_is_zero: bool) -> Read:
    """The figures typed under ``prefix``; a blank is zero, or wrong."""
    read = Read()
    for cell in cells:
        name = f"{prefix}{cell.key}"
        try:
            amount = parse_amount(post.get(name, ""), cell.line.unit)
        except NumberError as error:
            read.wrong[name] = str(error.message)
            continue
        if amount is None and not blank_is_zero:
            read.wrong[name] = _("Write the figure; 0 if there is none.")
        elif amount is not None and amount < 0:
            read.wrong[name] = _("This cannot be less than zero.")
        else:
            read.amounts[cell.key] = amount or 0
    return read


def asked(
    cells: Iterable[Cell], catalogue: Catalogue, prefix: str, typed: Mapping[str, str], wrong: Mapping[str, str]
) -> list[Asked]:
    """The fields of some cells, in the reader's language."""
    rows = []
    for cell in cells:
        name, line, part = f"{prefix}{cell.key}", cell.line, cell.part
        label = in_reader_language(line.bn, line.en)
        label = f"{label}: {in_reader_language(part.bn, part.en)}" if part else label
        code = catalogue.code_of(line.code, bangla=reader_wants_bangla())
        rows.append(Asked(name, code, label, line.unit.value, typed.get(name, ""), wrong.get(name, "")))
    return rows
