"""The preview of an amendment: every figure, total, paper and score that would move, and by how much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.language import in_reader_language, reader_wants_bangla
from core.periods import Period
from documents.models import Document
from documents.summaries import current_documents_from
from offices.models import Office
from returns.amending import Hypothesis
from returns.cascade import MovedMonth
from returns.catalogue import Catalogue, Cell
from returns.choices import ReturnState
from returns.closing import PAPER_OF_MONTH
from returns.consequences import Consequence, Move, Moves, consequences_of, is_summed
from returns.models import ReturnVersion, TotalValue
from returns.published import catalogue_of
from returns.rules import Finding


@dataclass(frozen=True)
class Change:
    """From what to what; of an office for which nothing is stored, only the difference is known."""

    old: int | None
    new: int | None


@dataclass(frozen=True)
class Row:
    """A figure of a month in the office's own return and in the totals of its superiors, the nearest first."""

    code: str
    label: str
    unit: str
    is_typed: bool
    own: Change
    above: tuple[Change | None, ...]


@dataclass(frozen=True)
class Month:
    """A month that moves. ``above`` of its rows is empty while it does not count in totals."""

    period: Period
    version: ReturnVersion
    rows: tuple[Row, ...]
    broken: tuple[Finding, ...]
    doubts: tuple[Finding, ...]

    @property
    def counts(self) -> bool:
        return self.version.state == ReturnState.VERIFIED


@dataclass(frozen=True)
class Preview:
    """Everything that the approval would change. ``superiors``, in whose totals the figures count, head the columns of
    the rows; an upper office with a return of its own is one of them itself."""

    hypothesis: Hypothesis
    superiors: tuple[Office, ...]
    months: tuple[Month, ...]
    papers: tuple[Document, ...]
    scores: tuple[Consequence, ...]

    @property
    def is_broken(self) -> bool:
        return bool(self.hypothesis.broken)


#: Stored totals by path, month and cell.
Totals = Mapping[str, Mapping[Period, Mapping[str, int]]]


def moves_of(hypothesis: Hypothesis) -> Moves:
    """The differences that reach totals."""
    return Moves(
        {
            month.period: Move(
                path=hypothesis.versions[month.period].ret.office_path,
                catalogue=catalogue_of(hypothesis.versions[month.period].ret.form),
                deltas={c.cell: c.delta for c in month.cells if is_summed(month.catalogue, c.cell)},
            )
            for month in hypothesis.verified
        }
    )


def preview_of(hypothesis: Hypothesis, *, at: datetime) -> Preview:
    """Work out what would move. Reads what is stored and writes nothing; the number of queries does not grow with the
    months."""
    moves = moves_of(hypothesis)
    own = {move.path for move in moves.months.values()} if hypothesis.ret.office.is_leaf else set()
    superiors = tuple(Office.objects.filter(path__in=moves.paths - own).order_by("-path"))
    stored = _stored(moves, superiors)
    return Preview(
        hypothesis=hypothesis,
        superiors=superiors,
        months=tuple(_month(month, hypothesis, moves, superiors, stored) for month in hypothesis.months),
        papers=tuple(_papers(hypothesis, moves)),
        scores=tuple(consequences_of(moves, at=at)),
    )


def _stored(moves: Moves, superiors: tuple[Office, ...]) -> Totals:
    """The superiors' totals of the months that move, in one query: the cells that move and those ratios are made of."""
    cells = {cell for move in moves.months.values() for cell in _needed(move)}
    rows = TotalValue.objects.filter(
        total__office__in=superiors, total__period__in=list(moves.months), cell__in=cells, amount__isnull=False
    )
    stored: dict[str, dict[Period, dict[str, int]]] = {}
    for path, period, cell, amount in rows.values_list("total__office__path", "total__period", "cell", "amount"):
        if amount is not None:
            stored.setdefault(path, {}).setdefault(period, {})[cell] = amount
    return stored


def _needed(move: Move) -> set[str]:
    """The cells that move, the ratios over them, and what those are computed from."""
    cells = set(move.deltas)
    for cell in move.catalogue.cells:
        parts = _parts(move.catalogue, cell.key)
        if parts & move.deltas.keys():
            cells |= {cell.key, *parts}
    return cells


def _parts(catalogue: Catalogue, key: str) -> set[str]:
    """The two cells of which a ratio is computed; none for any other cell."""
    cell = catalogue.cells_by_key[key]
    suffix = f".{cell.part.code}" if cell.part else ""
    return {code + suffix for code in cell.line.ratio or ()}


def _month(
    month: MovedMonth, hypothesis: Hypothesis, moves: Moves, superiors: tuple[Office, ...], stored: Totals
) -> Month:
    columns = [_column(office, month.period, moves, stored) for office in superiors]
    old = {cell.cell: cell for cell in month.cells}
    typed = hypothesis.changes.get(month.period, {})
    moved = [
        cell.key
        for cell in shown_cells(month.catalogue)
        if cell.key in old or any(cell.key in (column or ()) for column in columns)
    ]
    amounts = month.amounts
    return Month(
        period=month.period,
        version=hypothesis.versions[month.period],
        rows=tuple(
            Row(
                code=month.catalogue.code_of(key, bangla=reader_wants_bangla()),
                label=_label(month.catalogue, key),
                unit=month.catalogue.cells_by_key[key].line.unit.value,
                is_typed=bool(typed.keys() & {cell.key for cell in _one_place(month.catalogue, key)}),
                own=Change(old[key].old if key in old else amounts.get(key), amounts.get(key)),
                above=tuple(column.get(key) if column is not None else None for column in columns),
            )
            for key in moved
        ),
        broken=month.broken,
        doubts=month.doubts,
    )


def _one_place(catalogue: Catalogue, key: str) -> list[Cell]:
    """The cell, and the only part of a breakdown that stands under its total."""
    cells = catalogue.line_cells[catalogue.cells_by_key[key].line.code]
    return list(cells) if len(cells) == 2 else [catalogue.cells_by_key[key]]


def shown_cells(catalogue: Catalogue) -> list[Cell]:
    """The cells of a form as people know them: a breakdown of one part shows its total alone."""
    return [cell for cell in catalogue.cells if cell.is_total or len(catalogue.line_cells[cell.line.code]) != 2]


def _label(catalogue: Catalogue, key: str) -> str:
    line = catalogue.cells_by_key[key].line
    return in_reader_language(line.bn, line.en)


def _column(office: Office, period: Period, moves: Moves, stored: Totals) -> dict[str, Change] | None:
    """What moves in a superior's total of a month; None where the month does not count there."""
    move = moves.months.get(period)
    if move is None or not move.path.startswith(office.path):
        return None
    old = stored.get(office.path, {}).get(period, {})
    new = move.applied(old)
    cells = _needed(move)
    return {cell: Change(old.get(cell), new.get(cell)) for cell in cells if old.get(cell) != new.get(cell)}


def _papers(hypothesis: Hypothesis, moves: Moves) -> list[Document]:
    """Current papers that stand on a version which would be superseded."""
    versions = [hypothesis.versions[month.period] for month in hypothesis.months if month.cells or month.doubts]
    return papers_of(versions, paths=moves.paths)


def papers_of(versions: list[ReturnVersion], *, paths: set[str]) -> list[Document]:
    """Current papers of some offices that were drawn from some versions of returns, and the later months' papers of
    the same fiscal year, which show what the flows come to since July."""
    known = [version.submitted_at for version in versions if version.submitted_at]
    if not known:
        return []
    keys = {f"returns.returnversion:{version.pk}" for version in versions}
    periods = {later for version in versions for later in _rest_of_year(version.ret.period)}
    papers = {(PAPER_OF_MONTH, str(period)) for period in periods}
    return current_documents_from(keys, paths=paths, since=min(known), also=papers)


def _rest_of_year(period: Period) -> list[Period]:
    return [month for month in period.fiscal_year.months if month > period]
