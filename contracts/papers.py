"""The agreement as a paper: cover, preamble, sections 1 to 3, undertakings with places for two signatures."""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import gettext_lazy as _

from contracts.attachment import agreement_data
from contracts.choices import Provenance, Side
from contracts.framework import FrameworkData
from contracts.lines import lines_of
from contracts.models import Agreement
from contracts.pages import TREND_YEARS, outcome_shown, plan_of
from contracts.plan_layout import cut_into_pages
from core.numbers import to_bangla_digits
from core.periods import MONTHS_BN, FiscalYear
from documents.registry import Attachment, Fact, Paper, Source, paper

KIND = "contracts.agreement"
BLANK = "…………………"


def subject_of_agreement(agreement: Agreement) -> str:
    """What the document is about, whatever its version."""
    return f"{agreement.office.code}:{agreement.fiscal_year}"


@paper(KIND, _("Performance agreement"))
def agreement_paper(*, agreement: int) -> Paper:
    """The agreement's own text; it says nothing of its state, so that signing never makes it another document."""
    row = Agreement.objects.with_names().get(pk=agreement)
    year, framework = row.fiscal_year, row.framework.data
    label = year.label("bn")
    title = f"{framework.bn} {label}, {row.office.name_bn}"
    return Paper(
        template="pdf/agreement.html",
        context=_context(row, framework),
        title_bn=title,
        title_en=f"{framework.en} {year}, {row.office.name_en}",
        subject=subject_of_agreement(row),
        office_path=row.office.path,
        sources=(
            Source(f"contracts.agreement:{row.pk}", row.digest[:16], row.changed_at, title, f"{framework.en} {year}"),
            Source(
                f"contracts.framework:{row.framework.pk}",
                row.framework.digest[:16],
                row.framework.loaded_at,
                f"{framework.bn}: কাঠামো",
                f"{framework.en}: framework",
            ),
        ),
        data_at=max(row.changed_at, row.framework.loaded_at),
        facts=_facts(row, label),
        is_demo=row.is_demo,
        attachments=(
            Attachment(
                name="agreement-data.json",
                content=json.dumps(agreement_data(row), ensure_ascii=False, indent=1, sort_keys=True).encode(),
                description="The agreement's data; schema in docs/agreement-data.md",
            ),
        ),
    )


def _facts(row: Agreement, label: str) -> tuple[Fact, ...]:
    lower, superior = (row.parties[side] for side in (Side.LOWER.value, Side.SUPERIOR.value))
    return (
        Fact("নিম্ন পক্ষ", "Lower party", lower["office_bn"], lower["office_en"]),
        Fact("ঊর্ধ্বতন পক্ষ", "Superior party", superior["office_bn"], superior["office_en"]),
        Fact("অর্থবছর", "Fiscal year", label, row.fiscal_year.key),
        Fact("সংস্করণ", "Version", to_bangla_digits(str(row.version)), str(row.version)),
    )


def _context(row: Agreement, framework: FrameworkData) -> dict[str, Any]:
    lines = lines_of(row)
    year = row.fiscal_year
    plan = plan_of(row, lines, bangla=True)
    outcomes = tuple(outcome_shown(outcome, bangla=True) for outcome in row.outcomes.all())
    return {
        "scheme": framework.bn,
        "year": year.label("bn"),
        "years": {name: year.shift(n).label("bn") for name, n in TREND_YEARS.items()},
        "period": _period(year),
        "parties": {side.value: row.parties[side.value] for side in Side},
        "lower": row.party(Side.LOWER, "bn"),
        "superior": row.party(Side.SUPERIOR, "bn"),
        "texts": _filled(framework.texts, row),
        "own": _filled(row.texts, row),
        "levels": tuple((level.bn, to_bangla_digits(str(level.percent))) for level in framework.levels),
        "blocks": {block.code: block.bn for block in framework.blocks},
        "plan": tuple(plan),
        "tables": cut_into_pages(plan, {block.code: block.bn for block in framework.blocks}),
        "outcomes": outcomes,
        "total": to_bangla_digits(str(framework.total // 1000)),
        "has_proposed": any(_is_proposed(line.sources) for line in lines),
        "has_provisional": any(line.actual_1 and line.actual_1_is_provisional for line in lines) or bool(outcomes),
    }


def _is_proposed(sources: dict[str, Any]) -> bool:
    return any(word != Provenance.DOCUMENT for word in (sources["marks"], *sources["targets"]))


def _period(year: FiscalYear) -> str:
    """``জুলাই ১, ২০২৩ - জুন ৩০, ২০২৪``, as covers print it."""
    first, last = year.first_day, year.last_day
    text = f"{MONTHS_BN[6]} {first.day}, {first.year} - {MONTHS_BN[5]} {last.day}, {last.year}"
    return to_bangla_digits(text)


def _filled(texts: dict[str, Any], row: Agreement) -> dict[str, Any]:
    """Texts with their merge fields filled; the day of signing stays blank: the stamps carry it."""
    fields = {
        "{lower}": row.party(Side.LOWER, "bn"),
        "{superior}": row.party(Side.SUPERIOR, "bn"),
        "{year}": row.fiscal_year.label("bn"),
        "{sign_year}": BLANK,
        "{month}": BLANK,
        "{day}": BLANK,
    }

    def filled(text: Any) -> Any:
        if isinstance(text, list):
            return [filled(inner) for inner in text]
        for name, value in fields.items():
            text = str(text).replace(name, value)
        return text

    return {key: filled(text) for key, text in texts.items()}
