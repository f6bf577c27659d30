"""The month of an office: the offices below it side by side, with their total. Pure; all in Bangla digits.

A panel is as many offices as find room beside each other; letters grow smaller, down to a limit, before an office has
to go to the next panel, because a reader compares offices on one sheet.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from core.numbers import Unit
from returns.catalogue import Catalogue, Line, Section
from returns.printing import UNITS, Amounts, text_of, title_of

SIZES = (8.0, 7.5, 7.0)
"""Points of a panel's letters, the readable first."""
LETTER, BOLD, PADDING = 0.08, 1.08, 0.8
"""Per cent of the sheet's width that a letter takes at one point, how much more a bold one takes, and the padding of a
cell (``.month`` in pdf.css)."""
CODE_WIDTH, LEAST_LABEL, MOST_LABEL = 4.5, 22.0, 36.0
TOTALS = ("মোট", "জুলাই", "থেকে")
"""Words over the last two columns."""


@dataclass(frozen=True)
class PrintedColumn:
    """A column of a month: an office below and how far it is (``যাচাই``, ``জমা``, ``৪/৫``)."""

    name: str
    standing: str


@dataclass(frozen=True)
class MonthLine:
    """A row of a month: a figure an office below, the total, and the total since 1 July."""

    code: str
    label: str
    figures: tuple[str, ...]
    total: str
    since_july: str
    is_computed: bool


@dataclass(frozen=True)
class MonthSection:
    letter: str
    title: str
    lines: tuple[MonthLine, ...]


@dataclass(frozen=True)
class MonthPanel:
    """Some offices with the whole form under them. ``widths`` are those of all columns in per cent, 100 in all;
    ``size`` is that of the letters in points."""

    columns: tuple[PrintedColumn, ...]
    sections: tuple[MonthSection, ...]
    widths: tuple[str, ...]
    size: float

    @property
    def span(self) -> int:
        return len(self.widths)


def print_month(
    catalogue: Catalogue,
    columns: Sequence[PrintedColumn],
    figures: Sequence[Amounts],
    total: Amounts,
    since_july: Amounts,
) -> tuple[MonthPanel, ...]:
    """In as few panels as the smallest letters allow, as even as can be, in the largest letters that allow as few."""
    letters = [
        max(
            _letters(catalogue, amounts),
            *(BOLD * letters_of(word) for word in f"{column.name} {column.standing}".split()),
        )
        for column, amounts in zip(columns, figures, strict=True)
    ]
    widest = BOLD * max(_letters(catalogue, total), _letters(catalogue, since_july), *map(letters_of, TOTALS))
    most = min(_parts(letters, widest, size) for size in SIZES)
    size = next(size for size in SIZES if _parts(letters, widest, size) == most)
    step = _step(len(columns), most)
    return tuple(
        MonthPanel(
            columns=tuple(columns[i : i + step]),
            sections=tuple(
                _section(catalogue, s, figures[i : i + step], total, since_july) for s in catalogue.sections
            ),
            widths=_widths([*letters[i : i + step], widest, widest], size),
            size=size,
        )
        for i in range(0, max(1, len(columns)), step)
    )


def _letters(catalogue: Catalogue, amounts: Amounts) -> float:
    """Of the longest figure."""
    return max(letters_of(text_of(amounts.get(line.code), line.unit)) for line in catalogue.lines.values())


def letters_of(text: str) -> float:
    """About how many letters wide: signs above and below take no room, a conjunct that of one letter, a comma half."""
    letters = [char for char in text if unicodedata.category(char) != "Mn"]
    return len(letters) - text.count("্") - 0.5 * sum(char in ",." for char in letters)


def _parts(letters: Sequence[float], widest: float, size: float) -> int:
    """In how many panels the columns find room; one column always does."""
    room = 100 - CODE_WIDTH - LEAST_LABEL - 2 * _need(widest, size)
    for count in range(1, len(letters)):
        step = _step(len(letters), count)
        parts = [letters[i : i + step] for i in range(0, len(letters), step)]
        if all(sum(_need(one, size) for one in part) <= room for part in parts):
            return len(parts)
    return max(1, len(letters))


def _step(columns: int, parts: int) -> int:
    return max(1, -(-columns // parts))


def _need(letters: float, size: float) -> float:
    return PADDING + LETTER * size * letters


def _widths(letters: Sequence[float], size: float) -> tuple[str, ...]:
    """Of code, label, and the figures: what the label does not need is theirs, in proportion."""
    needs = [_need(one, size) for one in letters]
    label = min(MOST_LABEL, max(LEAST_LABEL, 100 - CODE_WIDTH - sum(needs)))
    stretch = (100 - CODE_WIDTH - label) / sum(needs)
    return tuple(f"{width:.4f}%" for width in (CODE_WIDTH, label, *(need * stretch for need in needs)))


def _section(
    catalogue: Catalogue, section: Section, figures: Sequence[Amounts], total: Amounts, since_july: Amounts
) -> MonthSection:
    return MonthSection(
        letter=section.letter or section.code,
        title=title_of(catalogue, section),
        lines=tuple(
            MonthLine(
                code=catalogue.code_of(line.code, bangla=True),
                label=_label(line),
                figures=tuple(text_of(amounts.get(line.code), line.unit) for amounts in figures),
                total=text_of(total.get(line.code), line.unit),
                since_july=text_of(since_july.get(line.code), line.unit) if line.is_cumulative else "",
                is_computed=not line.is_entered,
            )
            for line in section.lines
        ),
    )


def _label(line: Line) -> str:
    """With its unit, unless it counts pieces: a column of units would take an office's place."""
    return line.bn if line.unit is Unit.COUNT or UNITS[line.unit] in line.bn else f"{line.bn}, {UNITS[line.unit]}"
