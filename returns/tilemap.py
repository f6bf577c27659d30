"""The tile map of a month: a square for each district, shaded by who is in or by one key figure.

Four shades from light to dark, and a hatched ground where nothing is known; the figure stands on each square, so that
the map is read without its shades.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.language import in_reader_language, reader_wants_bangla
from core.numbers import Unit, format_amount
from offices.tiles import Tile, tiles_of
from returns.catalogue import Cell
from returns.completeness import Completeness
from returns.overview import OfficeRow, Overview

SHADES = 4


@dataclass(frozen=True)
class Lens:
    """What the map and the districts' table show: who is in, or (``cell``) one key figure."""

    cell: Cell | None = None

    @property
    def code(self) -> str:
        return self.cell.key if self.cell else ""

    @property
    def label(self) -> str:
        return in_reader_language(self.cell.line.bn, self.cell.line.en) if self.cell else _("Who is in")


@dataclass(frozen=True)
class Square:
    """A district on the map. ``shade`` is 0 (nothing known) to 4; ``text`` stands on it; ``late`` counts late returns,
    ``is_partial`` says that offices are missing in the figure."""

    row: OfficeRow
    tile: Tile
    shade: int
    text: str
    late: int = 0
    is_partial: bool = False


@dataclass(frozen=True)
class TileMap:
    """The squares in reading order, what their shades mean, and the districts that have no square."""

    lens: Lens
    squares: tuple[Square, ...]
    legend: tuple[tuple[int, str], ...]
    elsewhere: tuple[OfficeRow, ...]


def lens_of(overview: Overview, code: str) -> Lens:
    """The lens asked for; who is in where the code is none of the key figures."""
    return Lens(next((cell for cell in overview.cells if cell.key == code), None))


def lenses_of(overview: Overview) -> list[Lens]:
    return [Lens(), *(Lens(cell) for cell in overview.cells)]


def tile_map(overview: Overview, lens: Lens) -> TileMap:
    """The map of the districts at and below the office."""
    rows = {row.office.code: row for row in overview.districts}
    tiles = tiles_of(rows)
    cell = lens.cell
    if cell is None:
        squares = [_by_who_is_in(row, tiles[code]) for code, row in rows.items() if code in tiles]
        legend = _legend_of_completeness()
    else:
        amounts = {code: row.figure(cell).amount for code, row in rows.items()}
        shades = shades_of({code: amount for code, amount in amounts.items() if amount is not None})
        squares = [
            Square(
                row,
                tiles[code],
                shades.get(code, 0),
                short_amount(amounts[code], cell.line.unit),
                is_partial=row.is_partial and amounts[code] is not None,
            )
            for code, row in rows.items()
            if code in tiles
        ]
        legend = _legend_of(cell, shades, amounts)
    squares.sort(key=lambda square: (square.tile.row, square.tile.column))
    return TileMap(lens, tuple(squares), legend, tuple(row for code, row in rows.items() if code not in tiles))


def shades_of(amounts: Mapping[str, int]) -> dict[str, int]:
    """A shade of 1 to 4 by quarters of the ranks; equal amounts have the same, a greater one never a lighter."""
    ranked = sorted(amounts.values())
    below = {amount: ranked.index(amount) for amount in set(ranked)}
    return {code: 1 + SHADES * below[amount] // len(ranked) for code, amount in amounts.items()}


def shade_of_completeness(known: Completeness) -> int:
    """4: all that is due is verified; 3: half or more; 2: fewer; 1: none; 0: nothing is due."""
    if not known.due:
        return 0
    if known.is_complete:
        return 4
    return 1 if not known.verified else 3 if 2 * known.verified >= known.due else 2


def short_amount(amount: int | None, unit: Unit) -> str:
    """A figure as it stands on a square: money in lakh; a dash where nothing is known."""
    return format_amount(amount, Unit.LAKH if unit.is_money else unit, bangla=reader_wants_bangla())


def _by_who_is_in(row: OfficeRow, tile: Tile) -> Square:
    known = row.completeness
    counts = [format_amount(n, Unit.COUNT, bangla=reader_wants_bangla()) for n in (known.verified, known.due)]
    text = "/".join(counts) if known.due else "—"
    return Square(row, tile, shade_of_completeness(known), text, late=known.late)


def _legend_of_completeness() -> tuple[tuple[int, str], ...]:
    words = (_("none verified"), _("fewer than half verified"), _("half or more verified"), _("all verified"))
    return (*enumerate(words, start=1), (0, _("nothing due")))


def _legend_of(cell: Cell, shades: Mapping[str, int], amounts: Mapping[str, int | None]) -> tuple[tuple[int, str], ...]:
    """From where to where each shade in use goes."""
    rows = []
    for shade in range(1, SHADES + 1):
        own = [amount for code, amount in amounts.items() if amount is not None and shades[code] == shade]
        if own:
            ends = dict.fromkeys(short_amount(one, cell.line.unit) for one in (min(own), max(own)))
            rows.append((shade, " – ".join(ends)))
    return (*rows, (0, _("nothing verified")))
