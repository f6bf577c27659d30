"""Ask for documents as one ZIP, pack it, and let it go after some days: it can be made again."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from tempfile import TemporaryFile

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.activity import record_activity
from core.errors import UserError
from core.evidence import digest_of
from core.periods import Period, dhaka_date
from documents.bundle_models import Bundle
from documents.choices import DocumentState
from documents.files import remove_file, store_stream
from documents.models import Document
from documents.packing import pack_documents
from jobs.registry import Progress
from jobs.services import enqueue_job
from offices.models import Office, Officer
from offices.places import seen_paths
from offices.querysets import within
from offices.rights import require_right

logger = logging.getLogger(__name__)

PACK = "documents.pack_bundle"
ZIP = "application/zip"
KEPT_FOR = timedelta(days=7)


@transaction.atomic
def request_bundle(*, office: Office, period: Period, documents: Collection[int], by: Officer, at: datetime) -> Bundle:
    """The ZIP of these documents (keys): the one that exists for the same files, else a new one and its job.

    ``by`` needs ``documents.view_document`` over the office. Documents that are not ready, that ``by`` may not see or
    that are not of the office or one below it are left aside; raise `UserError` if none remains.
    """
    require_right(by, "documents.view_document", office, on=dhaka_date(at))
    rows = within(Document.objects.visible_to(by).ready(), seen_paths([office]), "office_path")
    chosen = list(
        rows.filter(pk__in=documents).order_by("office_path", "kind", "code").values_list("pk", "code", "file__sha256")
    )
    if not chosen:
        raise UserError(_("None of the chosen papers is ready. Choose at least one that has a file."))
    digest = digest_of([office.code, period.key, [row[1:] for row in chosen]])
    bundle, made = Bundle.objects.get_or_create(
        digest=digest,
        defaults={
            "office": office,
            "office_path": office.path,
            "period": period,
            "members": [pk for pk, *_rest in chosen],
            "requested_by": by,
            "created_at": at,
        },
    )
    if made:
        record_activity("documents.request_bundle", bundle, by=by, at=at, office_path=office.path)
    return bundle if bundle.is_making or bundle.file else make_bundle_again(bundle=bundle, by=by, at=at)


@transaction.atomic
def make_bundle_again(*, bundle: Bundle, by: Officer, at: datetime) -> Bundle:
    """Send a ZIP that failed, was let go of or is damaged to the workers once more."""
    require_right(by, "documents.view_document", bundle, on=dhaka_date(at))
    bundle.state, bundle.file = DocumentState.MAKING, None
    key = f"{PACK}:{bundle.pk}"
    bundle.job = enqueue_job(
        kind=PACK, arguments={"bundle": bundle.pk}, key=key, by=by, office_path=bundle.office_path, at=at
    )
    bundle.save(update_fields=["state", "file", "job"])
    return bundle


def pack_bundle(pk: int, *, progress: Progress, at: datetime) -> Bundle:
    """Pack a ZIP and say it is ready. Run twice, or by two at once, it ends in one file."""
    bundle = Bundle.objects.select_related("office").get(pk=pk)
    if bundle.state != DocumentState.MAKING:
        return bundle
    documents = Document.objects.select_related("office", "file").defer("sources", "facts", "boxes")
    members = documents.in_bulk(bundle.members)
    with TemporaryFile() as out:  # has no name: nothing remains of it if the worker is killed
        damaged = pack_documents([members[key] for key in bundle.members], out, progress.step)
        stored = store_stream(out, media_type=ZIP, at=at)
    for document in damaged:
        logger.error("the file of document %s is damaged or lost; ZIP %s goes without it", document.code, pk)
    with transaction.atomic():
        progress.confirm()
        Bundle.objects.filter(pk=pk, state=DocumentState.MAKING).update(
            state=DocumentState.READY, file=stored, left_out=[one.pk for one in damaged], ready_at=at
        )
    bundle.refresh_from_db()
    return bundle


def let_go_of_bundles(*, at: datetime) -> int:
    """Remove the files of ZIPs older than `KEPT_FOR`; return how many were let go of. Their rows stay."""
    old = Bundle.objects.filter(file__isnull=False, ready_at__lt=at - KEPT_FOR).select_related("file")
    count = 0
    for bundle in old:
        stored = bundle.file
        Bundle.objects.filter(pk=bundle.pk).update(file=None)
        if stored is not None:
            remove_file(stored)
        count += 1
    return count
