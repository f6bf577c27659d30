"""Catalogue data to a workbook and back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from typing import IO, Any

from django.utils.translation import gettext as _

from core.workbooks.reading import SheetCell, Workbook, read_workbook
from core.workbooks.safety import WorkbookError
from core.workbooks.writing import BookWriter, Field, Look
from returns.catalogue import Catalogue
from returns.formbooks.tables import SHEETS, FormColumn
from returns.reading import CatalogueError, read_catalogue

Data = dict[str, Any]
_NAMED = re.compile(r"\b(?:line|rule) ([A-Z][0-9]{2}[a-z]?|[\w.]+)")


def write_formbook(data: Mapping[str, Any]) -> bytes:
    """The whole form as XLSX: a sheet each for its facts, parts, sections, lines and rules."""
    tables = {name: [_written(row, name, columns) for row in _rows_of(data, name)] for name, columns in SHEETS.items()}
    book = BookWriter()
    for name, columns in SHEETS.items():
        sheet = book.sheet(name, [column.width for column in columns], freeze="C2")
        sheet.add([Field(column.name, Look.HEAD) for column in columns])
        for texts in tables[name]:
            sheet.add(texts)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _written(row: Mapping[str, Any], name: str, columns: Sequence[FormColumn]) -> list[str | int]:
    """A row as texts of its cells; `CatalogueError` for a value that no column has."""
    if unknown := row.keys() - {column.name for column in columns} - {"lines"}:
        raise CatalogueError(f"{name}: no column for {sorted(unknown)[0]!r}")
    return [column.write(row) for column in columns]


def _rows_of(data: Mapping[str, Any], name: str) -> Iterator[Mapping[str, Any]]:
    if name == "form":
        yield {key: value for key, value in data.items() if key not in ("breakdowns", "sections", "rules")}
    elif name == "parts":
        yield from ({"breakdown": code} | part for code, parts in data.get("breakdowns", {}).items() for part in parts)
    elif name == "lines":
        yield from ({"section": section["code"]} | line for section in data["sections"] for line in section["lines"])
    else:
        yield from data.get(name, [])


def read_formbook(source: bytes | IO[bytes], name: str) -> tuple[Data, Catalogue]:
    """The catalogue data of an edited workbook and the form it makes.

    `WorkbookError` for what is no such workbook, naming sheet and cell, and for a form that does not hold together.
    """
    book = read_workbook(source, name)
    tables = {sheet: list(_read_rows(book, sheet, columns)) for sheet, columns in SHEETS.items()}
    places = {str(row["code"]): place for sheet in ("lines", "rules") for row, place in tables[sheet]}
    for column in ("formula", "condition"):  # an expression that cannot be read is told by its text alone
        places |= {repr(row[column]): place for rows in tables.values() for row, place in rows if column in row}
    data = _data_of({sheet: [row for row, _place in rows] for sheet, rows in tables.items()}, name)
    try:
        return data, read_catalogue(data)
    except (CatalogueError, ValueError, AttributeError) as error:
        raise WorkbookError(_fault(str(error), places)) from error


def _fault(text: str, places: Mapping[str, SheetCell]) -> str:
    named = _NAMED.search(text)
    place = places.get(named[1]) or places.get(named[1].rpartition(".")[0]) if named else None
    quoted = (there for said, there in places.items() if said.startswith(("'", '"')) and said in text)
    place = place or next(quoted, None)
    words = _("The form does not hold together: %(reason)s.") % {"reason": text}
    return f"{place.place}: {words}" if place else words


def _read_rows(book: Workbook, name: str, columns: Sequence[FormColumn]) -> Iterator[tuple[Data, SheetCell]]:
    """Rows of a sheet with the cell of their code; columns are found by their heads."""
    sheet = book.sheet(name)
    heads = {cell.text: cell.column for cell in sheet.rows[0].cells} if sheet and sheet.rows else {}
    if sheet is None or (missing := [column.name for column in columns if column.name not in heads]):
        what = name if sheet is None else f"{name}: {missing[0]}"
        raise WorkbookError(
            _("“%(file)s” is no workbook of a form: “%(what)s” is missing. Download the form anew and edit that.")
            % {"file": book.name, "what": what}
        )
    for row in sheet.rows[1:]:
        found = {column.name: column.read(row.cell(heads[column.name])) for column in columns}
        given = {key: value for key, value in found.items() if value is not None}
        place = row.cell(heads["code"])
        if given and "code" not in given:
            raise WorkbookError(_("%(place)s: the code is missing.") % {"place": place.place})
        if given:
            yield given, place


def _data_of(tables: Mapping[str, list[Data]], name: str) -> Data:
    if len(tables["form"]) != 1:
        raise WorkbookError(_("“%(file)s”: the sheet “form” must have one filled row.") % {"file": name})
    sections = [
        section | {"lines": _without(tables["lines"], "section", section["code"])} for section in tables["sections"]
    ]
    known = {section["code"] for section in sections}
    for line in tables["lines"]:
        if line.get("section") not in known:
            raise WorkbookError(
                _("Line %(line)s stands in section “%(section)s”, which the sheet “sections” does not have.")
                % {"line": line["code"], "section": line.get("section", "")}
            )
    names = dict.fromkeys(part.get("breakdown", "") for part in tables["parts"])
    breakdowns = {code: _without(tables["parts"], "breakdown", code) for code in names}
    return tables["form"][0] | {"breakdowns": breakdowns, "sections": sections, "rules": tables["rules"]}


def _without(rows: Iterable[Data], key: str, value: str) -> list[Data]:
    """Rows of one owner, without the name of the owner."""
    return [{k: v for k, v in row.items() if k != key} for row in rows if row.get(key, "") == value]
