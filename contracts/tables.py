"""Agreements and scorecards as spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.http import FileResponse
from django.utils.translation import gettext as _

from contracts.models import Agreement
from contracts.querysets import AgreementQuerySet
from contracts.scorecard import Scorecard
from contracts.scoring import half_up
from core.workbooks.tables import Column, Item, table_response


def agreements_table(agreements: AgreementQuerySet) -> FileResponse:
    """Agreements with their latest kept score."""
    columns = [
        Column(_("Office"), 24),
        Column(_("Year"), 12),
        Column(_("Superior party"), 24),
        Column(_("State")),
        Column(_("Score"), 10),
        Column(_("data of"), 18),
    ]
    rows = (
        [one.office.name, one.fiscal_year.label(), one.superior.name, str(one.get_state_display()), *_score(one)]
        for one in agreements
    )
    return table_response("agreements", _("Performance agreements"), columns, rows)


def _score(agreement: Agreement) -> Sequence[Item]:
    printed = getattr(agreement, "score", None)
    return [Decimal(printed) if printed else None, getattr(agreement, "score_at", None)]


def score_table(card: Scorecard) -> FileResponse:
    """Every indicator with its marks and scores, rounded once, and the composite."""
    columns = [
        Column(_("Area"), 36),
        Column(_("Code"), 10),
        Column(_("Indicator"), 48),
        Column(_("Marks"), 10),
        Column(_("Raw score"), 10),
        Column(_("Weighted"), 10),
    ]
    agreement = card.agreement
    name = f"scorecard-{agreement.office.code}-{agreement.fiscal_year}"
    return table_response(name, f"{agreement.office.name} {agreement.fiscal_year.label()}", columns, _lines(card))


def _lines(card: Scorecard) -> Iterator[Sequence[Item]]:
    for area in card.areas:
        for row in area.lines:
            line = row.line
            scores = [Decimal(half_up(score)) if score is not None else None for score in (row.score.raw, row.weighted)]
            yield [area.of.name, line.code, line.name, float(line.exact_marks), *scores]
    yield [_("Total"), None, None, None, None, Decimal(half_up(card.composite))]
