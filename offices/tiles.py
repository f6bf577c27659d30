"""The tile map: each district a square, roughly where it lies, so that 64 names and figures fit on one page.

`data/tiles.csv` is ours: rows from north to south, columns from west to east, and a short name for narrow screens.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from core.language import in_reader_language
from core.text import clean_text

TILES = Path(__file__).parent / "data" / "tiles.csv"


@dataclass(frozen=True)
class Tile:
    """Where a district's square lies, counted from 1 at the north-west, and what it is called where space is short."""

    row: int
    column: int
    short_bn: str
    short_en: str

    @property
    def short(self) -> str:
        return in_reader_language(self.short_bn, self.short_en)


@cache
def all_tiles() -> Mapping[str, Tile]:
    """Every tile by the district's code."""
    with TILES.open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: Tile(int(row["row"]), int(row["column"]), clean_text(row["short_bn"]), row["short_en"])
            for row in csv.DictReader(file)
        }


def tiles_of(codes: Iterable[str]) -> dict[str, Tile]:
    """The tiles of some districts, moved to the north-west corner, in reading order; who has none is left out."""
    known = all_tiles()
    found = {code: known[code] for code in codes if code in known}
    top = min((tile.row for tile in found.values()), default=1) - 1
    left = min((tile.column for tile in found.values()), default=1) - 1
    placed = {code: replace(tile, row=tile.row - top, column=tile.column - left) for code, tile in found.items()}
    return dict(sorted(placed.items(), key=lambda item: (item[1].row, item[1].column)))
