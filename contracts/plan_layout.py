"""Section 3 cut into tables of a page each, so that merged cells begin anew on every page.

A printed table cannot repeat a merged cell after a page break. Row heights are therefore estimated, generously, and
the plan is cut before the page is full; each piece carries its own head rows and merged cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil
from unicodedata import category

from contracts.pages import PlanActivity, PlanArea, PlanRow

# Millimetres, for the type size and column widths of templates/pdf/agreement.html.
LINE = 3.65
PADDING = 2.0
DIVIDER = 5.8
FIRST_PAGE = 118.0
NEXT_PAGE = 138.0
# Letters that fit a line of the column.
INDICATOR, ACTIVITY = 27, 14


@dataclass(frozen=True)
class Merged:
    """A merged cell: its text, the marks beside it, and the rows it spans."""

    text: str
    marks: str
    span: int


@dataclass(frozen=True)
class PrintedRow:
    """A row of the printed table; ``divider`` is the full-width row above it; ``area``/``activity`` start merges."""

    row: PlanRow
    divider: str
    area: Merged | None
    activity: Merged | None


@dataclass(frozen=True)
class _Flat:
    area: PlanArea
    activity: PlanActivity
    row: PlanRow
    divider: str

    @property
    def height(self) -> float:
        lines = max(ceil(_letters(f"[{self.row.code}] {self.row.name}") / INDICATOR), 1)
        return lines * LINE + PADDING + (DIVIDER if self.divider else 0)


def cut_into_pages(areas: Sequence[PlanArea], blocks: dict[str, str]) -> list[tuple[PrintedRow, ...]]:
    """The plan as one table a page; ``blocks`` are the divider texts by block code."""
    pages: list[list[_Flat]] = []
    room = 0.0
    for group in _by_activity(_flat(areas, blocks)):
        height = max(sum(flat.height for flat in group), _merged_height(group[0]))
        if not pages or (height > room and pages[-1]):
            pages.append([])
            room = FIRST_PAGE if len(pages) == 1 else NEXT_PAGE
        pages[-1].extend(group)
        room -= height
    return [tuple(_merged(page)) for page in pages]


def _flat(areas: Sequence[PlanArea], blocks: dict[str, str]) -> Iterable[_Flat]:
    block = None
    for area in areas:
        for activity in area.activities:
            for row in activity.rows:
                divider = blocks[area.block] if area.block != block else ""
                block = area.block
                yield _Flat(area, activity, row, divider)


def _by_activity(rows: Iterable[_Flat]) -> list[list[_Flat]]:
    return [list(group) for _code, group in groupby(rows, key=lambda flat: flat.activity.code)]


def _merged_height(flat: _Flat) -> float:
    text = f"[{flat.activity.code}] {flat.activity.name}"
    return ceil(_letters(text) / ACTIVITY) * LINE + PADDING


def _merged(page: Sequence[_Flat]) -> Iterable[PrintedRow]:
    areas = [len(list(group)) for _code, group in groupby(page, key=lambda flat: flat.area.code)]
    activities = [len(list(group)) for _code, group in groupby(page, key=lambda flat: flat.activity.code)]
    area_starts, activity_starts = _starts(areas), _starts(activities)
    for n, flat in enumerate(page):
        area = activity = None
        if n in area_starts:
            area = Merged(f"[{flat.area.code}] {flat.area.name}", flat.area.marks, area_starts[n])
        if n in activity_starts:
            activity = Merged(f"[{flat.activity.code}] {flat.activity.name}", "", activity_starts[n])
        yield PrintedRow(flat.row, flat.divider, area, activity)


def _starts(spans: Sequence[int]) -> dict[int, int]:
    found, at = {}, 0
    for span in spans:
        found[at] = span
        at += span
    return found


def _letters(text: str) -> int:
    """Letters that take room: vowel signs and joiners above and below do not."""
    return sum(1 for letter in text if category(letter) not in ("Mn", "Cf"))
