"""What the pages of agreements show: figures already in the reader's digits, each with where it comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from contracts.choices import Provenance, Scoring
from contracts.framework import Area, FrameworkData
from contracts.models import Agreement, AgreementLine, OutcomeRow
from contracts.scorecard import Scorecard, ScoredLine
from contracts.scoring import Direction
from contracts.values import ValueType, load_value, show_marks, show_value
from contracts.wording import formula, sentence, show_score, step_sentence
from core.charts import Mark, bullet_chart, progress_bar
from core.language import reader_wants_bangla
from core.numbers import format_amount, to_bangla_digits
from core.periods import Period, dhaka_date
from offices.models import Office
from returns.catalogue import Catalogue

#: Columns of the trend: two actuals and two projections, by their distance from the agreement's year.
TREND_YEARS = {"two_back": -2, "last": -1, "next": 1, "after": 2}


@dataclass(frozen=True)
class Shown:
    """A figure as printed; ``is_proposed`` marks what stands in no document."""

    text: str
    is_proposed: bool = False


@dataclass(frozen=True)
class PlanRow:
    """A line of section 3 as the page and the paper print it."""

    slug: str
    code: str
    name: str
    method: str
    unit: str
    marks: Shown
    actual_2: str
    actual_1: str
    targets: tuple[Shown, ...]
    projection_1: str
    projection_2: str
    note: str


@dataclass(frozen=True)
class PlanActivity:
    code: str
    name: str
    rows: tuple[PlanRow, ...]


@dataclass(frozen=True)
class PlanArea:
    """An area of section 3; ``block`` is its block's code."""

    code: str
    name: str
    block: str
    marks: str
    activities: tuple[PlanActivity, ...]


def plan_of(agreement: Agreement, lines: Sequence[AgreementLine], *, bangla: bool) -> list[PlanArea]:
    """Section 3, grouped by area and activity, in one language."""
    framework = agreement.framework.data
    return [
        PlanArea(
            code=_digits(area.code, bangla=bangla),
            name=area.bn if bangla else area.en,
            block=area.block,
            marks=show_marks(area.marks, bangla=bangla),
            activities=tuple(
                PlanActivity(
                    _digits(activity.code, bangla=bangla),
                    activity.bn if bangla else activity.en,
                    tuple(plan_row(line, framework, bangla=bangla) for line in lines if line.activity == activity.code),
                )
                for activity in agreement.activities
                if activity.area == area.code and any(line.activity == activity.code for line in lines)
            ),
        )
        for area in agreement.areas
    ]


def plan_row(line: AgreementLine, framework: FrameworkData, *, bangla: bool) -> PlanRow:
    def shown(text: str | None) -> str:
        return show_value(load_value(text, line.kind), line.kind, bangla=bangla)

    method = framework.methods[line.method]
    sources = line.sources
    targets = tuple(
        Shown(shown(text), bool(text) and source != Provenance.DOCUMENT)
        for text, source in zip(line.target_texts, sources["targets"], strict=True)
    )
    star = "*" if line.actual_1 and line.actual_1_is_provisional else ""
    return PlanRow(
        slug=line.code,
        code=_digits(line.code, bangla=bangla),
        name=line.name_bn if bangla else line.name_en,
        method=method.bn if bangla else method.en,
        unit=line.unit_bn if bangla else line.unit_en,
        marks=Shown(show_marks(line.marks, bangla=bangla), sources["marks"] != Provenance.DOCUMENT),
        actual_2=shown(line.actual_2),
        actual_1=shown(line.actual_1) + star,
        targets=targets,
        projection_1=shown(line.projection_1),
        projection_2=shown(line.projection_2),
        note=line.note_bn if bangla else line.note_en,
    )


@dataclass(frozen=True)
class OutcomeShown:
    name: str
    indicator: str
    unit: str
    figures: tuple[str, ...]
    partners: str
    data: str
    is_proposed: bool


def outcome_shown(row: OutcomeRow, *, bangla: bool) -> OutcomeShown:
    """A row of section 2: two actuals, target, two projections."""
    kind = ValueType(row.value_type)
    texts = (row.actual_2, row.actual_1, row.target, row.projection_1, row.projection_2)
    return OutcomeShown(
        name=row.name_bn if bangla else row.name_en,
        indicator=row.indicator_bn if bangla else row.indicator_en,
        unit=row.unit_bn if bangla else row.unit_en,
        figures=tuple(show_value(load_value(text, kind), kind, bangla=bangla) for text in texts),
        partners=row.partners_bn if bangla else row.partners_en,
        data=row.data_bn if bangla else row.data_en,
        is_proposed=row.source != Provenance.DOCUMENT,
    )


@dataclass(frozen=True)
class ScoreRow:
    """A line of the scorecard as shown."""

    line: AgreementLine
    code: str
    achieved: str
    is_known: bool
    marks: str
    raw: str
    weighted: str
    step: str
    chart: SafeString


@dataclass(frozen=True)
class AreaShown:
    of: Area
    name: str
    marks: str
    earned: str
    bar: SafeString
    rows: tuple[ScoreRow, ...]


@dataclass(frozen=True)
class ScorePage:
    composite: str
    level: str
    total: str
    areas: tuple[AreaShown, ...]
    typed_missing: int


def score_page(card: Scorecard, today: date) -> ScorePage:
    """The scorecard in the reader's language."""
    bangla = reader_wants_bangla()
    return ScorePage(
        composite=show_score(card.composite, bangla=bangla),
        level=card.level.name,
        total=show_marks(card.framework.total, bangla=bangla),
        areas=tuple(
            AreaShown(
                of=area.of,
                name=area.of.name,
                marks=show_marks(area.marks, bangla=bangla),
                earned=show_score(area.earned, bangla=bangla),
                bar=progress_bar(area.earned * 1000, area.marks, title=area.of.name),
                rows=tuple(score_row(row, card.framework, today) for row in area.lines),
            )
            for area in card.areas
            if isinstance(area.of, Area)
        ),
        typed_missing=sum(1 for row in card.lines if row.line.feed is None and row.achieved.value is None),
    )


def score_row(row: ScoredLine, framework: FrameworkData, today: date) -> ScoreRow:
    bangla = reader_wants_bangla()
    line = row.line
    return ScoreRow(
        line=line,
        code=_digits(line.code, bangla=bangla),
        achieved=show_value(row.achieved.value, line.kind, bangla=bangla),
        is_known=row.achieved.value is not None,
        marks=show_marks(line.marks, bangla=bangla),
        raw=show_score(row.score.raw, bangla=bangla),
        weighted=show_score(row.weighted, bangla=bangla),
        step=step_sentence(row, today, bangla=bangla),
        chart=chart_of(row, framework),
    )


def chart_of(row: ScoredLine, framework: FrameworkData) -> SafeString:
    """The achievement on its scale; a stated per cent has no scale."""
    if row.line.scoring == Scoring.STATED:
        return SafeString("")
    bangla = reader_wants_bangla()
    kind = row.line.kind
    marks = [
        Mark(level.percent, _short(show_value(target, kind, bangla=bangla), kind))
        for level, target in zip(framework.levels, row.line.targets, strict=True)
        if target is not None
    ]
    known = row.achieved.value is not None
    place = _short(show_value(row.achieved.value, kind, bangla=bangla), kind) if known else ""
    return bullet_chart(
        row.score.raw if known else None,
        marks,
        title=row.line.name,
        description=sentence(row.score.how, kind, bangla=bangla),
        place=place,
    )


@dataclass(frozen=True)
class MonthRow:
    period: Period
    amounts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class WayDown:
    """An indicator's months: a column for each term, each figure with the address of its parts."""

    heads: tuple[tuple[str, str], ...]
    rows: tuple[MonthRow, ...]
    before: tuple[str, ...]
    sums: tuple[str, ...]
    has_before: bool


def way_down(row: ScoredLine, office: Office, catalogue: Catalogue | None) -> WayDown:
    """From the indicator to the months of its cells."""
    bangla = reader_wants_bangla()
    parts = row.achieved.parts
    periods = sorted({period for part in parts for period, _amount in part.months})
    looked_up = [dict(part.months) for part in parts]

    def shown(n: int, amount: int | None) -> str:
        return format_amount(amount, parts[n].unit, bangla=bangla)

    def cell(n: int, period: Period) -> tuple[str, str]:
        if period not in looked_up[n]:
            return "", ""
        return shown(n, looked_up[n][period]), cell_address(office, period, parts[n].term.cell)

    return WayDown(
        heads=tuple(head_of_cell(part.term.cell, catalogue, bangla=bangla) for part in parts),
        rows=tuple(MonthRow(p, tuple(cell(n, p) for n in range(len(parts)))) for p in periods),
        before=tuple(shown(n, part.before) for n, part in enumerate(parts)),
        sums=tuple(shown(n, part.amount) for n, part in enumerate(parts)),
        has_before=any(part.before for part in parts),
    )


def head_of_cell(cell: str, catalogue: Catalogue | None, *, bangla: bool) -> tuple[str, str]:
    """A cell's code and name, as the form has them."""
    found = catalogue.cells_by_key.get(cell) if catalogue else None
    if catalogue is None or found is None:
        return cell, ""
    return catalogue.code_of(cell, bangla=bangla), found.line.bn if bangla else found.line.en


def cell_address(office: Office, period: Period, cell: str) -> str:
    """Where a month's figure says what it is made of."""
    return reverse("returns:month_cell", args=[office.code, period, cell])


def arithmetic_of(row: ScoredLine) -> dict[str, Any]:
    """The indicator's arithmetic in words and as a formula."""
    bangla = reader_wants_bangla()
    kind = row.line.kind
    return {
        "sentence": sentence(row.score.how, kind, bangla=bangla),
        "formula": formula(row.score.how, kind, bangla=bangla),
        "weighting": f"{show_score(row.score.raw, bangla=bangla)} × {show_marks(row.line.marks, bangla=bangla)} ÷ "
        f"{_digits('100', bangla=bangla)} = {show_score(row.weighted, bangla=bangla)}",
        "lower_is_better": row.score.how.direction is Direction.DOWN and not row.line.is_date,
    }


def ratio_of(row: ScoredLine) -> str:
    """``551 ÷ 566 × 100``: what a per cent was computed from; empty for other lines."""
    achieved = row.achieved
    if achieved.numerator is None or achieved.denominator is None:
        return ""
    bangla = reader_wants_bangla()
    top = show_value(achieved.numerator, ValueType.NUMBER, bangla=bangla)
    low = show_value(achieved.denominator, ValueType.NUMBER, bangla=bangla)
    return f"{top} ÷ {low} × {_digits('100', bangla=bangla)}"


def missing_names(missing: Mapping[Period, tuple[str, ...]]) -> list[tuple[str, str]]:
    """Each month that lacks returns, and the offices that owe them, by name."""
    codes = {code for owing in missing.values() for code in owing}
    names = {office.code: office.name for office in Office.objects.filter(code__in=codes)} if codes else {}
    comma = _(", ")
    return [(period.label(), comma.join(names.get(c, c) for c in owing)) for period, owing in sorted(missing.items())]


def _short(text: str, kind: ValueType) -> str:
    """Day and month are enough under a scale."""
    return text[:5] if kind is ValueType.DATE else text


def _digits(text: str, *, bangla: bool) -> str:
    return to_bangla_digits(text).replace("M", "ম") if bangla else text


def signatures_of(agreement: Agreement) -> list[tuple[str, str, datetime, bool]]:
    """Who signed for which side, when, and whether after the calendar's last day."""
    last = agreement.framework.data.deadline("sign")
    given = [
        (_("Signed for the lower party"), agreement.lower_signed_by, agreement.lower_signed_at),
        (_("Signed for the superior party"), agreement.superior_signed_by, agreement.superior_signed_at),
    ]
    return [
        (label, officer.name, at, last is not None and dhaka_date(at) > last)
        for label, officer, at in given
        if officer is not None and at is not None
    ]
