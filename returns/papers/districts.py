"""The paper of the nation's districts: one under another, line beside line, under their divisions.

It stands apart from the nation's month: it has three times its pages, and a correction makes that one anew at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy

from core.errors import UserError
from core.numbers import to_bangla_digits
from core.periods import Period
from documents.registry import Paper, paper
from offices.choices import OfficeKind
from offices.models import Office
from offices.places import Tree
from offices.titles import office_title
from returns.completeness import Standing
from returns.district_printing import DistrictPanel, Placed, print_districts
from returns.months import Column, Month, month_of, sheet_of
from returns.papers.office_month import frame_of
from returns.papers.says import sources_to_print

DISTRICTS = "returns.districts"


@paper(DISTRICTS, gettext_lazy("Districts of the nation"))
def districts_paper(*, office: str, period: str) -> Paper:
    """The districts behind the department's month. `UserError` for another office, or while nothing is verified."""
    row, when = Office.objects.get(code=office), Period.parse(period)
    if row.kind != OfficeKind.DEPARTMENT:
        raise UserError(gettext_lazy("Only the department's month has a paper of its districts."))
    sources, data_at = sources_to_print(row, when)
    month = month_of(row, when, at=data_at)
    return Paper(
        template="pdf/districts.html",
        context={
            "office_bn": office_title(row, "bn"),
            "period_bn": when.label("bn"),
            "districts": districts_of(month),
        },
        title_bn=f"জেলাওয়ারি হিসাব: {row.name_bn}, {when.label('bn')}",
        title_en=f"Figures by district: {row.name_en}, {when.label('en')}",
        sources=sources,
        data_at=data_at,
        **frame_of(month),
    )


def districts_of(month: Month) -> tuple[DistrictPanel, ...]:
    """The districts of each division, line beside line. A dozen queries a division, however many districts it has."""
    assert month.data_at is not None
    rows: list[Placed] = []
    for division in Tree(month.period).children(month.office):
        sheet = sheet_of(month_of(division, month.period, at=month.data_at))
        if sheet.columns:
            standings = sheet.month.completeness.standings
            rows.append(_placed(f"{division.name_bn} বিভাগ", "division", standings, sheet.month.amounts))
            rows += [_below(column) for column in sheet.columns]
    rows.append(_placed("সারা দেশ", "nation", month.completeness.standings, month.amounts))
    return print_districts(month.catalogue, rows)


def _below(column: Column) -> Placed:
    if column.is_own:
        return Placed("বিভাগের নিজ কার্যালয়", "", "own", column.amounts)
    return _placed(column.office.name_bn, "district", column.standings, column.amounts)


def _placed(name: str, level: str, standings: Sequence[Standing], amounts: Mapping[str, int]) -> Placed:
    verified = sum(one.is_verified for one in standings)
    return Placed(name, to_bangla_digits(f"{verified}/{len(standings)}"), level, amounts)
