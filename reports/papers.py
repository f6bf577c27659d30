"""The quarterly return as a paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import UserError
from core.evidence import digest_of
from core.numbers import Unit, plain_amount, to_bangla_digits
from core.periods import Period
from documents.registry import Fact, Paper, Source, paper
from offices.models import Office
from offices.titles import office_title
from reports.quarter import Report, report_of
from returns.completeness import Completeness
from returns.months import Row
from returns.papers.office_month import tell_completeness
from returns.papers.says import as_json, baseline_is_demo, office_fact, sources_of_months
from returns.printing import UNITS, print_parts, text_of
from returns.quarters import Quarter, months_in

QUARTER = "reports.quarter"


@dataclass(frozen=True)
class PrintedRow:
    """A row of a table as text: a code or number, a label, a unit, and the columns."""

    code: str
    label: str
    unit: str
    texts: tuple[str, ...]
    is_computed: bool = False


@dataclass(frozen=True)
class PrintedSection:
    letter: str
    title: str
    rows: tuple[PrintedRow, ...]


@paper(QUARTER, gettext_lazy("Quarterly return"))
def quarter_paper(*, office: str, period: str) -> Paper:
    """The quarter of an office. `UserError` while nothing of it is verified."""
    row, when = Office.objects.select_related("parent").get(code=office), Period.parse(period)
    versions, acted_at = sources_of_months(row, months_in(when))
    if acted_at is None:
        raise UserError(_("Nothing of this quarter is verified yet; there is nothing to print."))
    with translation.override("bn"):  # codes and classes are told in the reader's language
        return _paper(row, when, versions, acted_at)


def _paper(row: Office, when: Period, versions: Sequence[Source], acted_at: datetime) -> Paper:
    report = report_of(row, when, at=acted_at)
    sources = (*versions, *_other_sources(report, acted_at))
    quarter = report.quarter
    standings = [one for month in quarter.completeness.values() for one in month.standings]
    label_bn, label_en = when.label("bn"), when.label("en")
    return Paper(
        template="pdf/quarter.html",
        context=_context(report),
        title_bn=f"ত্রৈমাসিক রিটার্ন: {row.name_bn}, {label_bn}",
        title_en=f"Quarterly return: {row.name_en}, {label_en}",
        subject=f"{row.code}:{when}",
        office_path=row.path,
        sources=sources,
        data_at=max(acted_at, *(source.at for source in sources)),
        facts=(
            office_fact(row),
            Fact("ত্রৈমাসিক", "Quarter", label_bn, label_en),
            Fact(
                "যাচাই করা রিটার্ন",
                "Returns verified",
                to_bangla_digits(f"{quarter.basis.count}"),
                f"{quarter.basis.count}",
            ),
        ),
        is_demo=any(baseline_is_demo(office) for office in {one.office for one in standings} or {row}),
        completeness_bn=completeness_of(quarter),
        attachments=(_data(quarter),),
    )


def _other_sources(report: Report, acted_at: datetime) -> tuple[Source, ...]:
    """The register behind annex 1 and the agreement behind the indicators."""
    found = []
    if report.classes.rows:
        digest = digest_of([vars(row) for row in report.classes.rows])[:16]
        at = report.classes.at or acted_at
        found.append(Source("societies.by_class", digest, at, "সমিতির রেজিস্টার", "Register of societies"))
    if report.progress:
        row = report.progress.agreement
        at = max(filter(None, [row.changed_at, report.progress.typed_at]))
        names = (f"চুক্তি {row.fiscal_year.label('bn')}", f"Agreement {row.fiscal_year}")
        found.append(Source(f"contracts.agreement:{row.pk}", row.digest[:16], at, *names))
    return tuple(found)


def completeness_of(quarter: Quarter) -> str:
    """Month by month who is in and who is missing, in Bangla. It does not depend on the day of printing."""
    return " ".join(f"{month.label('bn')}: {_told(one)}" for month, one in quarter.completeness.items())


def _told(known: Completeness) -> str:
    """By name, unless it is nobody or everybody."""
    if not known.standings:
        return "কোনো রিটার্ন দেওয়ার কথা নয়।"
    if not known.received:
        return f"{to_bangla_digits(str(known.due))}টি কার্যালয়ের একটিরও রিটার্ন জমা হয়নি।"
    return tell_completeness(known)


def _context(report: Report) -> dict[str, Any]:
    quarter = report.quarter
    return {
        "office_bn": office_title(quarter.office, "bn"),
        "period_bn": quarter.period.label("bn"),
        "months": tuple(month.label("bn") for month in quarter.months),
        "until_bn": report.until.label("bn"),
        "in_sums": to_bangla_digits(str(len(quarter.known))),
        "has_all": not quarter.absent,
        "sections": tuple(
            PrintedSection(block.section.letter or block.section.code, block.section.bn, tuple(_rows(block.rows)))
            for block in quarter.blocks
        ),
        "parts": print_parts(quarter.catalogue, quarter.amounts),
        "classes": tuple(
            PrintedRow(row.code, name.partition(" · ")[2] or name, "", _counts(row)) for name, row in report.class_rows
        ),
        "class_sums": _counts(report.classes.sums),
        "beside": tuple(
            f"{one.code} {one.label_bn}: রেজিস্টারে {_count(one.listed)}, রিটার্নে {_count(one.stated)}"
            + (", মেলে।" if one.agrees else ", মেলে না।")
            for one in report.beside
        ),
        "has_all_offices": report.has_all_offices,
        "year_bn": quarter.period.fiscal_year.label("bn"),
        "indicators": tuple(
            PrintedRow(
                row.code(bangla=True),
                row.line.name_bn,
                row.line.unit_bn,
                (*row.texts(bangla=True), "লিখিত" if row.is_typed else ""),
            )
            for row in (report.progress.rows if report.progress else ())
        ),
    }


def _rows(rows: tuple[Row, ...]) -> list[PrintedRow]:
    """The lines of a section, their totals alone: the parts stand in a table of their own."""
    return [
        PrintedRow(
            row.code,
            row.cell.line.bn,
            UNITS[row.cell.line.unit],
            (
                *(text_of(part, row.cell.line.unit) for part in row.parts),
                text_of(row.amount, row.cell.line.unit),
                text_of(row.cumulative, row.cell.line.unit) if row.is_cumulative else "",
                text_of(row.target, row.cell.line.unit) if row.target is not None else "",
                text_of(row.share, Unit.PERCENT) if row.share is not None else "",
            ),
            is_computed=not row.cell.line.is_entered,
        )
        for row in rows
        if not row.is_part
    ]


def _counts(row: Any) -> tuple[str, ...]:
    return tuple(map(_count, (row.functional, row.non_functional, row.under_liquidation, row.total)))


def _count(number: int | None) -> str:
    return text_of(number, Unit.COUNT)


def _data(quarter: Quarter) -> Any:
    cells = quarter.catalogue.cells_by_key
    return as_json(
        f"quarter_{quarter.office.code}_{quarter.period}.json",
        {
            "office": quarter.office.code,
            "period": quarter.period.key,
            "form": str(quarter.form),
            "months": [month.key for month in quarter.known],
            "missing": {
                month.key: [one.office.code for one in known.unverified]
                for month, known in quarter.completeness.items()
            },
            "lines": {key: plain_amount(amount, cells[key].line.unit) for key, amount in quarter.amounts.items()},
        },
    )
