"""The quarterly return of an office: its months summed, its societies by class, its agreement's indicators.

It joins rooms and is typed nowhere: whoever may see the months may see and print the quarter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from contracts.progress import AgreementProgress, progress_of
from core.language import reader_wants_bangla
from core.periods import Period, PeriodKind, dhaka_date
from offices.models import Office
from offices.places import Tree
from returns.quarters import Quarter, quarter_of
from societies.choices import society_classes
from societies.summaries import ClassRow, ClassTable, by_class

#: The lines whose figure a column of annex 1 must come to, by the metric that proposes them.
COLUMNS = {
    "functional": "societies.functional",
    "non_functional": "societies.non_functional",
    "under_liquidation": "societies.under_liquidation",
}


@dataclass(frozen=True)
class Beside:
    """A line of the form beside its column of annex 1; ``stated`` is None where the month is not in."""

    code: str
    label_bn: str
    label_en: str
    listed: int
    stated: int | None

    @property
    def agrees(self) -> bool:
        return self.listed == self.stated


@dataclass(frozen=True)
class Report:
    """Everything of a quarter's page and paper. Annex 1 and the indicators go to the end of ``until``, its last month
    that is in."""

    quarter: Quarter
    classes: ClassTable
    beside: tuple[Beside, ...]
    progress: AgreementProgress | None
    until: Period

    @property
    def has_all_offices(self) -> bool:
        """Whether the lines beside annex 1 hold every office that the register holds."""
        return self.quarter.completeness[self.until].is_complete

    @property
    def class_rows(self) -> list[tuple[str, ClassRow]]:
        """Each class with its name in the reader's language."""
        known = society_classes()
        return [(known[row.code].label if row.code in known else row.code, row) for row in self.classes.rows]


def quarter_before(at: datetime) -> Period:
    """The last quarter that is over."""
    return Period.quarter_of(dhaka_date(at)).previous()


def report_of(office: Office, period: Period, *, at: datetime) -> Report:
    """The quarterly return as the data stands; `UserError` if no form was published for it."""
    if period.kind is not PeriodKind.QUARTER:
        raise ValueError(period)
    quarter = quarter_of(office, period, at=at)
    until = max(quarter.known, default=quarter.last)
    offices = Tree(until).below(office).leaves().values("pk")
    classes = by_class(offices, until.last)
    return Report(
        quarter=quarter,
        classes=classes,
        beside=_beside(quarter, until, classes) if classes.rows else (),
        progress=progress_of(office, until, at=at),
        until=until,
    )


def _beside(quarter: Quarter, until: Period, classes: ClassTable) -> tuple[Beside, ...]:
    """What the form's lines of societies say at the month's end, beside the register's sums."""
    figures = quarter.figures[quarter.months.index(until)]
    sums = classes.sums
    bangla = reader_wants_bangla()
    return tuple(
        Beside(
            quarter.catalogue.code_of(line.code, bangla=bangla),
            line.bn,
            line.en,
            getattr(sums, column),
            _in_registers(quarter, figures, line.code),
        )
        for column, metric in COLUMNS.items()
        for line in quarter.catalogue.lines.values()
        if line.metric == metric
    )


def _in_registers(quarter: Quarter, figures: Mapping[str, int], code: str) -> int | None:
    """The line's closing over the parts that registers keep."""
    parts = [cell for cell in quarter.catalogue.line_cells[code] if cell.is_proposed]
    given = [amount for cell in parts if (amount := figures.get(cell.key)) is not None]
    return sum(given) if given else None
