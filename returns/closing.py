"""Closing a month: the totals and papers of an office and everything below it, as jobs, and who is missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from core.errors import UserError
from core.periods import Period
from documents.models import Document
from documents.services import request_document
from jobs.choices import JobState
from jobs.models import Job
from jobs.services import finish_jobs
from offices.models import Office
from offices.places import Tree
from returns.completeness import Completeness, completeness_of
from returns.published import catalogue_of, form_for
from returns.rollup import request_total, verified_versions

PAPER_OF_LEAF, PAPER_OF_MONTH = "returns.return", "returns.month"


@dataclass(frozen=True)
class Closing:
    """What closing a month came to. ``failed`` are jobs that did not end well, ``refused`` papers nobody could ask
    for, by office."""

    office: Office
    period: Period
    totals: int
    documents: tuple[Document, ...]
    failed: tuple[Job, ...]
    refused: tuple[tuple[Office, str], ...]
    completeness: Completeness


def close_month(
    office: Office, period: Period, *, at: datetime, tell: Callable[[int, int], None] = lambda done, of: None
) -> Closing:
    """Add up and print the month of an office and all below it, and wait for that; ``tell`` hears how many papers of
    how many are done. Nothing is locked: closing again after a late return brings only what has changed."""
    due_day = catalogue_of(form_for(period)).due_day
    offices = list(Tree(period).below(office).order_by("-path"))
    totals = finish_jobs(request_total(one, period, by=None, at=at).pk for one in offices if not one.is_leaf)
    documents, refused = _request_papers(offices, office, period, at=at)
    jobs = finish_jobs((document.job_id for document in documents if document.job_id), tell=tell)
    return Closing(
        office=office,
        period=period,
        totals=len(totals),
        documents=tuple(Document.objects.filter(pk__in=[document.pk for document in documents]).order_by("pk")),
        failed=tuple(job for job in (*totals, *jobs) if job.state != JobState.DONE),
        refused=tuple(refused),
        completeness=completeness_of(office, period, due_day, at=at),
    )


def _request_papers(
    offices: list[Office], top: Office, period: Period, *, at: datetime
) -> tuple[list[Document], list[tuple[Office, str]]]:
    """Papers of the offices under which something is verified."""
    documents: list[Document] = []
    refused: list[tuple[Office, str]] = []
    tree = Tree(period)
    paths = set(verified_versions(top, [period]).values_list("ret__office_path", flat=True))
    for office in offices:
        if not any(path.startswith(tree.path(office)) for path in paths):
            continue
        kind = PAPER_OF_LEAF if office.is_leaf else PAPER_OF_MONTH
        arguments = {"office": office.code, "period": period.key}
        try:
            documents.append(request_document(kind=kind, arguments=arguments, by=None, at=at))
        except UserError as error:
            refused.append((office, str(error.message)))
    return documents, refused
