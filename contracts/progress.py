"""How far an office is with its agreement by the end of a month: target, achieved, per cent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from contracts.achievements import Achieved, Source
from contracts.choices import AgreementState
from contracts.lines import lines_of
from contracts.models import Agreement, AgreementLine
from contracts.scorecard import ScoredLine, make_scorecard
from contracts.scoring import Direction, half_up
from contracts.values import show_value
from contracts.year import year_cells
from core.numbers import to_bangla_digits
from core.periods import Period
from offices.models import Office
from returns.summaries import before_the_portal

#: States in which an agreement binds: what is still negotiated has no progress.
BINDING = (AgreementState.AGREED, AgreementState.SIGNED, AgreementState.EVALUATED)


@dataclass(frozen=True)
class Progress:
    """One indicator: its best target of the year, and what was achieved from 1 July to the month's end.

    ``percent`` is achieved of target; None where nothing is known, for dates, and where less is better.
    """

    line: AgreementLine
    target: Fraction | None
    achieved: Achieved
    percent: Fraction | None

    @property
    def is_typed(self) -> bool:
        """Written by an officer for the year, not drawn from the months."""
        return self.achieved.source is Source.TYPED

    def code(self, *, bangla: bool) -> str:
        return to_bangla_digits(self.line.code).replace("M", "ম") if bangla else self.line.code

    def texts(self, *, bangla: bool) -> tuple[str, str, str]:
        """Target, achieved and per cent as people read them."""
        kind = self.line.kind
        shown = [show_value(value, kind, bangla=bangla) for value in (self.target, self.achieved.value)]
        share = "" if self.percent is None else half_up(self.percent)
        return shown[0], shown[1], to_bangla_digits(share) if bangla else share


@dataclass(frozen=True)
class AgreementProgress:
    """The indicators of an office's agreement at the end of ``until``; ``typed_at`` is when the newest was written."""

    agreement: Agreement
    until: Period
    rows: tuple[Progress, ...]
    typed_at: datetime | None


def progress_of(office: Office, until: Period, *, at: datetime) -> AgreementProgress | None:
    """The progress of the office's agreement of the month's year; None where none is agreed."""
    agreement = Agreement.objects.of(office, until.fiscal_year).with_names().first()
    if agreement is None or agreement.state not in BINDING:
        return None
    months = tuple(month for month in until.fiscal_year.months if month <= until)
    cells = year_cells(office, until.fiscal_year, at=at)
    known = replace(
        cells,
        months={month: amounts for month, amounts in cells.months.items() if month <= until},
        missing={month: codes for month, codes in cells.missing.items() if month <= until},
        before=before_the_portal(office, months),
    )
    card = make_scorecard(agreement, lines_of(agreement), known)
    typed_at = max((row.achieved.at for row in card.lines if row.achieved.at), default=None)
    return AgreementProgress(agreement, until, tuple(map(_progress, card.lines)), typed_at)


def _progress(row: ScoredLine) -> Progress:
    target = row.line.targets[0]
    return Progress(row.line, target, row.achieved, percent_of(row.line, target, row.achieved.value))


def percent_of(line: AgreementLine, target: Fraction | None, achieved: Fraction | None) -> Fraction | None:
    """Achieved as a per cent of the target, where more is better; exact."""
    levels = [level for level in line.targets if level is not None]
    is_down = line.stated_direction is Direction.DOWN or (len(levels) > 1 and levels[0] < levels[-1])
    if line.is_date or is_down or achieved is None or not target:
        return None
    return 100 * achieved / target
