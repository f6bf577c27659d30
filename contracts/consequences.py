"""Which scores move when figures of verified returns move: enters itself in `returns.consequences`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from contracts.lines import lines_of
from contracts.models import Agreement
from contracts.scorecard import make_scorecard
from contracts.scoring import half_up
from contracts.year import year_cells
from core.templatetags.figures import digits
from returns.consequences import Consequence, Moves, register


@register
def scores_moved(moves: Moves, *, at: datetime) -> Iterator[Consequence]:
    """The agreements of the office and its superiors whose score would be another one, the nearest office first."""
    years = {period.fiscal_year for period in moves.months}
    rows = Agreement.objects.filter(fiscal_year__in=years, office__path__in=moves.paths).current().with_names()
    for agreement in rows.order_by("-office__path", "fiscal_year"):
        before, after = _scores(agreement, moves, at=at)
        if before != after:
            words = {"office": agreement.office, "year": agreement.fiscal_year.label()}
            label = _("Agreement of %(office)s, %(year)s") % words
            yield Consequence(label, digits(before), digits(after))


def _scores(agreement: Agreement, moves: Moves, *, at: datetime) -> tuple[str, str]:
    """The composite as it stands and as it would be, each with two decimals."""
    lines, cells = lines_of(agreement), year_cells(agreement.office, agreement.fiscal_year, at=at)
    path = agreement.office.path
    moved = {period: moves.applied(path, period, amounts) for period, amounts in cells.months.items()}
    now = make_scorecard(agreement, lines, cells).composite
    then = make_scorecard(agreement, lines, replace(cells, months=moved)).composite
    return half_up(now), half_up(then)
