"""Ask for a document, render it once, keep its file.

A document that stands for the same data is never made twice. The row is written with its job; the file is stored
before the row says it is there, so that a killed worker leaves a document that is still being made, never half a one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from core.activity import record_activity
from core.periods import dhaka_date
from documents.choices import DocumentState
from documents.codes import new_code
from documents.digest import data_hash_of
from documents.files import is_whole, store_file
from documents.models import Document, StoredFile
from documents.registry import Paper, build_paper
from jobs.choices import JobState
from jobs.registry import Progress
from jobs.services import enqueue_job
from offices.models import Office, Officer
from offices.rights import require_right

if TYPE_CHECKING:
    from documents.engine import Rendered

RENDER = "documents.render"
OVERTAKEN = "overtaken"
"""`Document.error` of one whose figures changed before it was made, while a newer one was asked for already."""
_ATTEMPTS = 3


@dataclass(frozen=True)
class _Portal:
    """The portal itself, where no officer asks."""

    def get_username(self) -> str:
        return "portal"


@transaction.atomic
def request_document(*, kind: str, arguments: dict[str, Any], by: Officer | None, at: datetime) -> Document:
    """The document of this paper as the data stands: the existing one if nothing changed, else a new row and its job.

    ``by`` needs ``documents.view_document`` over the paper's office; None is the portal itself. Raise
    `documents.registry.UnknownPaperError` for a kind no room prints, and whatever the builder raises.
    """
    for _attempt in range(_ATTEMPTS):
        paper = build_paper(kind, arguments)
        office = Office.objects.get(path=paper.office_path)
        if by is not None:
            require_right(by, "documents.view_document", office, on=dhaka_date(at))
        data_hash = data_hash_of(kind, paper)
        existing = Document.objects.about(kind, paper.subject).filter(data_hash=data_hash).first()
        if existing is not None:
            return _render_again_if_needed(existing, by=by, at=at)
        document = _insert(kind, arguments, paper, office, data_hash, by=by, at=at)
        if document is not None:
            _enqueue(document, by=by, at=at)
            record_activity(
                "documents.request_document", document, by=by or _Portal(), at=at, office_path=document.office_path
            )
            return document
    raise RuntimeError(f"could not find a place for {kind} {arguments}")


def _insert(
    kind: str,
    arguments: dict[str, Any],
    paper: Paper,
    office: Office,
    data_hash: str,
    *,
    by: Officer | None,
    at: datetime,
) -> Document | None:
    """A new row at the head of its versions; None if another writer was there first, or knows newer data."""
    latest = (
        Document.objects.about(kind, paper.subject).current().select_for_update(of=("self",)).order_by("-pk").first()
    )
    if latest is not None and latest.data_at > paper.data_at:
        paper = build_paper(kind, arguments)
        data_hash = data_hash_of(kind, paper)
    try:
        with transaction.atomic():
            return Document.objects.create(
                code=new_code(),
                kind=kind,
                subject=paper.subject,
                arguments=arguments,
                office=office,
                requested_by=by,
                created_at=at,
                supersedes=latest,
                data_hash=data_hash,
                **_said_by(paper),
            )
    except IntegrityError:
        return None


def _said_by(paper: Paper) -> dict[str, Any]:
    """The fields of a document that come from its paper."""
    return {
        "title_bn": paper.title_bn,
        "title_en": paper.title_en,
        "office_path": paper.office_path,
        "sources": [vars(source) | {"at": source.at.isoformat()} for source in paper.sources],
        "facts": [vars(fact) for fact in paper.facts],
        "data_at": paper.data_at,
        "is_demo": paper.is_demo,
    }


def _enqueue(document: Document, *, by: Officer | None, at: datetime) -> None:
    document.job = enqueue_job(
        kind=RENDER,
        arguments={"document": document.pk},
        key=f"{RENDER}:{document.pk}",
        by=by,
        office_path=document.office_path,
        at=at,
    )
    document.save(update_fields=["job"])


def _render_again_if_needed(document: Document, *, by: Officer | None, at: datetime) -> Document:
    """Send a document whose job came to nothing, or whose file is lost or damaged, to the workers once more."""
    job = document.job
    is_stuck = document.state == DocumentState.MAKING and (job is None or job.state == JobState.FAILED)
    if is_stuck or document.state == DocumentState.FAILED or (is_lost(document) and can_be_made_again(document)):
        document.state, document.error = DocumentState.MAKING, ""
        document.save(update_fields=["state", "error"])
        _enqueue(document, by=by, at=at)
    return document


def is_lost(document: Document) -> bool:
    """Whether its file was there and is not, or has other bytes."""
    return document.is_ready and document.file is not None and not is_whole(document.file)


def can_be_made_again(document: Document) -> bool:
    """Whether its file is what its data gives. What was sealed or signed comes from a backup only."""
    return not document.signatures.all()


def render_document(pk: int, *, progress: Progress, at: datetime) -> Document:
    """Make the file of a document and say it is ready. Run twice, or by two at once, it ends in one file."""
    from documents.engine import render_paper  # takes half a second to load; only who prints waits for it

    document = Document.objects.select_related("office").get(pk=pk)
    if document.state != DocumentState.MAKING:
        return document
    paper = build_paper(document.kind, document.arguments)
    data_hash = data_hash_of(document.kind, paper)
    if data_hash != document.data_hash and not _adopt(document, paper, data_hash):
        return document
    progress.step(1, 3)
    rendered = render_paper(paper, code=document.code)
    progress.step(2, 3)
    stored = store_file(rendered.data, media_type="application/pdf", at=at)
    _make_ready(document, data_hash, rendered, stored, progress=progress, at=at)
    document.refresh_from_db()
    return document


@transaction.atomic
def _make_ready(
    document: Document, data_hash: str, rendered: Rendered, stored: StoredFile, *, progress: Progress, at: datetime
) -> None:
    progress.confirm()
    Document.objects.filter(pk=document.pk, state=DocumentState.MAKING, data_hash=data_hash).update(
        state=DocumentState.READY, file=stored, pages=rendered.pages, boxes=rendered.boxes_as_json(), ready_at=at
    )


@transaction.atomic
def _adopt(document: Document, paper: Paper, data_hash: str) -> bool:
    """Let a document not yet made say what the data says now; False if a newer row says it already, and for one that
    was issued before its file was lost: what its code stands for never changes."""
    locked = Document.objects.select_for_update().get(pk=document.pk)
    if locked.ready_at is not None:
        Document.objects.filter(pk=locked.pk, state=DocumentState.MAKING).update(state=DocumentState.READY)
        document.refresh_from_db()
        return False
    newer = Document.objects.filter(supersedes=locked).exists()
    twin = Document.objects.about(locked.kind, locked.subject).filter(data_hash=data_hash).exists()
    if newer or twin:
        Document.objects.filter(pk=locked.pk).update(state=DocumentState.FAILED, error=OVERTAKEN)
        document.refresh_from_db()
        return False
    Document.objects.filter(pk=locked.pk, state=DocumentState.MAKING).update(data_hash=data_hash, **_said_by(paper))
    return True
