"""The tile map: one square a district, and a division's squares hang together."""

from __future__ import annotations

from collections import Counter

from offices.choices import OfficeKind
from offices.tiles import Tile, all_tiles, tiles_of
from offices.tree import OfficeRow, read_offices

DISTRICTS: dict[str, OfficeRow] = {row.code: row for row in read_offices() if row.kind is OfficeKind.DISTRICT}


def test_every_district_has_just_one_square_of_its_own() -> None:
    tiles = all_tiles()
    assert tiles.keys() == DISTRICTS.keys() and len(tiles) == 64
    assert max(Counter((tile.row, tile.column) for tile in tiles.values()).values()) == 1


def test_short_names_are_short_and_tell_the_districts_apart() -> None:
    for names in ([tile.short_bn for tile in all_tiles().values()], [tile.short_en for tile in all_tiles().values()]):
        assert len(set(names)) == 64 and all(0 < len(name) <= 8 for name in names)


def test_the_squares_of_a_division_hang_together() -> None:
    for division in {row.parent for row in DISTRICTS.values()}:
        left = {(tile.row, tile.column) for code, tile in all_tiles().items() if DISTRICTS[code].parent == division}
        reached = [left.pop()]
        for row, column in reached:
            near = {(row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)} & left
            left -= near
            reached += near
        assert not left, f"{division}: {left} apart from {reached}"


def test_neighbours_lie_where_they_are_on_the_ground() -> None:
    """Panchagarh is the north, Cox's Bazar far south-east of it, Lalmonirhat west of Kurigram, Dhaka in the middle."""
    tiles = all_tiles()
    assert tiles["panchagarh"].row == 1 and tiles["coxs-bazar"].row > tiles["chattogram"].row
    assert tiles["lalmonirhat"].column < tiles["kurigram"].column
    assert tiles["barishal"].row > tiles["dhaka"].row > tiles["mymensingh"].row
    assert tiles["khulna"].column < tiles["dhaka"].column < tiles["sylhet"].column


def test_a_few_districts_move_to_the_corner_and_unknown_ones_have_no_square() -> None:
    found = tiles_of(["sylhet", "sunamganj", "habiganj", "new-district"])
    assert list(found) == ["sunamganj", "sylhet", "habiganj"], "in reading order"
    assert (found["sunamganj"].row, found["sunamganj"].column) == (1, 1)
    assert found["habiganj"] == Tile(2, 1, found["habiganj"].short_bn, "Hab")
