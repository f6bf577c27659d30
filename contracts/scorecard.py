"""The scorecard of an agreement: every line's achievement, raw and weighted score, summed exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from contracts.achievements import NOTHING, Achieved, YearCells, drawn, typed
from contracts.choices import Scoring
from contracts.framework import Area, Block, FrameworkData, Named
from contracts.models import Agreement, AgreementLine
from contracts.scoring import NextStep, Policy, Score, half_up, next_step, score, stated_score
from contracts.values import machine_value, plain_fraction
from contracts.wording import how_json
from core.evidence import digest_of
from core.periods import Period
from returns.catalogue import Catalogue


@dataclass(frozen=True)
class ScoredLine:
    """A line with what it achieved and earned; ``step`` is the nearest better level, ``gain`` its marks."""

    line: AgreementLine
    achieved: Achieved
    score: Score
    weighted: Fraction
    step: NextStep | None
    gain: Fraction


@dataclass(frozen=True)
class Sum:
    """An area or block: marks possible (thousandths) and earned, with its lines."""

    of: Area | Block
    marks: int
    earned: Fraction
    lines: tuple[ScoredLine, ...]


@dataclass(frozen=True)
class Scorecard:
    """The whole score, exact; round it once, for show."""

    agreement: Agreement
    framework: FrameworkData
    composite: Fraction
    level: Named
    lines: tuple[ScoredLine, ...]
    areas: tuple[Sum, ...]
    blocks: tuple[Sum, ...]
    missing: Mapping[Period, tuple[str, ...]]
    data_at: datetime | None
    catalogue: Catalogue | None

    def line(self, code: str) -> ScoredLine | None:
        return next((row for row in self.lines if row.line.code == code), None)


def make_scorecard(agreement: Agreement, lines: Sequence[AgreementLine], cells: YearCells) -> Scorecard:
    """Score every line on the year as known: pure over what is handed in."""
    framework = agreement.framework.data
    scored = tuple(_scored(line, _achieved(line, cells), framework.policy) for line in lines)
    composite = sum((row.weighted for row in scored), Fraction(0))
    areas = agreement.areas
    blocks = {area.code: area.block for area in areas}
    by_area = tuple(_sum(area, [row for row in scored if row.line.area == area.code]) for area in areas)
    by_block = tuple(
        _sum(block, [row for row in scored if blocks[row.line.area] == block.code]) for block in framework.blocks
    )
    typed_at = [row.achieved.at for row in scored if row.achieved.at]
    newest = max([*typed_at, *([cells.data_at] if cells.data_at else [])], default=None)
    return Scorecard(
        agreement=agreement,
        framework=framework,
        composite=composite,
        level=framework.level_of(composite),
        lines=scored,
        areas=by_area,
        blocks=by_block,
        missing=cells.missing,
        data_at=newest,
        catalogue=cells.catalogue,
    )


def _achieved(line: AgreementLine, cells: YearCells) -> Achieved:
    if line.feed is not None:
        return drawn(line.feed, cells)
    row = getattr(line, "achievement", None)
    if row is None:
        return NOTHING
    return typed(row.exact, reason=row.reason, by=row.written_by.name, at=row.written_at)


def _scored(line: AgreementLine, achieved: Achieved, policy: Policy) -> ScoredLine:
    if line.scoring == Scoring.STATED:
        answer, step = stated_score(achieved.value), None
    else:
        answer = score(line.targets, achieved.value, policy, is_date=line.is_date, direction=line.stated_direction)
        step = next_step(line.targets, achieved.value, policy, is_date=line.is_date, direction=line.stated_direction)
    gain = step.gain * line.exact_marks / 100 if step else Fraction(0)
    return ScoredLine(line, achieved, answer, answer.weighted(line.exact_marks), step, gain)


def _sum(of: Area | Block, rows: Sequence[ScoredLine]) -> Sum:
    return Sum(of, sum(row.line.marks for row in rows), sum((row.weighted for row in rows), Fraction(0)), tuple(rows))


def scorecard_json(card: Scorecard) -> dict[str, Any]:
    """The machine's scorecard: ``score_agreement --json``. Scores are texts with two decimals, each rounded once."""
    agreement = card.agreement
    return {
        "office": agreement.office.code,
        "fiscal_year": agreement.fiscal_year.key,
        "framework": agreement.framework.code,
        "composite": half_up(card.composite),
        "blocks": [_sum_json(row) for row in card.blocks],
        "areas": [_sum_json(row) for row in card.areas],
        "indicators": [line_json(row) for row in card.lines],
        "missing": {period.key: list(codes) for period, codes in card.missing.items()},
        "data_at": card.data_at.isoformat() if card.data_at else None,
    }


def _sum_json(row: Sum) -> dict[str, str]:
    return {"code": row.of.code, "marks": plain_fraction(Fraction(row.marks, 1000)), "score": half_up(row.earned)}


def line_json(row: ScoredLine) -> dict[str, Any]:
    """One indicator with its arithmetic."""
    line, kind = row.line, row.line.kind
    return {
        "code": line.code,
        "marks": plain_fraction(line.exact_marks),
        "targets": [machine_value(target, kind) for target in line.targets],
        "achieved": machine_value(row.achieved.value, kind),
        "source": row.achieved.source.value,
        "raw": half_up(row.score.raw),
        "weighted": half_up(row.weighted),
        "how": how_json(row.score.how, kind),
    }


def scorecard_digest(card: Scorecard) -> str:
    """Stands for every figure of the scorecard, not for when it was made."""
    return digest_of([line_json(row) for row in card.lines])
