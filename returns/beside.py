"""What stands beside a figure for whoever judges it: its twelve months, a year ago, and the other offices' range."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.charts import Column, spark, trend_chart
from core.language import reader_wants_bangla
from core.numbers import Unit, format_amount, to_bangla_digits
from core.periods import Period
from returns.catalogue import Cell
from returns.checks.dossier import MONTHS, Dossier
from returns.checks.growth import FEWEST_PEERS, scaled_peers
from returns.checks.usual import median
from returns.dossiers import SIZE, dossiers_of
from returns.grid import Block, Row
from returns.models import Return, ReturnVersion


@dataclass(frozen=True)
class Range:
    """Least, middle and greatest of the other offices' figures, as they would be at this office's size."""

    least: int
    middle: int
    most: int
    offices: int


@dataclass(frozen=True)
class Beside:
    """One figure among its months. ``months``: twelve, the present one last. ``peers`` is None with fewer than four
    other offices, so that no single office's figure can be told from it."""

    cell: Cell
    period: Period
    months: tuple[int | None, ...]
    last_year: int | None
    peers: Range | None

    @property
    def has_past(self) -> bool:
        return any(amount is not None for amount in self.months[:-1])

    @property
    def spark(self) -> SafeString:
        """A line through the months, small."""
        name, words = self._words()
        return spark(self.months, title=name, description=words, width=96, height=24)

    @property
    def trend(self) -> SafeString:
        """Columns of the months with their figures."""
        name, words = self._words()
        columns = [
            Column(_short(self.period.shift(n - MONTHS + 1)), amount, "" if amount is None else self._text(amount))
            for n, amount in enumerate(self.months)
        ]
        return trend_chart(columns, title=name, description=words, width=760, height=170)

    def _words(self) -> tuple[str, str]:
        bangla = reader_wants_bangla()
        known = [amount for amount in self.months if amount is not None] or [0]
        name = _("Twelve months of %(line)s") % {"line": self.cell.line.bn if bangla else self.cell.line.en}
        words = _("from %(least)s to %(most)s, now %(now)s") % {
            "least": self._text(min(known)),
            "most": self._text(max(known)),
            "now": self._text(self.months[-1]),
        }
        return name, words

    def _text(self, amount: int | None) -> str:
        return format_amount(amount, self.cell.line.unit, bangla=reader_wants_bangla())


def _short(period: Period) -> str:
    """A month as ``৭/২৩``."""
    text = f"{period.first.month}/{period.first.year % 100:02d}"
    return to_bangla_digits(text) if reader_wants_bangla() else text


def beside_of(dossier: Dossier, period: Period, key: str, *, with_peers: bool = True) -> Beside:
    """What stands beside a cell of the return that the dossier is about."""
    cell = dossier.catalogue.cells_by_key[key]
    past = [month.get(key) for month in dossier.history[1 - MONTHS :]]
    gap: list[int | None] = [None] * (MONTHS - 1 - len(past))
    return Beside(
        cell=cell,
        period=period,
        months=(*gap, *past, dossier.amounts.get(key)),
        last_year=dossier.last_year(key),
        peers=_range(dossier, cell) if with_peers else None,
    )


def _range(dossier: Dossier, cell: Cell) -> Range | None:
    """Per cents are compared as they are, all else by size."""
    if cell.line.unit is Unit.PERCENT:
        values = [amount for peer in dossier.peers if (amount := peer.amounts.get(cell.key)) is not None]
    else:
        values = scaled_peers(dossier, cell.key)
    if len(values) < FEWEST_PEERS:
        return None
    return Range(min(values), median(values), max(values), len(values))


def dossier_of(ret: Return, version: ReturnVersion, amounts: Mapping[str, int | None], *cells: str) -> Dossier:
    """The dossier of one return, a draft's too, with its amounts as they are shown and the named cells' past."""
    version.ret = ret
    return replace(dossiers_of([version], also=cells)[version.pk], amounts=amounts, size=amounts.get(SIZE) or 0)


@dataclass(frozen=True)
class BesideRow:
    """A row of the return with what stands beside its total."""

    row: Row
    beside: Beside


def with_beside(blocks: list[Block], dossier: Dossier, period: Period) -> list[tuple[Block, list[BesideRow]]]:
    """The sections of a return, each row with what stands beside its total (its only figure, where it has no parts)."""
    return [
        (block, [BesideRow(row, beside_of(dossier, period, row.shown[-1].key)) for row in block.rows])
        for block in blocks
    ]


def shown_in(blocks: list[Block]) -> list[str]:
    """The cells that have something beside them on a page of these sections."""
    return [row.shown[-1].key for block in blocks for row in block.rows]
