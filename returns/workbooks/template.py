"""The workbook of an office and month: labels and last month locked, what is to be typed open and checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from django.utils import translation
from django.utils.translation import gettext as _

from core.periods import DHAKA
from core.workbooks.lists import identity_digest
from core.workbooks.reading import SheetCell
from core.workbooks.tables import number_form, typed_number
from core.workbooks.writing import BookWriter, Field, Look, SheetWriter
from returns.catalogue import Cell, Section
from returns.choices import LineKind
from returns.grid import UNITS
from returns.sheet import Sheet
from returns.workbooks.delivery import Base, bases_text
from returns.workbooks.layout import IDENTITY, KIND, SCHEMA, SHEET, Column

WIDTHS = (12, 46, 18, 12, 14, 16, 14, 34, 34)
Number = int | float | None


@dataclass(frozen=True)
class _Plan:
    """A row of the template: the cell, what stands in it already, and what stood there last month."""

    cell: Cell
    now: Number
    last: Number
    register: Number
    reason: str
    revision: int
    is_open: bool

    @property
    def base(self) -> Base:
        return Base(self.revision, SheetCell("", 1, 1, self.now).text)


def write_template(sheet: Sheet, *, at: datetime) -> bytes:
    """The template of a draft return as XLSX, in Bangla. What was saved stands in it; else the registers' figure."""
    with translation.override("bn"):
        plans = [_plan(sheet, cell) for section in sheet.catalogue.sections for cell in _cells(sheet, section)]
        book = BookWriter()
        paper = book.sheet(SHEET, WIDTHS, is_locked=True, freeze="C4")
        _write_head(paper, sheet)
        _write_rows(paper, sheet, plans)
        _write_identity(book, sheet, plans, at)
        file = BytesIO()
        book.save(file)
    return file.getvalue()


def _cells(sheet: Sheet, section: Section) -> list[Cell]:
    """Cells of a section; totals of breakdowns are the portal's business."""
    return [cell for line in section.lines for cell in sheet.catalogue.line_cells[line.code] if not cell.is_total]


def _plan(sheet: Sheet, cell: Cell) -> _Plan:
    unit, value = cell.line.unit, sheet.values.get(cell.key)
    figure = sheet.proposals.get(cell.key) if cell.is_entered else None
    amount = sheet.amounts.get(cell.key)
    if value is None and figure is not None:
        amount = figure.amount
    return _Plan(
        cell=cell,
        now=None if cell.line.kind is LineKind.COMPUTED else typed_number(amount, unit),
        last=typed_number(sheet.past.context.previous.get(cell.key), unit),
        register=typed_number(figure.amount, unit) if figure else None,
        reason=value.reason if value else "",
        revision=value.revision if value else 0,
        is_open=cell.is_entered,
    )


def _write_head(paper: SheetWriter, sheet: Sheet) -> None:
    office, period = sheet.ret.office, sheet.ret.period
    paper.add([Field(f"{office.name} ({office.code})। {period.label()}", Look.TITLE)])
    paper.add(
        [Field(_("Type only into the white cells of “This month”. Lakh lines in lakh, taka lines in taka."), Look.NOTE)]
    )
    heads = [
        _("Code"),
        _("Line"),
        _("Part"),
        _("Unit"),
        _("Last month"),
        _("This month"),
        _("Registers' figure"),
        _("Why it differs from the registers"),
        _("Remark on a warning"),
    ]
    paper.add([Field(head, Look.HEAD) for head in heads])


def _write_rows(paper: SheetWriter, sheet: Sheet, plans: list[_Plan]) -> None:
    section = ""
    for plan in plans:
        if plan.cell.line.section != section:
            section = plan.cell.line.section
            found = sheet.catalogue.sections_by_code[section]
            paper.add([None, Field(f"{found.letter}. {found.bn}", Look.SECTION)])
        row = paper.add(_fields(sheet, plan))
        if plan.is_open:
            paper.validate(
                row, Column.NOW, Column.NOW, plan.cell.line.unit, title=_("Not a figure"), text=_hint(plan.cell)
            )


def _hint(cell: Cell) -> str:
    if cell.line.unit.places:
        return _("Write a number of at most two decimal places, not less than zero.")
    return _("Write a whole number, not less than zero.")


def _fields(sheet: Sheet, plan: _Plan) -> list[Field]:
    line, form = plan.cell.line, number_form(plan.cell.line.unit)
    code = sheet.catalogue.code_of(line.code, bangla=True)
    has_parts = len(sheet.catalogue.parts_of(line)) > 1
    typed = Look.ENTRY if plan.is_open else Look.SHOWN
    words = Look.ENTRY if plan.is_open else Look.PLAIN
    return [
        Field(plan.cell.key, Look.LABEL),
        Field(f"{code} {line.bn}", Look.LABEL),
        Field(plan.cell.part.bn if plan.cell.part and has_parts else "", Look.LABEL),
        Field(str(UNITS.get(line.unit, "")), Look.LABEL),
        Field(plan.last, Look.SHOWN, form),
        Field(plan.now, typed, form),
        Field(plan.register, Look.SHOWN, form) if plan.register is not None else Field(None),
        Field(plan.reason, words) if plan.register is not None else Field(None),
        Field("", words) if plan.is_open else Field(None),
    ]


def _write_identity(book: BookWriter, sheet: Sheet, plans: list[_Plan], at: datetime) -> None:
    """The hidden sheet: names and values; ``cells`` is each open cell with the revision and text that stood in it."""
    bases = {plan.cell.key: plan.base for plan in plans if plan.is_open}
    identity = {
        "kind": KIND,
        "schema": SCHEMA,
        "office": sheet.ret.office.code,
        "period": sheet.ret.period.key,
        "form": str(sheet.ret.form),
        "form digest": sheet.ret.form.digest,
        "version": str(sheet.version.number),
        "cells": bases_text(bases),
        "made at": at.astimezone(DHAKA).isoformat(timespec="seconds"),
    }
    hidden = book.sheet(IDENTITY, [16, 60], is_hidden=True, is_locked=True)
    for name, text in (identity | {"digest": identity_digest(identity)}).items():
        hidden.add([name, text])
