"""Which quarterly returns a quarter could have: one of every office."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from core.periods import Period, PeriodKind
from documents.census import Possible, census
from offices.models import Office
from offices.places import Tree
from reports.papers import QUARTER
from returns.papers.census import acts_below, acts_in, verified_below
from returns.quarters import months_in

NOTHING_VERIFIED = _("Nothing of this quarter is verified yet.")


@census
def papers_of_quarter(period: Period, offices: Sequence[Office]) -> Iterator[Possible]:
    """Four queries, whatever the number of offices; nothing for a month or a year."""
    if period.kind is not PeriodKind.QUARTER:
        return
    acts = acts_below(Tree(period), offices, acts_in(months_in(period), offices))
    counted = verified_below(months_in(period), offices)
    for office in offices:
        below = acts[office.pk]
        yield Possible(
            QUARTER,
            f"{office.code}:{period}",
            office,
            {"office": office.code, "period": period.key},
            data_at=below.newest,
            versions=counted[office.pk],
            reason="" if below.verified else NOTHING_VERIFIED,
        )
