"""A filled workbook (or the rows of a CSV) as a delivery: whose figures of which month and form, cell by cell."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from core.evidence import digest_of
from core.numbers import to_ascii_digits
from core.templatetags.figures import digits
from core.text import clean_text
from core.workbooks.lists import changed_by_hand, identity_digest
from core.workbooks.reading import Sheet, SheetRow, Workbook, read_workbook
from core.workbooks.safety import WorkbookError
from returns.workbooks.layout import IDENTITY, KIND, SCHEMA, SHEET, Column

#: Largest CSV; a country's month is about 3 MB.
MAX_CSV = 20 * 1024 * 1024
CSV_COLUMNS = ("office", "period", "form", "line", "value")
#: Office and month of a delivery.
Key = tuple[str, str]


@dataclass(frozen=True)
class Base:
    """What the template showed in a cell when it was made: its revision, 0 for one never written, and the text."""

    revision: int
    text: str


@dataclass(frozen=True)
class Entry:
    """One figure of a delivery as it was typed; ``place`` says where it stands. Rows of a CSV have no base."""

    cell: str
    text: str
    place: str
    reason: str = ""
    remark: str = ""
    base: Base | None = None

    @property
    def is_untouched(self) -> bool:
        """Whether it stands as the template gave it."""
        return self.base is not None and self.base.text == self.text


@dataclass(frozen=True)
class Delivery:
    """The figures of one office and month. ``form`` is code and number, ``MR/1``; ``file`` is for messages."""

    file: str
    office: str
    period: str
    form: str
    entries: tuple[Entry, ...]

    @property
    def digest(self) -> str:
        """The same figures have the same digest, whatever the file is called."""
        said = [[e.cell, e.text, e.reason, e.remark, e.base.revision if e.base else -1] for e in self.entries]
        return digest_of([self.office, self.period, self.form, said])


def read_delivery(source: bytes | Path | IO[bytes], name: str) -> Delivery:
    """Read a filled template; `WorkbookError` for what is none, or was taken apart."""
    book = read_workbook(source, name, hidden=[IDENTITY])
    identity = _identity(book)
    if identity.get("digest") != identity_digest(identity):
        raise changed_by_hand(name)
    bases = _bases(identity.get("cells", ""), name)
    sheet = book.sheet(SHEET)
    entries = _entries(sheet, bases) if sheet else ()
    if missing := [cell for cell in bases if cell not in {entry.cell for entry in entries}]:
        raise WorkbookError(
            _("“%(file)s” lacks the row of %(cell)s. Download the workbook anew; rows may not be deleted.")
            % {"file": name, "cell": missing[0]}
        )
    return Delivery(name, identity["office"], identity["period"], identity["form"], entries)


def offices_in(path: Path) -> list[Key]:
    """Office and month of each delivery in a file, without its figures; `WorkbookError` for what cannot be read."""
    if path.suffix.lower() == ".csv":
        return [(one.office, one.period) for one in read_csv(path.read_bytes(), path.name)]
    identity = _identity(read_workbook(path, path.name, hidden=[IDENTITY], only=[IDENTITY]))
    return [(identity["office"], identity["period"])]


def _identity(book: Workbook) -> dict[str, str]:
    sheet = book.sheet(IDENTITY)
    rows = {row.cell(1).text: row.cell(2).text for row in sheet.rows} if sheet else {}
    if rows.get("kind") != KIND or rows.get("schema") != SCHEMA or not {"office", "period", "form"} <= rows.keys():
        raise WorkbookError(
            _("“%(file)s” is no workbook of a return of this portal. Download it from the entry page of the month.")
            % {"file": book.name}
        )
    return rows


def bases_text(bases: Mapping[str, Base]) -> str:
    """What the template showed, as the one cell of the hidden sheet that holds it."""
    rows = [[cell, base.revision, base.text] for cell, base in bases.items()]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def _bases(text: str, name: str) -> dict[str, Base]:
    try:
        return {str(cell): Base(int(revision), str(shown)) for cell, revision, shown in json.loads(text)}
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise changed_by_hand(name) from error


def _entries(sheet: Sheet, bases: Mapping[str, Base]) -> tuple[Entry, ...]:
    entries: dict[str, Entry] = {}
    for row in sheet.rows:
        code = row.cell(Column.CODE).text
        if code not in bases:  # heads, sections, and what the portal computes
            continue
        if code in entries:
            raise WorkbookError(
                _("%(place)s: %(cell)s stands there a second time. Delete one of the two rows.")
                % {"place": row.cell(Column.CODE).place, "cell": code}
            )
        entries[code] = _entry(row, code, bases[code])
    return tuple(entries.values())


def _entry(row: SheetRow, code: str, base: Base) -> Entry:
    now = row.cell(Column.NOW)
    return Entry(code, now.text, now.address, row.cell(Column.REASON).text, row.cell(Column.REMARK).text, base)


def read_csv(source: bytes, name: str) -> list[Delivery]:
    """Deliveries by office and month from a CSV with the columns of `CSV_COLUMNS`; ``reason`` and ``remark`` may stand
    beside. `WorkbookError` for what is no such file."""
    if len(source) > MAX_CSV:
        raise WorkbookError(
            _("“%(file)s” is larger than %(most)s MB. Send it in parts.")
            % {"file": name, "most": digits(MAX_CSV // 1024**2)}
        )
    try:
        rows = csv.DictReader(io.StringIO(source.decode("utf-8-sig"), newline=""), strict=True)
        found = _grouped(rows, name)
    except (UnicodeDecodeError, csv.Error) as error:
        raise WorkbookError(
            _("“%(file)s” cannot be read. Save it as CSV in UTF-8, with commas.") % {"file": name}
        ) from error
    return [Delivery(name, *key, tuple(entries.values())) for key, entries in found.items()]


def _grouped(rows: csv.DictReader[str], name: str) -> dict[tuple[str, str, str], dict[str, Entry]]:
    heads = [clean_text(head or "").lower() for head in rows.fieldnames or ()]
    if missing := [column for column in CSV_COLUMNS if column not in heads]:
        raise WorkbookError(
            _("“%(file)s” has no column “%(column)s”. Its first line must be: %(columns)s")
            % {"file": name, "column": missing[0], "columns": ",".join(CSV_COLUMNS)}
        )
    rows.fieldnames = heads
    found: dict[tuple[str, str, str], dict[str, Entry]] = {}
    for row in rows:
        texts = {head: clean_text(text or "") for head, text in row.items() if isinstance(text, str | None)}
        if not any(texts.values()):
            continue
        place = _("line %(number)s") % {"number": digits(rows.line_num)}
        texts |= {head: to_ascii_digits(texts[head]) for head in ("period", "form", "line")}
        entries = found.setdefault((texts["office"], texts["period"], texts["form"]), {})
        if texts["line"] in entries:
            raise WorkbookError(
                _("“%(file)s”, %(place)s: %(cell)s of %(office)s stands there a second time.")
                % {"file": name, "place": place, "cell": texts["line"], "office": texts["office"]}
            )
        entries[texts["line"]] = Entry(
            texts["line"], texts["value"], place, texts.get("reason", ""), texts.get("remark", "")
        )
    return found
