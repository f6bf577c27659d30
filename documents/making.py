"""Ask for many papers in one request: one job that asks for each, and each is then made, or fails, by itself."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.activity import record_activity
from core.errors import UserError
from core.evidence import digest_of
from core.periods import Period, dhaka_date
from documents.census import Possible
from documents.services import request_document
from jobs.choices import JobState
from jobs.models import Job
from jobs.querysets import JobQuerySet
from jobs.registry import Progress
from jobs.services import enqueue_job
from jobs.words import BROKE, in_every_language
from offices.models import Office, Officer
from offices.rights import require_right

logger = logging.getLogger(__name__)

MAKE = "documents.make_papers"
NOT_YOURS = _("The officer who asked has no right to this office's documents any more.")


def prefix_of(period: Period) -> str:
    """What the keys of a period's requests begin with."""
    return f"{MAKE}:{period}:"


def name_of(kind: str, arguments: dict[str, Any]) -> str:
    """A paper by kind and arguments, as a job's result names it."""
    return f"{kind} {json.dumps(arguments, sort_keys=True, ensure_ascii=False)}"


@transaction.atomic
def request_papers(*, office: Office, period: Period, papers: Sequence[Possible], by: Officer, at: datetime) -> Job:
    """One job that asks for these papers of an office and those below it; the one under way if it asks for the same.

    ``by`` needs ``documents.view_document`` over the office. Raise `UserError` if none of them can be made.
    """
    require_right(by, "documents.view_document", office, on=dhaka_date(at))
    # Lower offices first: their papers are the ones that somebody waits for below.
    wanted = sorted((one for one in papers if one.can_be_made), key=lambda one: (-len(one.office.path), one.key))
    if not wanted:
        raise UserError(_("There is nothing to make here. Choose papers that can be made."))
    named = [[one.kind, one.arguments] for one in wanted]
    key = f"{prefix_of(period)}{office.code}:{digest_of(named)[:16]}"
    running = Job.objects.filter(key=key, state=JobState.RUNNING).first()
    if running is not None:
        return running
    arguments = {"papers": named, "by": by.pk, "office": office.code, "period": period.key}
    job = enqueue_job(kind=MAKE, arguments=arguments, key=key, by=by, office_path=office.path, at=at)
    record_activity("documents.request_papers", job, by=by, at=at, office_path=office.path)
    return job


def ask_for_papers(
    papers: Sequence[tuple[str, dict[str, Any]]], *, by: Officer, progress: Progress, at: datetime
) -> dict[str, Any]:
    """Ask for each paper (kind and arguments); what one of them does harms no other.

    Return how many were ``asked`` for, and the names of the ``refused`` with the reason in every language.
    """
    refused: list[dict[str, Any]] = []
    for done, (kind, arguments) in enumerate(papers):
        progress.step(done, len(papers))
        why = _ask(kind, arguments, by=by, at=at)
        if why is not None:
            refused.append({"paper": name_of(kind, arguments), "why": why})
    return {"asked": len(papers) - len(refused), "refused": refused}


def _ask(kind: str, arguments: dict[str, Any], *, by: Officer, at: datetime) -> dict[str, str] | None:
    """None, or why this paper cannot be had, in every language."""
    try:
        request_document(kind=kind, arguments=arguments, by=by, at=at)
    except UserError as error:
        return in_every_language(error.message)
    except PermissionDenied:
        return in_every_language(NOT_YOURS)
    except Exception:  # a fault in one paper's builder must not keep the others from being made
        logger.exception("the paper %s cannot be asked for", name_of(kind, arguments))
        return in_every_language(BROKE)
    return None


def requests_of(period: Period) -> JobQuerySet:
    """Every request for papers of a period."""
    low = prefix_of(period)
    return Job.objects.filter(kind=MAKE, key__gte=low, key__lt=f"{low}~")


def requests_to_show(period: Period, officer: Officer) -> list[Job]:
    """Requests of a period that the officer may see: those under way, and the latest if it failed. Newest first."""
    rows = requests_of(period).filter(pk__in=Job.objects.visible_to(officer).values("pk")).order_by("-pk")[:5]
    latest = list(rows)
    return [job for job in latest if not job.is_over or (job == latest[0] and job.state == JobState.FAILED)]
