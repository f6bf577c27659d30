"""The form as data: sections, lines, cells and rules, read from a catalogue file into frozen dataclasses.

A line's ``code`` is its identity across versions of the form. A line with a breakdown has one cell a part
(``A07.GP``) and a computed total cell under its bare code (``A07``); other lines have one cell.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.numbers import Unit
from returns.choices import LineKind, Severity


@dataclass(frozen=True)
class Part:
    """One column of a breakdown: ``GP``, or a scheme such as ``ASHRAYAN``."""

    code: str
    bn: str
    en: str


@dataclass(frozen=True)
class Line:
    """A row of the form. ``formula`` belongs to computed lines; ``opening_of`` names the line whose closing it opens;
    ``metric`` is the register figure that proposes it (``societies.registered``); ``levels`` are office kinds."""

    code: str
    section: str
    bn: str
    en: str
    help_bn: str
    help_en: str
    unit: Unit
    kind: LineKind
    breakdown: str = ""
    formula: str = ""
    opening_of: str = ""
    metric: str = ""
    ratio: tuple[str, str] | None = None
    levels: tuple[str, ...] = ("upazila", "thana")


@dataclass(frozen=True)
class Cell:
    """A place for one figure. ``is_total`` marks the computed sum of a breakdown."""

    key: str
    line: Line
    part: Part | None = None
    is_total: bool = False


@dataclass(frozen=True)
class Rule:
    """A condition that a return must (block) or should (warn) meet; ``cell`` is where its message points."""

    code: str
    severity: Severity
    condition: str
    cell: str
    bn: str
    en: str


@dataclass(frozen=True)
class Section:
    code: str
    bn: str
    en: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Catalogue:
    """A whole form. ``cells`` is every cell in printing order."""

    code: str
    number: int
    valid_from: str
    due_day: int
    sections: tuple[Section, ...]
    breakdowns: dict[str, tuple[Part, ...]]
    rules: tuple[Rule, ...]
    cells: tuple[Cell, ...]
