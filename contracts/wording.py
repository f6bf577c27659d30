"""A score's arithmetic in words: the same data for page, paper and command, in Bangla or English."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from contracts.scoring import Arithmetic, Direction, Point, Rule, day_number, half_up
from contracts.values import ValueType, machine_value, plain_fraction, show_value
from core.numbers import to_bangla_digits

if TYPE_CHECKING:
    from contracts.scorecard import ScoredLine


def show_score(value: Fraction, *, bangla: bool) -> str:
    """A raw or weighted score with its two decimals, half up."""
    text = half_up(value)
    return to_bangla_digits(text) if bangla else text


def formula(how: Arithmetic, kind: ValueType, *, bangla: bool) -> str:
    """``90 + (551 − 509) ÷ (566 − 509) × (100 − 90) = 97.37``; just the result where nothing is computed."""
    result = half_up(how.raw)
    text = result
    if how.rule in (Rule.BETWEEN, Rule.EXTRAPOLATED) and how.upper and how.lower and how.achieved is not None:
        top, low = how.upper, how.lower
        share = f"({_plain(how.achieved, kind)} − {_plain(low.target, kind)})"
        width = f"({_plain(top.target, kind)} − {_plain(low.target, kind)})"
        text = f"{low.percent} + {share} ÷ {width} × ({top.percent} − {low.percent}) = {result}"
    return to_bangla_digits(text) if bangla else text


def sentence(how: Arithmetic, kind: ValueType, *, bangla: bool) -> str:
    """Why the raw score is what it is, in one sentence of the reader's language."""
    low = _said(how.lower, kind, bangla=bangla)
    top = _said(how.upper, kind, bangla=bangla)
    achieved = show_value(how.achieved, kind, bangla=bangla)
    values = {"achieved": achieved, "low": low[0], "low_percent": low[1], "top": top[0], "top_percent": top[1]}
    return _sentence_of(how) % values


def _sentence_of(how: Arithmetic) -> str:
    if how.rule is Rule.BEST:
        return _("%(achieved)s reaches the best target, %(low)s: %(low_percent)s per cent, and never more.")
    if how.rule is Rule.AT_LEVEL:
        return _("%(achieved)s is exactly the target of the %(low_percent)s per cent level.")
    if how.rule is Rule.BETWEEN:
        return _(
            "%(achieved)s lies between %(low)s (%(low_percent)s per cent) and %(top)s (%(top_percent)s per cent); "
            "the share of the way counts."
        )
    if how.rule is Rule.STEP_DOWN:
        return _("%(achieved)s has reached %(low)s (%(low_percent)s per cent) and not yet %(top)s.")
    if how.rule is Rule.EXTRAPOLATED:
        return _("%(achieved)s lies beyond the last given target, %(low)s; the line is drawn on.")
    if how.rule is Rule.WORSE:
        if how.direction is Direction.DOWN:
            return _("%(achieved)s is beyond the worst given target, %(low)s, so the line earns nothing.")
        return _("%(achieved)s is below the worst given target, %(low)s, so the line earns nothing.")
    if how.rule is Rule.STATED:
        return _("The achieved per cent, %(achieved)s, is the score itself.")
    return _("Nothing has been reported, so the line earns nothing yet.")


def how_json(how: Arithmetic, kind: ValueType) -> dict[str, Any]:
    """The arithmetic for ``--json`` and snapshots: ASCII digits, exact fraction beside the rounded formula."""
    return {
        "rule": how.rule.value,
        "direction": how.direction.value if how.direction else None,
        "achieved": machine_value(how.achieved, kind),
        "upper": _point(how.upper, kind),
        "lower": _point(how.lower, kind),
        "formula": formula(how, kind, bangla=False),
        "exact": plain_fraction(how.raw),
    }


def _point(point: Point | None, kind: ValueType) -> dict[str, str | None] | None:
    if point is None:
        return None
    return {"percent": plain_fraction(point.percent), "target": machine_value(point.target, kind)}


def _said(point: Point | None, kind: ValueType, *, bangla: bool) -> tuple[str, str]:
    if point is None:
        return "", ""
    return show_value(point.target, kind, bangla=bangla), show_value(point.percent, ValueType.NUMBER, bangla=bangla)


def _plain(value: Fraction, kind: ValueType) -> str:
    if kind is ValueType.DATE:
        return date.fromordinal(int(value)).strftime("%d-%m-%Y")
    return show_value(value, kind, bangla=False)


def step_sentence(row: ScoredLine, today: date, *, bangla: bool) -> str:
    """What would lift the line to its next level, and by how many marks; empty where nothing can."""
    step, kind = row.step, row.line.kind
    if step is None or (kind is ValueType.DATE and (row.achieved.value is not None or step.target < day_number(today))):
        return ""
    values = {
        "target": show_value(step.target, kind, bangla=bangla),
        "percent": show_value(step.percent, ValueType.NUMBER, bangla=bangla),
        "gain": show_score(row.gain, bangla=bangla),
        "more": show_value(_rounded_up(step.distance, kind), kind, bangla=bangla) if kind is not ValueType.DATE else "",
        "unit": row.line.unit,
        "count": "",
    }
    if kind is ValueType.DATE:
        return _("Done by %(target)s it reaches %(percent)s: +%(gain)s marks.") % values
    if row.score.how.direction is Direction.DOWN and row.achieved.value is not None:
        return _("%(more)s %(unit)s less reaches %(percent)s: +%(gain)s marks.") % values
    if row.achieved.denominator:
        need = step.target * row.achieved.denominator / 100 - (row.achieved.numerator or 0)
        values["count"] = show_value(_rounded_up(need, ValueType.COUNT), ValueType.NUMBER, bangla=bangla)
        if any(part.unit.is_money for part in row.achieved.parts):
            values["count"] += " " + _("taka")
        return _("At %(target)s per cent (%(count)s more) it reaches %(percent)s: +%(gain)s marks.") % values
    if kind is ValueType.COUNT and row.line.unit_en == "number":
        return _("%(more)s more reaches %(percent)s: +%(gain)s marks.") % values
    return _("%(more)s %(unit)s more reaches %(percent)s: +%(gain)s marks.") % values


def _rounded_up(value: Fraction, kind: ValueType) -> Fraction:
    """Never promise too little: a count to the next whole, anything else to the next hundredth."""
    scale = 1 if kind is ValueType.COUNT else 100
    return Fraction(-((-value * scale) // 1), scale)
