"""What comes after the months, as jobs that the portal shows: agreements, papers, and the rest of the country."""

from __future__ import annotations

from core.periods import Period
from demo.people import DISTRICT, DIVISION
from jobs.models import Job
from jobs.services import enqueue_job
from offices.choices import OfficeKind
from offices.models import Office

KINDS = ("demo.conclude_agreements", "demo.print_papers")


def ask_for_the_rest(until: Period) -> list[Job]:
    """One job each for the agreements and the papers of the demonstration, after the totals that wait already."""
    path = Office.objects.get(code=DISTRICT).path
    return [
        enqueue_job(kind=kind, arguments={"until": until.key}, key=f"{kind}:{until}", office_path=path)
        for kind in KINDS
    ]


def ask_for_the_country(until: Period) -> list[Job]:
    """One job for each division; that of the first district comes first, for it is closed next."""
    divisions = sorted(
        Office.objects.filter(kind=OfficeKind.DIVISION), key=lambda one: (one.code != DIVISION, one.path)
    )
    return [_ask("demo.fill_division", division, until) for division in divisions]


def ask_to_close(division: Office, until: Period) -> Job:
    """A job that closes the division's last month."""
    return _ask("demo.close_division", division, until)


def _ask(kind: str, division: Office, until: Period) -> Job:
    return enqueue_job(
        kind=kind,
        arguments={"division": division.code, "until": until.key},
        key=f"{kind}:{division.code}:{until}",
        office_path=division.path,
    )
