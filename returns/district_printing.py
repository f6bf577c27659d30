"""The districts of the country one under another, line beside line: the nation's month by district. Pure.

Columns find as much room as their figures and heads need; a panel is as many lines as stand side by side on a sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from returns.catalogue import Catalogue, Line
from returns.month_printing import letters_of
from returns.printing import UNITS, Amounts, text_of

NAME_WIDTH, STANDING_WIDTH = 13.0, 5.5
ROOM = 100 - NAME_WIDTH - STANDING_WIDTH
"""Per cent of the sheet's width that figures may take."""
NARROWEST = 6.0
LETTER, PADDING = 0.68, 1.0
"""Per cent that a letter takes, and the padding of a cell (``.districts`` in pdf.css)."""
_STEP = 0.25


@dataclass(frozen=True)
class Placed:
    """An office of that table: ``level`` is ``nation``, ``division``, ``district`` or ``own``."""

    name: str
    standing: str
    level: str
    amounts: Amounts


@dataclass(frozen=True)
class Head:
    """A line as the head of a column."""

    code: str
    label: str
    unit: str


@dataclass(frozen=True)
class PanelRow:
    """An office's figures of a panel."""

    name: str
    standing: str
    level: str
    figures: tuple[str, ...]


@dataclass(frozen=True)
class DistrictPanel:
    """Some lines of all offices. ``sections``: titles over the heads, with how many columns each spans; ``widths`` are
    those of all columns in per cent, 100 in all."""

    sections: tuple[tuple[str, int], ...]
    heads: tuple[Head, ...]
    rows: tuple[PanelRow, ...]
    widths: tuple[str, ...]

    @property
    def span(self) -> int:
        return len(self.widths)


def print_districts(catalogue: Catalogue, offices: Sequence[Placed]) -> tuple[DistrictPanel, ...]:
    """Every line of the form for every office, in as few panels as there is room for, as even as can be."""
    lines = list(catalogue.lines.values())
    need = {line.code: _need(line, offices) for line in lines}
    return tuple(_panel(catalogue, part, offices, need) for part in _evenly(lines, lambda line: need[line.code]))


def _need(line: Line, offices: Sequence[Placed]) -> float:
    """The width that a line's longest figure, or the longest word of its head, needs."""
    words = [*line.bn.replace("/", "/ ").split(), *(text_of(one.amounts.get(line.code), line.unit) for one in offices)]
    return max(NARROWEST, *map(width_of, words))


def width_of(text: str) -> float:
    return PADDING + LETTER * letters_of(text)


def _evenly(lines: Sequence[Line], need: Callable[[Line], float]) -> list[list[Line]]:
    """The lines in their order, in as few parts as find room, none of them much narrower than the others."""
    room = ROOM
    parts = _within(room, lines, need)
    while (narrower := _within(room - _STEP, lines, need)) and len(narrower) == len(parts) and room > NARROWEST:
        room, parts = room - _STEP, narrower
    return parts


def _within(room: float, lines: Sequence[Line], need: Callable[[Line], float]) -> list[list[Line]]:
    parts: list[list[Line]] = []
    left = 0.0
    for line in lines:
        left -= need(line)
        if not parts or left < 0:
            parts.append([])
            left = room - need(line)
        parts[-1].append(line)
    return parts


def _panel(
    catalogue: Catalogue, lines: Sequence[Line], offices: Sequence[Placed], need: dict[str, float]
) -> DistrictPanel:
    stretch = ROOM / sum(need[line.code] for line in lines)
    titles = {section.code: f"{section.letter or section.code}. {section.bn}" for section in catalogue.sections}
    return DistrictPanel(
        sections=tuple((titles[code], len(list(some))) for code, some in groupby(lines, lambda line: line.section)),
        heads=tuple(Head(catalogue.code_of(line.code, bangla=True), line.bn, UNITS[line.unit]) for line in lines),
        rows=tuple(_row(one, lines) for one in offices),
        widths=tuple(
            f"{width:.4f}%" for width in (NAME_WIDTH, STANDING_WIDTH, *(need[line.code] * stretch for line in lines))
        ),
    )


def _row(office: Placed, lines: Sequence[Line]) -> PanelRow:
    figures = tuple(text_of(office.amounts.get(line.code), line.unit) for line in lines)
    return PanelRow(office.name, office.standing, office.level, figures)
