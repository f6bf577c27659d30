"""What the checks look at in one submitted return, and what they answer. Nothing here knows a database or a clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from core.language import in_reader_language
from core.numbers import format_amount
from returns.catalogue import Catalogue, Cell
from returns.choices import LineKind

Amounts = Mapping[str, int | None]

#: Months of history a dossier holds: the first of them is the same month of last year.
MONTHS = 12


@dataclass(frozen=True)
class Peer:
    """Another office's figures of the same month. ``size`` is its number of societies at the end of the month."""

    size: int
    amounts: Amounts


@dataclass(frozen=True)
class Override:
    """A figure typed over that of the registers, with the reason written for it."""

    cell: str
    amount: int
    registers: int
    reason: str


@dataclass(frozen=True)
class MovedOpening:
    """An opening that is not the closing of the month before any more."""

    cell: str
    opened_with: int | None
    closing: int | None


@dataclass(frozen=True)
class Dossier:
    """One submitted return with what is known around it.

    ``history`` is the months before it, the newest last; a month without figures is empty. ``registers`` holds the
    figure the registers gave for a cell. ``before`` is what a flow came to since 1 July without this month.
    """

    catalogue: Catalogue
    kind: str
    amounts: Amounts
    history: tuple[Amounts, ...] = ()
    before: Amounts = field(default_factory=dict)
    targets: Amounts = field(default_factory=dict)
    registers: Amounts = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()
    peers: tuple[Peer, ...] = ()
    size: int = 0
    opening_is_verified: bool = True
    moved: tuple[MovedOpening, ...] = ()

    @cached_property
    def typed(self) -> tuple[tuple[Cell, int], ...]:
        """Figures that a hand typed: those that equal the registers' have rows behind them and are left out."""
        return tuple(
            (cell, amount)
            for cell in self.catalogue.entered_cells(self.kind)
            if (amount := self.amounts.get(cell.key)) is not None and self.registers.get(cell.key) != amount
        )

    @property
    def typed_flows(self) -> tuple[tuple[Cell, int], ...]:
        return tuple((cell, amount) for cell, amount in self.typed if cell.line.kind is LineKind.FLOW)

    def past(self, key: str) -> list[int]:
        """Known figures of a cell in the months before, the newest last."""
        return [amount for month in self.history if (amount := month.get(key)) is not None]

    def last_month(self, key: str) -> int | None:
        return self.history[-1].get(key) if self.history else None

    def last_year(self, key: str) -> int | None:
        """The figure of the same month of last year."""
        return self.history[-MONTHS].get(key) if len(self.history) >= MONTHS else None

    def names(self, key: str) -> tuple[str, str]:
        """What people call a cell, in Bangla and in English."""
        return self.catalogue.code_of(key, bangla=True), self.catalogue.code_of(key, bangla=False)

    def texts(self, key: str, amount: int | None) -> tuple[str, str]:
        """An amount as it is typed into a cell, in Bangla and in English."""
        unit = self.catalogue.cells_by_key[key].line.unit
        return format_amount(amount, unit, bangla=True), format_amount(amount, unit, bangla=False)


@dataclass(frozen=True)
class Doubt:
    """What a check holds against a figure. ``strength``: 1 (worth a look) to 100 (cannot be right)."""

    check: str
    cell: str
    strength: int
    bn: str
    en: str

    @property
    def message(self) -> str:
        """In the reader's language."""
        return in_reader_language(self.bn, self.en)


#: What a check answers: its doubts, none if all is well, or None where there was nothing to look at.
Answer = Iterable[Doubt] | None
