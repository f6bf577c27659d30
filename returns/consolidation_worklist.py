"""What waits of consolidated returns: one to submit, one to renew or mend, one to judge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Q
from django.db.models.functions import Length

from core.errors import UserError
from core.periods import Period, dhaka_date
from offices.models import Office, Officer
from returns.choices import ConsolidationState
from returns.completeness import completeness_of
from returns.consolidated import stands_on
from returns.consolidation_models import Consolidation
from returns.deadlines import due_on, late_from
from returns.published import due_day_of
from returns.rollup import NOTHING, bases_of
from returns.worklist import right_below, seats_of


class Act(StrEnum):
    SUBMIT = "submit"
    RENEW = "renew"
    MEND = "mend"
    JUDGE = "judge"


@dataclass(frozen=True)
class Step:
    """One act that waits; ``snapshot`` is the last number of the office and month, None where there is none yet."""

    act: Act
    office: Office
    period: Period
    snapshot: Consolidation | None = None


def steps_of(officer: Officer, at: datetime) -> list[Step]:
    """What the officer should do about consolidated returns, verdicts first; a fixed number of queries a posting."""
    steps = [Step(Act.JUDGE, one.office, one.period, one) for one in waiting_for(officer)]
    for posting in officer.current_postings:
        if officer.has_perm("returns.submit_consolidation", posting.office):
            steps += _own(posting.office, at)
    return steps


def waiting_for(officer: Officer) -> list[Consolidation]:
    """Snapshots on which the officer may decide, the oldest first."""
    above, own = seats_of(officer)
    rows = Consolidation.objects.alias(depth=Length("office_path")).filter(state=ConsolidationState.SUBMITTED)
    rows = rows.filter(right_below(above, "office_path") | Q(office__in=own))
    rows = rows.exclude(submitted_by=officer).select_related("office").defer("completeness")
    return list(rows.order_by("submitted_at"))


def _own(office: Office, at: datetime) -> list[Step]:
    """Months of an office to consolidate: sent back, out of date, or the last full month once all is verified or its
    deadline is past. Whoever has never consolidated begins with the last full month."""
    last = Period.of(dhaka_date(at)).previous()
    newest = {one.period: one for one in Consolidation.objects.filter(office=office).newest().order_by("period")}
    now = bases_of(office, [*newest, last])
    steps = []
    for period, one in newest.items():
        if one.state == ConsolidationState.RETURNED:
            steps.append(Step(Act.MEND, office, period, one))
        elif not stands_on(one, now.get(period, NOTHING)):
            steps.append(Step(Act.RENEW, office, period, one))
    if last not in newest and last in now and _is_time(office, last, at):
        steps.append(Step(Act.SUBMIT, office, last))
    return steps


def _is_time(office: Office, period: Period, at: datetime) -> bool:
    try:
        due_day = due_day_of(period)
    except UserError:
        return False
    return at >= late_from(due_on(period, due_day)) or completeness_of(office, period, due_day, at=at).is_complete
