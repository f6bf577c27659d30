"""Files an office's months in bulk (`returns.services.composing`): the same rows as its officers' acts would write.

Act by act a country's history would take a quarter of an hour; a test compares every row with what the services make of
the same figures. Only for offices whose registers hold nothing: their proposals are zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from core.evidence import Figure
from core.periods import FiscalYear, Period
from offices.choices import HEAD_OF_KIND, OfficeKind
from offices.models import Office, Officer
from returns.catalogue import Catalogue
from returns.choices import LineKind
from returns.history import Opening, Past, june_before
from returns.models import Value
from returns.published import catalogue_of, form_for
from returns.rules import Amounts, Context
from returns.services.composing import Composed, Hand
from returns.services.deliveries import with_values
from returns.services.entry import CellChange, value_row
from returns.services.filling import zero_row
from returns.sheet import Sheet
from returns.sources import proposals_for

REMARK = "প্রদর্শনীর তথ্য: সূত্র বানানো পরিকল্পনা, প্রকৃত কার্যালয়ের নয়।"
REASON = "প্রদর্শনীর বানানো তথ্য: এ কার্যালয়ের রেজিস্টার এখনো তোলা হয়নি।"


def reason_for(cell: str) -> str:
    """Why a figure differs from the registers, said of it alone: one reason for many figures would explain none."""
    return f"{cell}: {REASON}"


@dataclass(frozen=True)
class Filing:
    """A month as it was filed: the figures typed, and when. Without ``submitted_at`` it stays an untouched draft."""

    period: Period
    figures: Mapping[str, int]
    opened_at: datetime
    entered_at: datetime
    submitted_at: datetime | None
    verified_at: datetime | None


@dataclass(frozen=True)
class Hands:
    """Who enters and submits for an office, and who verifies."""

    office: Office
    head: Officer
    superior: Officer


@dataclass(frozen=True)
class Beginning:
    """What an office brings: the baseline's closings and flows since July by cell, and targets by fiscal year."""

    period: Period
    closing: Amounts
    cumulative: Amounts
    targets: Mapping[FiscalYear, Mapping[str, int]]


def empty_proposals(office: Office, period: Period) -> dict[str, Figure]:
    """What the registers propose for an office of which they know nothing, the same each month."""
    proposals = proposals_for(catalogue_of(form_for(period), [office.kind]).cells, office, period)
    if any(figure.keys for figure in proposals.values()):
        raise AssertionError(f"{office.code} has registers; its returns come from them")
    return proposals


@dataclass
class Book:
    """An office's returns one after another, with the figures that the next ones read.

    ``proposals`` are what registers that hold nothing propose.
    """

    hands: Hands
    beginning: Beginning
    proposals: Mapping[str, Figure]
    closings: dict[Period, Amounts] = field(default_factory=dict)

    def compose(self, filing: Filing) -> Composed:
        """The rows of the next month. A figure that breaks a blocking rule is a fault of the plan."""
        office, form = self.hands.office, form_for(filing.period)
        made = Composed.open(office, office.path, filing.period, form, self._head(filing.opened_at))
        if filing.submitted_at is not None:
            sheet = self._enter(made, filing, catalogue_of(form, [office.kind]))
            made.submit(sheet, self._head(filing.submitted_at))
        if filing.verified_at is not None:
            made.verify(Hand(self.hands.superior, HEAD_OF_KIND[OfficeKind.DISTRICT], filing.verified_at))
        return made

    def _head(self, at: datetime) -> Hand:
        return Hand(self.hands.head, HEAD_OF_KIND[OfficeKind(self.hands.office.kind)], at)

    def _enter(self, made: Composed, filing: Filing, catalogue: Catalogue) -> Sheet:
        """The figures typed, zeros beside them, and a remark on each warning; the sheet that they make."""
        hand, typed = self._head(filing.entered_at), filing.figures
        made.save([self._typed(made, cell, amount, hand) for cell, amount in typed.items()], hand)
        flows = [c for c in catalogue.entered_cells(self.hands.office.kind) if c.line.kind is LineKind.FLOW]
        blank = [cell for cell in flows if cell.key not in typed]
        zeros = [zero_row(made.version, c, None, self.proposals.get(c.key), hand.by, hand.at) for c in blank]
        made.save(zeros, hand, verb="fill_zeros")
        opening = Opening(filing.period.previous(), None, is_baseline=False, is_verified=True)
        past = Past(self._context(filing.period), opening)
        blank_sheet = Sheet(made.ret, made.version, catalogue, past, {}, {}, made.remarks, self.proposals)
        sheet = with_values(blank_sheet, made.values)
        for finding in sheet.findings:
            if finding.is_block:
                raise AssertionError(f"the plan of {made.ret} breaks {finding}")
            made.remark(finding, REMARK, hand)
        self.closings[filing.period] = sheet.amounts
        return sheet

    def _typed(self, made: Composed, cell: str, amount: int, hand: Hand) -> Value:
        change = CellChange(cell, amount, reason=reason_for(cell))
        return value_row(made.version, change, None, self.proposals.get(cell), hand.by, hand.at)

    def _context(self, period: Period) -> Context:
        """What the month knows of its past (`returns.history`), from what this book holds."""
        begun, closings = self.beginning, {self.beginning.period: self.beginning.closing} | self.closings
        year = period.year_before()
        before: dict[str, int | None] = {}
        for month in year:
            flows = begun.cumulative if month == begun.period else self.closings.get(month, {})
            for cell, amount in flows.items():
                before[cell] = (before.get(cell) or 0) + (amount or 0)
        return Context(
            month=period.first.month,
            previous=closings[period.previous()],
            before=before,
            june=closings.get(june_before(period), {}),
            targets=begun.targets.get(period.fiscal_year, {}),
        )
