"""Growth that cannot be: against the office's own year, and against its peers."""

from __future__ import annotations

from collections.abc import Iterator

from core.numbers import to_bangla_digits
from returns.catalogue import Cell
from returns.checks.dossier import Answer, Dossier, Doubt
from returns.checks.usual import Usual, median, small, usual
from returns.choices import LineKind

OWN = "growth"
PEERS = "peers"
#: Other offices without which "more than anywhere else" says nothing.
FEWEST_PEERS = 4


def ask_own(dossier: Dossier) -> Answer:
    """A typed figure is doubted where it lies far outside of its usual range (see `returns.checks.usual`).

    A flow: above twice the upper end of the range. A stock: moved by more than four times the range's reach and
    by more than a tenth of the last figure, up or down. Movements below twice what is small (ten papers, 10,000 taka,
    one lakh) are let be. Strength: 50, and 10 more for each further doubling, 75 at most. Limits: slow growth is
    not seen; a sudden true success is, and the officer then says so.
    """
    known = [(cell, amount, scale) for cell, amount in dossier.typed if (scale := usual(dossier, cell)) is not None]
    if not known:
        return None
    return [doubt for cell, amount, scale in known if (doubt := _own(dossier, cell, amount, scale)) is not None]


def _own(dossier: Dossier, cell: Cell, amount: int, scale: Usual) -> Doubt | None:
    moved = abs(amount - scale.middle)
    if moved <= 2 * small(cell):
        return None
    if cell.line.kind is LineKind.FLOW:
        over, limit = amount, 2 * scale.high
    else:
        over, limit = moved, max(4 * scale.reach, scale.middle // 10)
    if over <= limit:
        return None
    return _own_doubt(dossier, cell, amount, scale, strength_of(over, limit, 50, 75))


def strength_of(over: int, limit: int, least: int, most: int) -> int:
    """``least`` at the limit, ten more for each doubling beyond it, ``most`` at most."""
    return min(least + 10 * ((over // max(limit, 1)).bit_length() - 1), most)


def _own_doubt(dossier: Dossier, cell: Cell, amount: int, scale: Usual, strength: int) -> Doubt:
    key, year = cell.key, dossier.last_year(cell.key)
    name_bn, name_en = dossier.names(key)
    is_bn, is_en = dossier.texts(key, amount)
    low_bn, low_en = dossier.texts(key, scale.low)
    high_bn, high_en = dossier.texts(key, scale.high)
    year_bn, year_en = dossier.texts(key, year)
    then_bn, then_en = ("", "") if year is None else (f", গত বছরের এ মাসে {year_bn}", f", a year ago {year_en}")
    return Doubt(
        OWN,
        key,
        strength,
        f"{name_bn}-এ {is_bn}; এ কার্যালয়ে সাধারণত {low_bn} থেকে {high_bn}{then_bn}। সংখ্যাটি ঠিক হলে কারণ জিজ্ঞাসা করুন।",
        f"{name_en} has {is_en}; usual in this office is {low_en} to {high_en}{then_en}. "
        "If it is right, ask for the reason.",
    )


def ask_peers(dossier: Dossier) -> Answer:
    """A typed figure is doubted where, by size, it is more than five times the greatest of the other offices'.

    Size is the number of societies at the month's end; each other office's figure is scaled by it, and four of them
    must have one. Figures within their own usual range are let be, and so is what lies below four times what is small.
    Strength: 50, and 10 more for each further doubling, 75 at most. Limits: says nothing of figures too low.
    """
    peers = [peer for peer in dossier.peers if peer.size]
    if len(peers) < FEWEST_PEERS or not dossier.size:
        return None
    return list(_beyond_peers(dossier))


def _beyond_peers(dossier: Dossier) -> Iterator[Doubt]:
    for cell, amount in dossier.typed:
        if amount <= 4 * small(cell):
            continue
        scaled = scaled_peers(dossier, cell.key)
        if len(scaled) < FEWEST_PEERS or amount <= (limit := 5 * max(scaled)) or not max(scaled):
            continue
        scale = usual(dossier, cell)
        if scale is None or not scale.holds(amount):
            yield _peer_doubt(dossier, cell, amount, scaled, strength_of(amount, limit, 50, 75))


def scaled_peers(dossier: Dossier, key: str) -> list[int]:
    """What the other offices' figures of a cell would be in an office of this size."""
    return [
        amount * dossier.size // peer.size
        for peer in dossier.peers
        if peer.size and (amount := peer.amounts.get(key)) is not None
    ]


def _peer_doubt(dossier: Dossier, cell: Cell, amount: int, scaled: list[int], strength: int) -> Doubt:
    key, count = cell.key, str(len(scaled))
    name_bn, name_en = dossier.names(key)
    is_bn, is_en = dossier.texts(key, amount)
    middle_bn, middle_en = dossier.texts(key, median(scaled))
    most_bn, most_en = dossier.texts(key, max(scaled))
    return Doubt(
        PEERS,
        key,
        strength,
        f"{name_bn}-এ {is_bn}; একই আকারের হলে অন্য {to_bangla_digits(count)}টি কার্যালয়ে হতো সাধারণত {middle_bn}, "
        f"সর্বোচ্চ {most_bn}। সংখ্যাটি ঠিক হলে কারণ জিজ্ঞাসা করুন।",
        f"{name_en} has {is_en}; at this size the other {count} offices would have {middle_en} as a rule and "
        f"{most_en} at most. If it is right, ask for the reason.",
    )
