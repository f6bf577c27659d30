"""Scores kept as known at an instant."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from contracts.lines import lines_of
from contracts.models import Agreement, ScoreSnapshot
from contracts.scorecard import Scorecard, line_json, make_scorecard, scorecard_digest
from contracts.scoring import half_up
from contracts.services import locked
from contracts.values import plain_fraction
from contracts.year import year_cells


@transaction.atomic
def keep_score(agreement: Agreement, *, at: datetime) -> ScoreSnapshot:
    """Keep the score as it stands; the latest one if no figure has changed since."""
    row = locked(agreement)
    card = make_scorecard(row, lines_of(row), year_cells(row.office, row.fiscal_year, at=at))
    digest = scorecard_digest(card)
    latest = ScoreSnapshot.objects.filter(agreement=row).order_by("-at", "-pk").first()
    if latest is not None and latest.digest == digest and latest.data_at == card.data_at:
        return latest
    return ScoreSnapshot.objects.create(**_fields(row, card, digest), at=at)


def _fields(row: Agreement, card: Scorecard, digest: str) -> dict[str, object]:
    return {
        "agreement": row,
        "composite": plain_fraction(card.composite),
        "printed": half_up(card.composite),
        "rows": [line_json(scored) for scored in card.lines],
        "digest": digest,
        "data_at": card.data_at,
        "months_missing": len(card.missing),
    }
