"""Scores read off a five-level target scale, exactly: targets + achievement + policy → raw score with its arithmetic.

Pure: no database, no clock, no floats. Counts, money in any one unit, per cents and dates (as day numbers) are all
`Fraction`. The rule is the one of Results-Framework Documents: at a target its level's per cent, between two given
targets the straight line between their levels, never above the best level, nothing once worse than the worst given
target. Every choice the state left open is a field of `Policy`, which comes from the year's framework.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

HUNDRED = Fraction(100)


class Direction(StrEnum):
    """Whether more (later) or less (earlier) is better."""

    UP = "up"
    DOWN = "down"


class Between(StrEnum):
    """What an achievement between two targets earns: the straight line, or the level it has reached."""

    INTERPOLATE = "interpolate"
    STEP_DOWN = "step-down"


class Blanks(StrEnum):
    """What lies beyond the last given target where lower levels are blank: nothing, or the line drawn on to the lowest
    level."""

    ZERO = "zero"
    EXTRAPOLATE = "extrapolate"


class Rule(StrEnum):
    """Which sentence of the policy gave the raw score."""

    BEST = "best"
    AT_LEVEL = "at-level"
    BETWEEN = "between"
    STEP_DOWN = "step-down"
    EXTRAPOLATED = "extrapolated"
    WORSE = "worse-than-worst"
    STATED = "stated"
    ABSENT = "absent"


class ScaleError(ValueError):
    """The five targets are no scale. ``level`` is the index of the target that breaks it (0 = best), None for all."""

    def __init__(self, reason: str, level: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.level = level


@dataclass(frozen=True)
class Policy:
    """The scoring rule of a framework. ``levels`` are the per cents of the targets, best first."""

    levels: tuple[int, ...] = (100, 90, 80, 70, 60)
    between: Between = Between.INTERPOLATE
    blanks: Blanks = Blanks.ZERO
    below_worst: int = 0
    cap: int = 100

    @classmethod
    def from_json(cls, content: dict[str, Any], levels: Sequence[int]) -> Policy:
        """Read the framework's ``scoring`` table; raise `ValueError` for a word the policy does not know."""
        return cls(
            levels=tuple(levels),
            between=Between(content["between"]),
            blanks=Blanks(content["blanks"]),
            below_worst=int(content["below_worst"]),
            cap=int(content["cap"]),
        )


@dataclass(frozen=True)
class Point:
    """A given target and the per cent of its level."""

    percent: Fraction
    target: Fraction


@dataclass(frozen=True)
class Arithmetic:
    """How a raw score came about, as data: page, command and PDF put it into words.

    ``upper`` and ``lower`` are the neighbouring targets used; at a level only ``lower`` is given.
    """

    rule: Rule
    raw: Fraction
    direction: Direction | None = None
    achieved: Fraction | None = None
    upper: Point | None = None
    lower: Point | None = None


@dataclass(frozen=True)
class Score:
    """``raw`` is a per cent, 0 to 100; ``how`` its arithmetic."""

    raw: Fraction
    how: Arithmetic

    def weighted(self, marks: Fraction) -> Fraction:
        """The marks it earns: raw × marks ÷ 100."""
        return self.raw * marks / 100


@dataclass(frozen=True)
class NextStep:
    """The nearest better level: its target, how far it is, and what reaching it adds to the raw score."""

    percent: Fraction
    target: Fraction
    distance: Fraction
    gain: Fraction


Targets = Sequence[Fraction | None]


def day_number(day: date) -> Fraction:
    """A date as a number for the scale."""
    return Fraction(day.toordinal())


def direction_of(targets: Targets, *, is_date: bool = False, stated: Direction | None = None) -> Direction:
    """The stated direction; else from the first and last given target; else up, for dates down (earlier is better)."""
    if stated is not None:
        return stated
    given = [t for t in targets if t is not None]
    if given and given[0] != given[-1]:
        return Direction.UP if given[0] > given[-1] else Direction.DOWN
    return Direction.DOWN if is_date else Direction.UP


def check_scale(targets: Targets, direction: Direction) -> None:
    """Raise `ScaleError` naming the level unless each given target is no better than the one before it."""
    last: Fraction | None = None
    for index, target in enumerate(targets):
        if target is None:
            continue
        if last is not None and _is_better(target, last, direction):
            raise ScaleError("not monotonic", index)
        last = target
    if last is None:
        raise ScaleError("no target given")


def equal_neighbours(targets: Targets) -> list[int]:
    """Indexes of given targets that equal the given target before them: allowed, and worth a warning."""
    given = [(i, t) for i, t in enumerate(targets) if t is not None]
    return [i for (_h, before), (i, target) in itertools.pairwise(given) if before == target]


def score(
    targets: Targets,
    achieved: Fraction | None,
    policy: Policy,
    *,
    is_date: bool = False,
    direction: Direction | None = None,
) -> Score:
    """Raw score of an achievement on a scale, best target first, blanks as None; nothing achieved earns nothing.

    Raise `ScaleError` if no target is given, the scale is not monotonic, or it has other levels than the policy.
    """
    if len(targets) != len(policy.levels):
        raise ScaleError(f"{len(policy.levels)} levels expected")
    way = direction_of(targets, is_date=is_date, stated=direction)
    check_scale(targets, way)
    if achieved is None:
        return _scored(Arithmetic(Rule.ABSENT, Fraction(0), way))
    points = [Point(Fraction(p), t) for p, t in zip(policy.levels, targets, strict=True) if t is not None]
    return _scored(_capped(_read_off(points, achieved, way, policy), policy))


def stated_score(percent: Fraction | None) -> Score:
    """A row whose achievement is itself the raw score (an annex's per cent), kept within 0 to 100."""
    if percent is None:
        return _scored(Arithmetic(Rule.ABSENT, Fraction(0)))
    return _scored(Arithmetic(Rule.STATED, min(max(percent, Fraction(0)), HUNDRED), achieved=percent))


def next_step(
    targets: Targets,
    achieved: Fraction | None,
    policy: Policy,
    *,
    is_date: bool = False,
    direction: Direction | None = None,
) -> NextStep | None:
    """The nearest given target that would score more than now, by the same rule; None at the top."""
    now = score(targets, achieved, policy, is_date=is_date, direction=direction)
    way = direction_of(targets, is_date=is_date, stated=direction)
    for percent, target in reversed(list(zip(policy.levels, targets, strict=True))):
        if target is None or (achieved is not None and not _is_better(target, achieved, way)):
            continue
        there = score(targets, target, policy, is_date=is_date, direction=direction)
        if there.raw > now.raw:
            distance = abs(target - (achieved or Fraction(0)))
            return NextStep(Fraction(percent), target, distance, there.raw - now.raw)
    return None


def composite(rows: Sequence[tuple[Score, Fraction]]) -> Fraction:
    """The exact sum of the weighted scores; round it once, for show."""
    return sum((row.weighted(marks) for row, marks in rows), Fraction(0))


def half_up(value: Fraction, places: int = 2) -> str:
    """The value rounded half up (away from zero), ASCII digits, always with ``places`` decimals."""
    scale = 10**places
    rounded = (abs(value) * scale * 2 + 1) // 2
    whole, rest = divmod(int(rounded), scale)
    sign = "-" if value < 0 and rounded else ""
    return f"{sign}{whole}.{rest:0{places}d}" if places else f"{sign}{whole}"


def _read_off(points: list[Point], achieved: Fraction, way: Direction, policy: Policy) -> Arithmetic:
    """The scale's answer: the first (best) target reached decides."""
    for index, point in enumerate(points):
        if _is_better(point.target, achieved, way):
            continue
        if achieved == point.target and index:
            return Arithmetic(Rule.AT_LEVEL, point.percent, way, achieved, lower=point)
        if index == 0:
            return Arithmetic(Rule.BEST, point.percent, way, achieved, lower=point)
        upper = points[index - 1]
        if policy.between is Between.STEP_DOWN:
            return Arithmetic(Rule.STEP_DOWN, point.percent, way, achieved, upper, point)
        return Arithmetic(Rule.BETWEEN, _on_line(upper, point, achieved), way, achieved, upper, point)
    return _beyond(points, achieved, way, policy)


def _beyond(points: list[Point], achieved: Fraction, way: Direction, policy: Policy) -> Arithmetic:
    """Worse than the worst given target: nothing, unless the policy draws the line on through the blank levels."""
    lowest, distinct = Fraction(policy.levels[-1]), len({p.target for p in points}) > 1
    if policy.blanks is Blanks.EXTRAPOLATE and points[-1].percent > lowest and distinct:
        lower = points[-1]
        upper = next(p for p in reversed(points) if p.target != lower.target)
        raw = _on_line(upper, lower, achieved)
        if raw >= lowest:
            return Arithmetic(Rule.EXTRAPOLATED, raw, way, achieved, upper, lower)
    return Arithmetic(Rule.WORSE, Fraction(policy.below_worst), way, achieved, lower=points[-1])


def _on_line(upper: Point, lower: Point, achieved: Fraction) -> Fraction:
    share = (achieved - lower.target) / (upper.target - lower.target)
    return lower.percent + share * (upper.percent - lower.percent)


def _capped(how: Arithmetic, policy: Policy) -> Arithmetic:
    cap = Fraction(policy.cap)
    if how.raw <= cap:
        return how
    return Arithmetic(how.rule, cap, how.direction, how.achieved, how.upper, how.lower)


def _scored(how: Arithmetic) -> Score:
    return Score(how.raw, how)


def _is_better(one: Fraction, other: Fraction, way: Direction) -> bool:
    return one > other if way is Direction.UP else one < other
