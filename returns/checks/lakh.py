"""Taka typed where lakh is meant, or lakh where taka is meant."""

from __future__ import annotations

from collections.abc import Iterator

from core.numbers import Unit
from returns.catalogue import Cell
from returns.checks.dossier import Answer, Dossier, Doubt
from returns.checks.usual import median
from returns.choices import LineKind

CODE = "lakh"
LAKH = 100_000
STRENGTH = 95
#: How far a mended figure may lie from what is expected and still be "about the same".
ABOUT = 4
#: Other offices tell what to expect where the office has no past of its own; three at least.
FEWEST_PEERS = 3


def ask(dossier: Dossier) -> Answer:
    """Money is doubted where it is at least 1,000 times too much or too little against what is expected, and lies
    within a factor of 4 of it once divided or multiplied by 100,000.

    Expected is the registers' figure, else the last closing of a stock, else the median of the year's flows that are
    not zero, else the median of the other offices by size. Limits: a zero is not doubted, nor a figure that nothing
    is expected of; an error of a factor of ten is left to the other checks.
    """
    money = [(cell, amount) for cell, amount in dossier.typed if cell.line.unit.is_money and amount]
    known = [(cell, amount, expected) for cell, amount in money if (expected := expected_of(dossier, cell))]
    return list(_doubts(dossier, known)) if known or not money else None


def expected_of(dossier: Dossier, cell: Cell) -> int:
    """What a cell should be about; 0 where nothing is known."""
    registers = dossier.registers.get(cell.key)
    if registers:
        return registers
    past = [amount for amount in dossier.past(cell.key) if amount]
    if past:
        return past[-1] if not _is_flow(cell) else median(past)
    ratios = [
        dossier.size * amount // peer.size
        for peer in dossier.peers
        if peer.size and (amount := peer.amounts.get(cell.key))
    ]
    return median(ratios) if len(ratios) >= FEWEST_PEERS else 0


def _is_flow(cell: Cell) -> bool:
    return cell.line.kind is LineKind.FLOW


def _doubts(dossier: Dossier, figures: list[tuple[Cell, int, int]]) -> Iterator[Doubt]:
    for cell, amount, expected in figures:
        if amount >= 1000 * expected and _is_about(amount, expected * LAKH):
            yield _doubt(dossier, cell, amount, amount // LAKH, expected)
        elif 1000 * amount <= expected and _is_about(amount * LAKH, expected):
            yield _doubt(dossier, cell, amount, amount * LAKH, expected)


def _is_about(one: int, other: int) -> bool:
    return one <= ABOUT * other and other <= ABOUT * one


def _doubt(dossier: Dossier, cell: Cell, amount: int, mended: int, expected: int) -> Doubt:
    key = cell.key
    name_bn, name_en = dossier.names(key)
    is_bn, is_en = dossier.texts(key, amount)
    about_bn, about_en = dossier.texts(key, expected)
    fits_bn, fits_en = dossier.texts(key, mended)
    unit_bn, unit_en = ("লক্ষ টাকা", "lakh taka") if cell.line.unit is Unit.LAKH else ("টাকা", "taka")
    return Doubt(
        CODE,
        key,
        STRENGTH,
        f"{name_bn}-এ {is_bn} {unit_bn} লেখা আছে, প্রত্যাশিত প্রায় {about_bn}। "
        f"লক্ষ আর টাকা গুলিয়ে গেছে কি না দেখুন: {fits_bn} হলে মেলে।",
        f"{name_en} has {is_en} {unit_en}, about {about_en} is expected. "
        f"See whether lakh and taka were mixed up: {fits_en} would fit.",
    )
