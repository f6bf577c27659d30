"""After an amendment: the papers that stood on superseded versions are issued anew, so that each old one says so."""

from __future__ import annotations

from datetime import datetime

from core.errors import UserError
from documents.models import Document
from documents.services import request_document
from jobs.models import Job
from jobs.services import enqueue_job
from offices.models import Officer
from offices.paths import ancestor_paths
from returns.amendment_models import Amendment
from returns.choices import ReturnState
from returns.models import ReturnVersion
from returns.preview import papers_of

RENEW = "returns.renew_papers"
#: Papers of this room; signed ones of other rooms are renewed by their own officers.
OWN = "returns."


def request_renewal(amendment: Amendment, *, by: Officer, at: datetime) -> Job:
    """Ask for the new papers; one job an amendment."""
    return enqueue_job(
        kind=RENEW,
        arguments={"amendment": amendment.pk},
        key=f"{RENEW}:{amendment.pk}",
        by=by,
        office_path=amendment.ret.office_path,
        at=at,
    )


def outdated_papers(amendment: Amendment) -> list[Document]:
    """The room's current papers that stand on a version the amendment superseded."""
    offices = amendment.versions.values("ret")
    superseded = ReturnVersion.objects.filter(
        ret__in=offices, state=ReturnState.SUPERSEDED, superseded_at=amendment.decided_at
    )
    versions = list(superseded.select_related("ret"))
    paths = {path for v in versions for path in (v.ret.office_path, *ancestor_paths(v.ret.office_path))}
    return [paper for paper in papers_of(versions, paths=paths) if paper.kind.startswith(OWN)]


def renew_papers(amendment: Amendment, *, at: datetime) -> list[Document]:
    """Issue the outdated papers anew, each superseding the one before; run twice it finds nothing more to do."""
    renewed = []
    for paper in outdated_papers(amendment):
        try:
            renewed.append(request_document(kind=paper.kind, arguments=paper.arguments, by=None, at=at))
        except UserError:  # nothing to print any more: the old paper keeps its place
            continue
    return renewed
