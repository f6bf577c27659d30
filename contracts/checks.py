"""What an agreement and a framework must satisfy. The first fault is told in one line that names its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from contracts.framework import Activity, Area, Block, FrameworkData
from contracts.scoring import Direction, ScaleError, check_scale, direction_of, equal_neighbours
from contracts.values import ValueType, show_marks, show_value
from core.errors import UserError
from core.language import reader_wants_bangla
from core.periods import FiscalYear

if TYPE_CHECKING:
    from contracts.drafts import LineDraft


@dataclass(frozen=True)
class Warned:
    """Something allowed that deserves a second look: the line's code and what to look at."""

    code: str
    text: str


def check_codes(kind: str, codes: Iterable[str]) -> None:
    """Every code once."""
    twice = [code for code, count in Counter(codes).items() if count > 1]
    if twice:
        raise UserError(_("%(kind)s %(code)s stands twice. Give each its own code.") % {"kind": kind, "code": twice[0]})


def check_line(line: LineDraft, framework: FrameworkData, year: FiscalYear) -> None:
    """Marks above nought, a best target, a monotonic scale, dates inside the year, a known method."""
    if line.method not in framework.methods:
        _fault(line, _("the method “%(word)s” is not one of the framework's") % {"word": line.method})
    if line.marks == 0:
        _fault(line, _("it has no marks"))
    if line.targets[0] is None:
        _fault(line, _("the target of the best level is missing"))
    _check_scale(line, framework)
    if line.value_type is ValueType.DATE:
        _check_days(line, framework, year)
    if line.value_type is ValueType.PERCENT and any(t is not None and t > 100 for t in line.targets):
        _fault(line, _("a target is above 100 per cent"))


def check_marks(lines: Sequence[LineDraft], areas: Sequence[Area], blocks: Sequence[Block]) -> None:
    """The marks of an area's lines add up to the area's, those of a block's areas to the block's."""
    for area in areas:
        found = sum(line.marks for line in lines if line.area == area.code)
        if found != area.marks:
            raise UserError(
                _("The marks of area %(code)s add up to %(found)s, but the area has %(marks)s. Correct one of them.")
                % {"code": area.code, "found": _marks(found), "marks": _marks(area.marks)}
            )
    for block in blocks:
        found = sum(area.marks for area in areas if area.block == block.code)
        if found != block.marks:
            raise UserError(
                _("The areas of “%(name)s” add up to %(found)s marks; the framework asks %(marks)s.")
                % {"name": block.name, "found": _marks(found), "marks": _marks(block.marks)}
            )


def check_structure(areas: Sequence[Area], activities: Sequence[Activity], framework: FrameworkData) -> None:
    """Every area in a block of the framework, every activity in an area; codes once."""
    check_codes(_("Area"), (area.code for area in areas))
    check_codes(_("Activity"), (activity.code for activity in activities))
    blocks = {block.code for block in framework.blocks}
    for area in areas:
        if area.block not in blocks:
            raise UserError(
                _("Area %(code)s names the block “%(word)s”, which the framework does not have.")
                % {"code": area.code, "word": area.block}
            )
    known = {area.code for area in areas}
    for activity in activities:
        if activity.area not in known:
            raise UserError(
                _("Activity %(code)s names the area “%(word)s”, which is not there.")
                % {"code": activity.code, "word": activity.area}
            )


def warnings_of(lines: Sequence[LineDraft]) -> list[Warned]:
    """Equal neighbouring targets: allowed, the higher level wins."""
    return [
        Warned(line.code, _("Two neighbouring levels have the same target; the higher level wins."))
        for line in lines
        if equal_neighbours(line.targets)
    ]


def _check_scale(line: LineDraft, framework: FrameworkData) -> None:
    way = direction_of(line.targets, is_date=line.value_type is ValueType.DATE, stated=line.direction)
    try:
        check_scale(line.targets, way)
    except ScaleError as error:
        index = error.level if error.level is not None else 0
        better = _("more") if way is Direction.UP else _("less")
        if line.value_type is ValueType.DATE:
            better = _("later") if way is Direction.UP else _("earlier")
        _fault(
            line,
            _("the target of “%(level)s” (%(value)s) is %(better)s than the one of the level above it")
            % {
                "level": framework.levels[index].name,
                "value": _shown(line.targets[index], line.value_type),
                "better": better,
            },
        )


def _check_days(line: LineDraft, framework: FrameworkData, year: FiscalYear) -> None:
    for level, target in zip(framework.levels, line.targets, strict=True):
        if target is not None and not year.first_day <= date.fromordinal(int(target)) <= year.last_day:
            _fault(
                line,
                _("the date of “%(level)s” (%(value)s) lies outside the fiscal year %(year)s")
                % {"level": level.name, "value": _shown(target, line.value_type), "year": year.label()},
            )


def _fault(line: LineDraft, what: str) -> None:
    raise UserError(_("Line %(code)s: %(what)s. Correct the line.") % {"code": line.code, "what": what}, cell=line.code)


def _shown(value: Fraction | None, kind: ValueType) -> str:
    return show_value(value, kind, bangla=reader_wants_bangla())


def _marks(thousandths: int) -> str:
    return show_marks(thousandths, bangla=reader_wants_bangla())
