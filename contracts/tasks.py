"""Scores kept in the background, so that lists need not compute them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from celery import shared_task
from django.db import close_old_connections
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from contracts.choices import AgreementState
from contracts.models import Achievement, Agreement, ScoreSnapshot
from contracts.snapshots import keep_score
from core.clock import now
from jobs.registry import Progress, handler
from jobs.services import enqueue_job
from returns.models import Total

KEEP = "contracts.keep_score"


@handler(KEEP, label=_("Keep a score"))
def keep_one(progress: Progress, *, agreement: int) -> dict[str, Any]:
    """Keep one agreement's score as the data stands."""
    row = Agreement.objects.with_names().get(pk=agreement)
    snapshot = keep_score(row, at=now())
    return {"url": f"/agreements/{row.office.code}/{row.fiscal_year}/score/", "composite": snapshot.printed}


@shared_task(name="contracts.sweep_scores")  # type: ignore[untyped-decorator]
def sweep_scores() -> None:
    """Ask for the scores whose figures are newer than what was kept."""
    close_old_connections()
    try:
        request_scores()
    finally:
        close_old_connections()


def request_scores() -> int:
    """Ask for every outdated score; returns how many."""
    outdated = outdated_agreements()
    for agreement in outdated:
        key = f"{KEEP}:{agreement.pk}"
        enqueue_job(kind=KEEP, arguments={"agreement": agreement.pk}, key=key, office_path=agreement.office.path)
    return len(outdated)


def outdated_agreements() -> list[Agreement]:
    """Agreements in force whose totals or typed achievements are newer than their kept score."""
    rows = Agreement.objects.current().select_related("office").exclude(state=AgreementState.EVALUATED)
    kept = {
        row["agreement"]: row["newest"]
        for row in ScoreSnapshot.objects.values("agreement").annotate(newest=Max("data_at")).order_by()
    }
    return [row for row in rows if (newest := _newest(row)) and (kept.get(row.pk) is None or newest > kept[row.pk])]


def _newest(agreement: Agreement) -> datetime | None:
    totals = Total.objects.filter(office=agreement.office, period__in=agreement.fiscal_year.months)
    typed = Achievement.objects.filter(line__agreement=agreement)
    found = (
        totals.aggregate(newest=Max("data_at"))["newest"],
        typed.aggregate(newest=Max("written_at"))["newest"],
    )
    return max((at for at in found if at), default=None)
