"""Digits swapped (551 for 515) or typed once too often (555 for 55)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from core.numbers import Unit
from returns.catalogue import Cell
from returns.checks.dossier import Answer, Dossier, Doubt
from returns.checks.usual import Usual, usual
from returns.choices import LineKind

SWAPPED = "swapped"
REPEATED = "repeated"
AGAINST_REGISTERS = 90
AGAINST_STOCK = 80
AGAINST_FLOWS = 60
AGAINST_TARGET = 55

Slips = Callable[[int], Iterator[int]]


def swaps(number: int) -> Iterator[int]:
    """Numbers that become this one when two neighbouring digits change places."""
    digits = str(number)
    for n in range(len(digits) - 1):
        if digits[n] != digits[n + 1] and not (n == 0 and digits[1] == "0"):
            yield int(digits[:n] + digits[n + 1] + digits[n] + digits[n + 2 :])


def without_repeats(number: int) -> Iterator[int]:
    """Numbers that become this one when one of their digits is typed twice."""
    digits = str(number)
    for n in range(len(digits) - 1):
        if digits[n] == digits[n + 1] and (n == 0 or digits[n - 1] != digits[n]):
            yield int(digits[:n] + digits[n + 1 :])


def ask_swapped(dossier: Dossier) -> Answer:
    """A typed figure is doubted where it does not fit and another order of two neighbouring digits would.

    "Fits": equals the registers' figure (strength 90); lies in the usual range of the office's own past, which for a
    stock stands around the last closing (80), for a flow around the year's median (60); keeps a flow's cumulative
    within its yearly target (55). Limits: a swap that stays within the usual range (551 ↔ 515 in a figure that moves
    so much every month) is not seen.
    """
    return _ask(dossier, SWAPPED, swaps)


def ask_repeated(dossier: Dossier) -> Answer:
    """A typed figure is doubted where it does not fit, two equal digits stand side by side in it, and it fits with one
    of them. "Fits" as for swapped digits. Limits: as there; a digit left out is found only as a change."""
    return _ask(dossier, REPEATED, without_repeats)


def _ask(dossier: Dossier, code: str, slips: Slips) -> Answer:
    scales = [(cell, amount, usual(dossier, cell)) for cell, amount in dossier.typed]
    is_blind = all(
        known is None and not dossier.registers.get(cell.key) and not dossier.targets.get(cell.key)
        for cell, _amount, known in scales
    )
    if scales and is_blind:
        return None
    return [doubt for cell, amount, known in scales if (doubt := _doubt_of(dossier, code, slips, cell, amount, known))]


def _doubt_of(dossier: Dossier, code: str, slips: Slips, cell: Cell, amount: int, known: Usual | None) -> Doubt | None:
    mended = [number * _grain(cell, amount) for number in slips(amount // _grain(cell, amount))]
    registers = dossier.registers.get(cell.key)
    if registers is not None:
        return _doubt(dossier, code, cell, amount, registers, AGAINST_REGISTERS) if registers in mended else None
    if known is not None and not known.holds(amount):
        fitting = [number for number in mended if known.holds(number) and number]
        nearest = min(fitting, key=lambda number: abs(number - known.middle), default=None)
        strength = AGAINST_FLOWS if cell.line.kind is LineKind.FLOW else AGAINST_STOCK
        return None if nearest is None else _doubt(dossier, code, cell, amount, nearest, strength)
    left = _left_of_target(dossier, cell)
    if left is not None and amount > left:
        fitting = [number for number in mended if 0 < number <= left]
        return _doubt(dossier, code, cell, amount, max(fitting), AGAINST_TARGET) if fitting else None
    return None


def _left_of_target(dossier: Dossier, cell: Cell) -> int | None:
    """What was left of the yearly target before this month; None without a target of the cell."""
    if cell.line.kind is not LineKind.FLOW:
        return None
    target = dossier.targets.get(cell.key.replace(cell.line.code, cell.line.target or cell.line.code, 1))
    return None if target is None else max(target - (dossier.before.get(cell.key) or 0), 0)


def _grain(cell: Cell, amount: int) -> int:
    """The amount that the last typed digit stands for: whole taka, or hundredths of a lakh."""
    if cell.line.unit is Unit.LAKH:
        return 100_000
    return 100 if cell.line.unit is Unit.TAKA and amount % 100 == 0 else 1


def _doubt(dossier: Dossier, code: str, cell: Cell, amount: int, mended: int, strength: int) -> Doubt:
    key = cell.key
    name_bn, name_en = dossier.names(key)
    is_bn, is_en = dossier.texts(key, amount)
    may_bn, may_en = dossier.texts(key, mended)
    why_bn, why_en = {
        AGAINST_REGISTERS: (f"রেজিস্টার বলে {may_bn}", f"the registers say {may_en}"),
        AGAINST_STOCK: (f"আগের মাসের সঙ্গে {may_bn} মেলে", f"{may_en} would fit the month before"),
        AGAINST_FLOWS: (f"আগের মাসগুলোর সঙ্গে {may_bn} মেলে", f"{may_en} would fit the months before"),
        AGAINST_TARGET: (f"বার্ষিক লক্ষ্যমাত্রায় {may_bn} মেলে", f"{may_en} would keep within the yearly target"),
    }[strength]
    slip_bn, slip_en = {
        SWAPPED: ("দুটি অঙ্ক উল্টে গেছে কি না দেখুন", "See whether two digits were swapped"),
        REPEATED: ("একটি অঙ্ক দুবার পড়েছে কি না দেখুন", "See whether a digit was typed twice"),
    }[code]
    return Doubt(
        code,
        key,
        strength,
        f"{name_bn}-এ {is_bn} লেখা আছে, {why_bn}। {slip_bn}।",
        f"{name_en} has {is_en}, {why_en}. {slip_en}.",
    )
