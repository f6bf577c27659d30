"""The parts of an XLSX that hold what was typed: sheets by name, their rows, shared texts, and which styles are days.

Reading these alone takes a quarter of the time that the library takes for the whole workbook; an import of all offices
spends most of its time here. The rules of what days are and how they are counted stay the library's.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from xml.parsers import expat
from zipfile import ZipFile

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

#: What a cell may hold.
Content = Any
Attributes = dict[str, str]
_INTEGER = re.compile(r"-?[0-9]{1,18}")
_LETTERS = re.compile(r"[A-Z]{1,3}")
#: What office programs let stand in one cell. A shared text of megabytes would be cleaned once for each cell naming it.
LONGEST_TEXT = 32_767
BOOK = "xl/workbook.xml"


@dataclass(frozen=True)
class SheetPart:
    """A sheet of the workbook and the member of the archive that holds it."""

    name: str
    member: str
    is_hidden: bool


@dataclass(frozen=True)
class BookParts:
    """What is needed to read the sheets: shared texts, which styles are days, and from when days are counted."""

    sheets: tuple[SheetPart, ...]
    texts: tuple[str, ...]
    day_styles: frozenset[int]
    epoch: Any


def _walk(content: bytes, start: Callable[[str, Attributes], None], end: Callable[[str], None] | None = None) -> None:
    """Read a part, telling the start and end of each element by its local name."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, found: start(name.rpartition(":")[2], found)
    if end is not None:
        parser.EndElementHandler = lambda name: end(name.rpartition(":")[2])
    parser.Parse(content, True)


def read_book(archive: ZipFile) -> BookParts:
    """The directory of a workbook; `KeyError`, `ValueError` or `expat.ExpatError` for a broken one."""
    targets: dict[str, str] = {}
    kinds: dict[str, str] = {}
    sheets: list[Attributes] = []
    facts: Attributes = {}

    def relation(name: str, found: Attributes) -> None:
        if name == "Relationship":
            target = found["Target"]
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            targets[found["Id"]] = path
            kinds[found["Type"].rpartition("/")[2]] = path

    def element(name: str, found: Attributes) -> None:
        if name == "sheet":
            sheets.append({key.rpartition(":")[2]: text for key, text in found.items()})
        elif name == "workbookPr":
            facts.update(found)

    _walk(archive.read("xl/_rels/workbook.xml.rels"), relation)
    _walk(archive.read(BOOK), element)
    parts = [SheetPart(s["name"], targets[s["id"]], s.get("state", "visible") != "visible") for s in sheets]
    if not parts:
        raise ValueError("a workbook without sheets")
    return BookParts(
        sheets=tuple(parts),
        texts=tuple(_read_texts(archive.read(kinds["sharedStrings"]))) if "sharedStrings" in kinds else (),
        day_styles=_day_styles(archive.read(kinds["styles"])) if "styles" in kinds else frozenset(),
        epoch=CALENDAR_MAC_1904 if facts.get("date1904") in ("1", "true") else CALENDAR_WINDOWS_1900,
    )


def _read_texts(content: bytes) -> list[str]:
    """Shared texts in order; runs of one text are joined, readings for other scripts left out."""
    reader = _TextReader()
    texts: list[str] = []

    def end(name: str) -> None:
        reader.end(name)
        if name == "si":
            texts.append(reader.take())

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, found: reader.start(name.rpartition(":")[2])
    parser.EndElementHandler = lambda name: end(name.rpartition(":")[2])
    parser.CharacterDataHandler = reader.text
    parser.Parse(content, True)
    return texts


class _TextReader:
    """Gathers the text of ``v`` and ``t`` elements."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.is_open = False
        self.is_reading_aid = False

    def start(self, name: str) -> None:
        if name == "rPh":
            self.is_reading_aid = True
        self.is_open = name in ("v", "t") and not self.is_reading_aid

    def end(self, name: str) -> None:
        self.is_open = False
        if name == "rPh":
            self.is_reading_aid = False

    def text(self, text: str) -> None:
        if self.is_open:
            self.pieces.append(text)

    def take(self) -> str:
        text = "".join(self.pieces)
        self.pieces.clear()
        return text


def _day_styles(content: bytes) -> frozenset[int]:
    """Numbers of the cell styles that show a number as a day or time."""
    forms: dict[int, str] = dict(BUILTIN_FORMATS)
    found: list[int] = []
    inside: list[str] = []

    def start(name: str, attributes: Attributes) -> None:
        if name == "numFmt" and "numFmtId" in attributes:
            forms[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        if name == "xf" and inside[-1:] == ["cellXfs"]:
            found.append(int(attributes.get("numFmtId", 0)))
        inside.append(name)

    _walk(content, start, lambda _name: (inside.pop(), None)[1])
    return frozenset(n for n, form in enumerate(found) if is_date_format(forms.get(form, "General")))


@lru_cache(maxsize=2_000)
def _column(letters: str) -> int:
    return int(column_index_from_string(letters))


class TooLargeError(Exception):
    """The sheet has more rows or columns than were asked for."""


def read_rows(content: bytes, book: BookParts, *, rows: int, columns: int) -> list[tuple[int, tuple[Content, ...]]]:
    """The filled rows of a sheet (its bare XML) with their numbers. `TooLargeError` beyond the limits, `ValueError` for
    what no office program writes."""
    reader = _SheetReader(book, rows, columns)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.reader.text
    parser.Parse(content, True)
    return reader.found


class _SheetReader:
    """Turns the elements of a sheet into rows of contents."""

    def __init__(self, book: BookParts, rows: int, columns: int) -> None:
        self.book = book
        self.limits = rows, columns
        self.reader = _TextReader()
        self.found: list[tuple[int, tuple[Content, ...]]] = []
        self.row = 0
        self.column = 0
        self.kind = "n"
        self.style = 0
        self.cells: list[Content] = []

    def start(self, name: str, found: Attributes) -> None:
        local = name.rpartition(":")[2]
        if local == "c":
            letters = _LETTERS.match(found.get("r", ""))
            self.column = _column(letters[0]) if letters else self.column + 1
            self.kind, self.style = found.get("t", "n"), int(found.get("s", 0))
        elif local == "row":
            self.row, self.column = int(found.get("r", self.row + 1)), 0
            self.cells = []
        else:
            self.reader.start(local)

    def end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        if local == "c":
            self._keep(self._content(self.reader.take()))
        elif local == "row":
            if self.cells:
                self.found.append((self.row, tuple(self.cells)))
        else:
            self.reader.end(local)

    def _keep(self, content: Content) -> None:
        if content is None or content == "":
            return
        if self.row > self.limits[0] or self.column > self.limits[1]:
            raise TooLargeError
        if isinstance(content, str) and len(content) > LONGEST_TEXT:
            raise ValueError("a text longer than a cell holds")
        self.cells += [None] * (self.column - len(self.cells) - 1)
        self.cells.append(content)

    def _content(self, text: str) -> Content:
        if self.kind == "s":
            return self.book.texts[int(text)] if text else None
        if self.kind in ("inlineStr", "str", "e") or not text:
            return text
        if self.kind == "b":
            return text not in ("0", "false")
        if self.kind == "d":
            return datetime.fromisoformat(text)
        number = int(text) if _INTEGER.fullmatch(text) else float(text)
        return from_excel(number, self.book.epoch) if self.style in self.book.day_styles else number
