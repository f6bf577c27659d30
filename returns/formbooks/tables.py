"""The sheets of a form's workbook, and how each of their cells stands for a value of the catalogue data.

A blank cell is a value that is not given, so that the section's or the portal's own applies; ``-`` is one that is given
as empty.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.numbers import Unit, to_ascii_digits
from core.workbooks.reading import SheetCell
from core.workbooks.safety import WorkbookError
from offices.choices import OfficeKind
from returns.choices import Aggregation, LineKind, Scope, Severity

EMPTY = "-"


@dataclass(frozen=True)
class Kind:
    """How a value is written into a cell and read back; ``read`` gives None for what cannot be."""

    write: Callable[[Any], str | int]
    read: Callable[[str], Any]


def _write_amounts(value: Mapping[str, int]) -> str:
    return "; ".join(f"{name} = {amount}" for name, amount in value.items())


def _read_amounts(text: str) -> dict[str, int] | None:
    found = [re.fullmatch(r"\s*(\w+)\s*=\s*([0-9]+)\s*", part) for part in to_ascii_digits(text).split(";")]
    return None if None in found else {match[1]: int(match[2]) for match in found if match}


def _read_words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _read_number(text: str) -> int | None:
    digits = to_ascii_digits(text)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else None


def _read_numbers(text: str) -> list[int] | None:
    numbers = [_read_number(word) for word in _read_words(text)]
    return None if None in numbers else [number for number in numbers if number is not None]


TEXT = Kind(str, str)
NUMBER = Kind(int, _read_number)
WORDS = Kind(", ".join, _read_words)
NUMBERS = Kind(lambda value: ", ".join(map(str, value)), _read_numbers)
AMOUNTS = Kind(_write_amounts, _read_amounts)
FLAG = Kind(lambda value: "yes" if value else "no", {"yes": True, "no": False}.get)


@dataclass(frozen=True)
class FormColumn:
    """A column by the name its value has in the data; ``choices`` are the words it takes."""

    name: str
    kind: Kind = TEXT
    width: float = 14
    choices: Collection[str] = ()

    def write(self, row: Mapping[str, Any]) -> str | int:
        value = row.get(self.name)
        if value is None:
            return ""
        return EMPTY if value in ("", [], {}) else self.kind.write(value)

    def read(self, cell: SheetCell) -> Any:
        """The value, None where the cell is blank. `WorkbookError` naming sheet, cell and column for what is none."""
        text = str(cell.content).strip() if isinstance(cell.content, str) else cell.text
        if not text:
            return None
        if text == EMPTY:
            return {TEXT: "", WORDS: [], NUMBERS: [], AMOUNTS: {}}.get(self.kind)
        value = self.kind.read(text)
        words = value if isinstance(value, list) else [value]
        if value is None or (self.choices and not all(word in self.choices for word in words)):
            raise WorkbookError(self._fault(cell, text))
        return value

    def _fault(self, cell: SheetCell, text: str) -> str:
        if not self.choices:
            return _("%(place)s: “%(text)s” cannot stand under “%(column)s”.") % {
                "place": cell.place,
                "text": text,
                "column": self.name,
            }
        return _("%(place)s: “%(text)s” cannot stand under “%(column)s”. Possible: %(choices)s") % {
            "place": cell.place,
            "text": text,
            "column": self.name,
            "choices": ", ".join(self.choices),
        }


def _words(choices: Any) -> tuple[str, ...]:
    return tuple(one.value for one in choices)


BILINGUAL = (FormColumn("bn", width=44), FormColumn("en", width=44))
FACTS = (
    FormColumn("code"),
    FormColumn("number", NUMBER),
    FormColumn("valid_from"),
    FormColumn("due_day", NUMBER),
)
PARTS = (
    FormColumn("breakdown"),
    FormColumn("code"),
    *BILINGUAL,
    FormColumn("short_bn", width=24),
    FormColumn("short_en", width=24),
    FormColumn("limits", AMOUNTS, 24),
    FormColumn("levels", WORDS, 24, _words(OfficeKind)),
    FormColumn("registers", FLAG),
)
SECTIONS = (
    FormColumn("code"),
    FormColumn("letter"),
    *BILINGUAL,
    FormColumn("unit", choices=_words(Unit)),
    FormColumn("breakdown"),
    FormColumn("levels", WORDS, 24, _words(OfficeKind)),
)
LINES = (
    FormColumn("section"),
    FormColumn("code"),
    FormColumn("kind", choices=_words(LineKind)),
    *BILINGUAL,
    FormColumn("help_bn", width=60),
    FormColumn("help_en", width=60),
    FormColumn("unit", choices=_words(Unit)),
    FormColumn("breakdown"),
    FormColumn("formula", width=36),
    FormColumn("opening_of"),
    FormColumn("metric", width=24),
    FormColumn("ratio", WORDS),
    FormColumn("levels", WORDS, 24, _words(OfficeKind)),
    FormColumn("target"),
    FormColumn("over_offices", choices=_words(Aggregation)),
    FormColumn("over_time", choices=_words(Aggregation)),
)
RULES = (
    FormColumn("code"),
    FormColumn("severity", choices=_words(Severity)),
    FormColumn("cell"),
    FormColumn("condition", width=60),
    FormColumn("bn", width=80),
    FormColumn("en", width=80),
    FormColumn("scope", choices=_words(Scope)),
    FormColumn("months", NUMBERS),
    FormColumn("for_each", WORDS, 24),
    FormColumn("consolidated", FLAG),
)
#: Sheets by name, in order.
SHEETS = {"form": FACTS, "parts": PARTS, "sections": SECTIONS, "lines": LINES, "rules": RULES}
