"""What comes after the months: agreements, scores and papers, as jobs that the portal shows."""

from __future__ import annotations

from core.periods import Period
from demo.people import DISTRICT
from jobs.models import Job
from jobs.services import enqueue_job
from offices.models import Office

KINDS = ("demo.conclude_agreements", "demo.print_papers")


def ask_for_the_rest(until: Period) -> list[Job]:
    """One job each for the agreements and the papers of the demonstration, after the totals that wait already."""
    path = Office.objects.get(code=DISTRICT).path
    return [
        enqueue_job(kind=kind, arguments={"until": until.key}, key=f"{kind}:{until}", office_path=path)
        for kind in KINDS
    ]
