"""What agreements tell the rooms above, and their own pages."""

from __future__ import annotations

from datetime import datetime

from django.db.models import OuterRef, Subquery

from contracts.lines import lines_of
from contracts.models import Agreement, ScoreSnapshot
from contracts.querysets import AgreementQuerySet
from contracts.scorecard import Scorecard, make_scorecard
from contracts.year import year_cells
from offices.models import Officer


def scorecard_of(agreement: Agreement, *, at: datetime) -> Scorecard:
    """The score as the data stands now: exact, computed on the spot."""
    return make_scorecard(agreement, lines_of(agreement), year_cells(agreement.office, agreement.fiscal_year, at=at))


def agreements_for(officer: Officer) -> AgreementQuerySet:
    """Agreements the officer may see, newest year first, each with its latest kept score (``score``, ``score_at``)."""
    latest = ScoreSnapshot.objects.filter(agreement=OuterRef("pk")).order_by("-at", "-pk")
    return (
        Agreement.objects.visible_to(officer)
        .current()
        .with_names()
        .annotate(score=Subquery(latest.values("printed")[:1]), score_at=Subquery(latest.values("data_at")[:1]))
        .order_by("-fiscal_year", "office__path")
    )
