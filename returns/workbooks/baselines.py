"""The baselines of a district in one workbook: a column for each office that has none, a row for each cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import IO

from django.utils import translation
from django.utils.translation import gettext as _

from core.errors import UserError
from core.numbers import NumberError, parse_amount
from core.periods import Period, PeriodError
from core.workbooks.lists import IDENTITY, Wrong, changed_by_hand, read_identity, write_identity
from core.workbooks.reading import Sheet, SheetCell, SheetRow, Workbook, read_workbook
from core.workbooks.safety import WorkbookError
from core.workbooks.tables import number_form, typed_number
from core.workbooks.writing import BookWriter, Field, Look, SheetWriter
from offices.choices import OfficeKind
from offices.models import Office
from offices.titles import office_title
from returns.baseline_grid import closing_cells, flow_cells
from returns.catalogue import Catalogue, Cell
from returns.grid import UNITS
from returns.models import Form
from returns.published import catalogue_of, form_for
from returns.services.baselines import Brought, brought_of
from returns.sheet import baseline_of

KIND = "apa-portal baselines/1"
CLOSINGS, FLOWS = "সমাপনী", "১ জুলাই থেকে"
HEAD_ROW, FIRST_OFFICE = 3, 5
WIDTHS = (12, 46, 18, 12)


@dataclass
class BaselineBook:
    """A read workbook: the figures by office code, the offices whose columns are blank, and what is wrong."""

    file: str
    period: Period
    figures: dict[str, Brought] = field(default_factory=dict)
    blank: list[str] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)


def sheets_of(period: Period, kind: str = OfficeKind.UPAZILA) -> tuple[Form, Catalogue, dict[str, list[Cell]]]:
    """The form after the baseline's month, and the cells of each sheet; a June closes its year and has no flows."""
    form = form_for(period.next())
    catalogue = catalogue_of(form)
    flows = [] if period.next().begins_year else flow_cells(catalogue, kind)
    return form, catalogue, {CLOSINGS: closing_cells(catalogue, kind), FLOWS: flows}


def write_baselines(district: Office, offices: Sequence[Office], period: Period, *, at: datetime) -> bytes:
    """The workbook of offices without a verified baseline, in Bangla; figures that stand are in it."""
    form, catalogue, sheets = sheets_of(period)
    book = BookWriter()
    with translation.override("bn"):
        for name, cells in sheets.items():
            if cells:
                _write_sheet(book, name, cells, catalogue, district, offices, period)
    identity = {"kind": KIND, "office": district.code, "period": period.key, "form": str(form)}
    identity["offices"] = " ".join(office.code for office in offices)
    write_identity(book, identity, at=at)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _write_sheet(
    book: BookWriter,
    name: str,
    cells: Sequence[Cell],
    catalogue: Catalogue,
    district: Office,
    offices: Sequence[Office],
    period: Period,
) -> None:
    paper = book.sheet(name, [*WIDTHS, *[16.0] * len(offices)], is_locked=True, freeze="E4")
    title = _("Baselines: %(office)s, at the end of %(month)s") % {
        "office": office_title(district),
        "month": period.label(),
    }
    paper.add([Field(title, Look.TITLE)])
    hint = _("Closing of the month; every cell of an office, 0 where there is nothing.")
    if name == FLOWS:
        hint = _("What came to pass from 1 July to the end of the month; a blank counts as zero.")
    paper.add([Field(f"{hint} {_('An office whose column is left blank comes later.')}", Look.NOTE)])
    heads = [_("Code"), _("Line"), _("Part"), _("Unit"), *(f"{one.name} ({one.code})" for one in offices)]
    paper.add([Field(head, Look.HEAD) for head in heads])
    known = [_figures_in(office, name) for office in offices]
    for cell in cells:
        _write_row(paper, cell, catalogue, [figures.get(cell.key) for figures in known])


def _figures_in(office: Office, sheet: str) -> Mapping[str, int]:
    """The figures of a sheet that stand in an office's baseline; none where it has none."""
    baseline = baseline_of(office)
    if baseline is None:
        return {}
    figures = brought_of(baseline)
    return figures.closings if sheet == CLOSINGS else figures.flows


def _write_row(paper: SheetWriter, cell: Cell, catalogue: Catalogue, amounts: Sequence[int | None]) -> None:
    line, unit = cell.line, cell.line.unit
    labels = [
        cell.key,
        f"{catalogue.code_of(line.code, bangla=True)} {line.bn}",
        cell.part.bn if cell.part and len(catalogue.parts_of(line)) > 1 else "",
        str(UNITS.get(unit, "")),
    ]
    fields = [Field(text, Look.LABEL) for text in labels]
    typed = [typed_number(amount, unit) for amount in amounts]
    row = paper.add([*fields, *(Field(amount, Look.ENTRY, number_form(unit)) for amount in typed)])
    text = _("Write a number of at most two decimal places, not less than zero.")
    if not unit.places:
        text = _("Write a whole number, not less than zero.")
    paper.validate(row, FIRST_OFFICE, FIRST_OFFICE + len(amounts) - 1, unit, title=_("Not a figure"), text=text)


def read_baselines(source: bytes | Path | IO[bytes], name: str, district: Office) -> BaselineBook:
    """Read a filled workbook of this district; `UserError` for another one, an old form, or one taken apart."""
    book = read_workbook(source, name, hidden=[IDENTITY])
    identity = read_identity(book, KIND)
    try:
        return _read(book, identity, district)
    except (KeyError, PeriodError) as error:  # the digest is right, yet no month or no office of ours is named
        raise changed_by_hand(name) from error


def _read(book: Workbook, identity: Mapping[str, str], district: Office) -> BaselineBook:
    name = book.name
    if identity["office"] != district.code:
        raise UserError(
            _("“%(file)s” is of another office: %(theirs)s, not %(office)s.")
            % {"file": name, "theirs": identity["office"], "office": district.code}
        )
    period = Period.parse(identity["period"])
    form, catalogue, sheets = sheets_of(period)
    if identity["form"] != str(form):
        raise UserError(
            _("“%(file)s” is on form %(theirs)s; form %(form)s applies to %(period)s. Download the workbook anew.")
            % {"file": name, "theirs": identity["form"], "form": form, "period": period.next().label()}
        )
    offices = Office.objects.in_bulk(identity["offices"].split(), field_name="code")
    columns = [offices[code] for code in identity["offices"].split()]
    return _Reader(book, catalogue, columns, BaselineBook(name, period)).read(sheets)


class _Reader:
    """Reads column by column; gathers what is wrong."""

    def __init__(self, book: Workbook, catalogue: Catalogue, offices: Sequence[Office], found: BaselineBook) -> None:
        self.book, self.catalogue, self.offices, self.found = book, catalogue, offices, found

    def read(self, sheets: Mapping[str, list[Cell]]) -> BaselineBook:
        rows = {name: self._rows(name, cells) for name, cells in sheets.items() if cells}
        for number, office in enumerate(self.offices, start=FIRST_OFFICE):
            if all(row.cell(number).is_blank for by_cell in rows.values() for row in by_cell.values()):
                self.found.blank.append(office.code)
                continue
            self.found.figures[office.code] = Brought(
                self._amounts(office, number, sheets[CLOSINGS], rows[CLOSINGS], is_flow=False),
                self._amounts(office, number, sheets[FLOWS], rows.get(FLOWS, {}), is_flow=True),
            )
        if not self.found.figures:
            raise WorkbookError(
                _("“%(file)s” is blank. Fill in the column of one office at least.") % {"file": self.found.file}
            )
        return self.found

    def _rows(self, name: str, cells: Sequence[Cell]) -> dict[str, SheetRow]:
        sheet = self.book.sheet(name)
        self._check_heads(sheet, name)
        rows: dict[str, SheetRow] = {}
        for row in sheet.rows if sheet else ():
            code = row.cell(1).text
            if code in rows:
                raise WorkbookError(
                    _("%(place)s: %(cell)s stands there a second time. Delete one of the two rows.")
                    % {"place": row.cell(1).place, "cell": code}
                )
            if row.number > HEAD_ROW:
                rows[code] = row
        for cell in cells:
            if cell.key not in rows:
                raise WorkbookError(
                    _("“%(file)s” lacks the row of %(cell)s. Download the workbook anew; rows may not be deleted.")
                    % {"file": self.found.file, "cell": cell.key}
                )
        return {cell.key: rows[cell.key] for cell in cells}

    def _check_heads(self, sheet: Sheet | None, name: str) -> None:
        for number, office in enumerate(self.offices, start=FIRST_OFFICE):
            head = sheet.cell(HEAD_ROW, number) if sheet else None
            if head is None or not head.text.endswith(f"({office.code})"):
                raise WorkbookError(
                    _("“%(file)s”: on the sheet “%(sheet)s” the column of %(office)s is missing or was moved.")
                    % {"file": self.found.file, "sheet": name, "office": office}
                )

    def _amounts(
        self, office: Office, number: int, cells: Sequence[Cell], rows: Mapping[str, SheetRow], *, is_flow: bool
    ) -> dict[str, int]:
        amounts = {}
        for cell in cells:
            typed = rows[cell.key].cell(number)
            try:
                amount = parse_amount(typed.text, cell.line.unit)
            except NumberError as error:
                self._refuse(typed, office, cell, str(error.message))
                continue
            if amount is None and not is_flow:
                self._refuse(typed, office, cell, _("Write the figure; 0 if there is none."))
            elif amount is not None and amount < 0:
                self._refuse(typed, office, cell, _("This cannot be less than zero."))
            else:
                amounts[cell.key] = amount or 0
        return amounts

    def _refuse(self, typed: SheetCell, office: Office, cell: Cell, message: str) -> None:
        text = "" if typed.text in message else typed.text
        self.found.wrong.append(Wrong(typed.place, f"{office}, {cell.key}", text, message))
