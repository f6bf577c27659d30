"""The paper of a consolidated return: a numbered snapshot with the offices below side by side, and who was missing."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from core.errors import UserError
from core.numbers import to_bangla_digits
from core.periods import Period
from documents.registry import Fact, Paper, Source, paper
from returns.choices import ConsolidationState
from returns.consolidated import Kept, kept_of, sheet_of_snapshot
from returns.consolidation_models import Consolidation
from returns.models import Baseline
from returns.papers.office_month import data_of_month, figures_of, tell_completeness
from returns.papers.says import hand, office_fact, period_fact, version_source

CONSOLIDATED = "returns.consolidated"

STATES = {
    ConsolidationState.SUBMITTED: ("জমা দেওয়া, যাচাই বাকি", "submitted, not yet verified"),
    ConsolidationState.VERIFIED: ("যাচাই করা", "verified"),
    ConsolidationState.RETURNED: ("ফেরত দেওয়া", "sent back"),
    ConsolidationState.REPLACED: ("নতুন সংখ্যা দিয়ে বদলানো", "replaced by a newer number"),
}
LEVELS = {"": "জমা হয়নি", "submitted": "জমা, যাচাই বাকি", "verified": "যাচাই করা", "returned": "ফেরত"}


@paper(CONSOLIDATED, gettext_lazy("Consolidated return"))
def consolidated_paper(*, office: str, period: str, number: int) -> Paper:
    """A snapshot as it was frozen. `UserError` for a number that a newer one has followed: its paper stays as made."""
    rows = Consolidation.objects.select_related("office__parent", "form", "submitted_by", "decided_by")
    when = Period.parse(period)
    row = rows.filter(office__code=office, period=when).order_by("-number").first()
    if row is None or row.number != number:
        raise UserError(gettext_lazy("A newer number has followed this consolidated return; print that one."))
    kept = kept_of(row)
    state_bn, state_en = STATES[ConsolidationState(row.state)]
    digits = to_bangla_digits(str(number))
    data_at = max(at for at in (row.submitted_at, row.decided_at, row.data_at) if at)
    sheet = sheet_of_snapshot(row)
    demo = Baseline.objects.filter(office__returns__versions__consolidated_in__consolidation=row, is_demo=True)
    return Paper(
        template="pdf/consolidated.html",
        context=figures_of(sheet) | _said(row, kept),
        title_bn=f"সমন্বিত রিটার্ন নং {digits}: {row.office.name_bn}, {when.label('bn')}",
        title_en=f"Consolidated return no. {number}: {row.office.name_en}, {when.label('en')}",
        subject=f"{row.office.code}:{when}",
        office_path=row.office.path,
        sources=_sources(row),
        data_at=data_at,
        facts=(
            office_fact(row.office),
            period_fact(when),
            Fact("নং", "Number", digits, str(number)),
            Fact("অবস্থা", "State", state_bn, state_en),
        ),
        is_demo=demo.exists(),
        completeness_bn=tell_completeness(kept.completeness),
        attachments=(data_of_month(sheet.month, consolidated_return=number, state=row.state),),
    )


def _said(row: Consolidation, kept: Kept) -> dict[str, Any]:
    hands = [hand("জমা দিয়েছেন", row.submitted_by, row.submitted_at, row.office)]
    if row.decided_by and row.decided_at:
        act = "ফেরত দিয়েছেন" if row.state == ConsolidationState.RETURNED else "যাচাই করেছেন"
        hands.append(hand(act, row.decided_by, row.decided_at, row.office))
    return {
        "number_bn": to_bangla_digits(str(row.number)),
        "state_bn": STATES[ConsolidationState(row.state)][0],
        "form_bn": to_bangla_digits(str(row.form)),
        "hands": tuple(hands),
        "explanation": row.explanation,
        "reason": row.reason,
        "late_bn": ", ".join(one.office.name_bn for one in kept.completeness.standings if one.is_late),
        "levels": tuple(
            (one.office.name_bn, _level(one.state, one.number) + (", হালনাগাদ নয়" if one.is_outdated else ""))
            for one in kept.levels
        ),
        "findings": tuple(bn for bn, _en in kept.findings),
        "members": _members(row, kept),
    }


def _level(state: str, number: int) -> str:
    told = LEVELS.get(state, state)
    return f"{told} (নং {to_bangla_digits(str(number))})" if number else told


def _members(row: Consolidation, kept: Kept) -> tuple[tuple[str, str, str], ...]:
    """Every leaf office due, with the office it lies under and how its return stood."""
    words = {"": "জমা হয়নি", "draft": "জমা হয়নি", "returned": "ফেরত", "submitted": "জমা, যাচাই বাকি", "verified": "যাচাই করা"}
    above = {one.office.path: one.office.name_bn for one in kept.levels}
    width = len(row.office_path) + 3
    return tuple(
        (
            above.get(one.office.path[:width], ""),
            one.office.name_bn,
            words.get(one.state, one.state)
            + (" (আমদানির সময়)" if one.is_verified_on_import else "")
            + (", বিলম্বে" if one.is_late else ""),
        )
        for one in kept.completeness.standings
        if not one.is_verified or one.is_late
    )


def _sources(row: Consolidation) -> tuple[Source, ...]:
    """The snapshot and the versions in it, by office."""
    acts = [at for at in (row.submitted_at, row.decided_at) if at]
    own = Source(
        f"returns.consolidation:{row.pk}",
        str(row.number),
        max(acts),
        f"সমন্বিত রিটার্ন: {row.office.name_bn}, {row.period.label('bn')}",
        f"Consolidated return: {row.office.name_en}, {row.period.label('en')}",
    )
    rows = row.sources.select_related("version__ret__office").order_by("version__ret__office_path")
    versions = [one.version for one in rows]
    return (own, *(version_source(v.ret.office, row.period, v, v.decided_at or row.submitted_at) for v in versions))
