"""Uploading many returns at once: judged first with nothing saved, imported on consent, verified by whoever was asked.

Each step is a job of its own that may break off and run again: figures that stand there already change nothing.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from core.activity import record_activity
from core.errors import UserError
from core.evidence import digest_of
from core.periods import Period, dhaka_date
from core.templatetags.figures import digits
from core.text import clean_text
from core.workbooks.archives import Unpacked, check_zip, too_large, unpack
from core.workbooks.safety import DEFAULT_LIMITS
from documents.files import DamagedFileError, open_file, store_stream
from jobs.models import Job
from jobs.registry import Progress
from jobs.services import enqueue_job
from offices.inbox import notify_officer
from offices.models import Office, Officer, Posting
from offices.rights import Reach, get_right, posting_for
from returns.choices import ReturnState
from returns.importing import FAILED, SUFFIXES, OfficeVerdict, Order, ask_for_totals, check_order, import_files
from returns.models import Return, ReturnVersion
from returns.services.deliveries import IMPORT
from returns.services.verdict import verify_return
from returns.upload_models import Upload, UploadVerdict
from returns.workbooks.delivery import MAX_CSV, offices_in

PREVIEW, TAKE, VERIFY = "returns.preview_upload", "returns.import_upload", "returns.verify_upload"
ZIP = ".zip"
#: Characters of a file's name that a verdict keeps.
_LONGEST_FILE = 190
_MEDIA = {
    ZIP: "application/zip",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv",
}


def check_upload(file: IO[bytes], name: str) -> None:
    """Raise `UserError` for a file that is no ZIP, workbook or CSV, or too large; nothing is unpacked."""
    suffix = Path(name).suffix.lower()
    if suffix not in _MEDIA:
        raise UserError(_("Send a ZIP of workbooks, an XLSX workbook or a CSV; “%(file)s” is none.") % {"file": name})
    if suffix == ZIP:
        check_zip(file, name)
    elif file.seek(0, 2) > (most := MAX_CSV if suffix == ".csv" else DEFAULT_LIMITS.packed):
        raise too_large(name, most)
    file.seek(0)


@transaction.atomic
def start_upload(
    file: IO[bytes],
    name: str,
    *,
    key: str,
    period: Period,
    submit: bool,
    verify_by: Officer | None,
    by: Officer,
    at: datetime,
) -> Upload:
    """Keep the file and ask for its preview; the same form with the same file and wishes twice is one upload.

    `PermissionDenied` for who may import nothing; `UserError` for what is no such file, and for a verifier who is the
    sender, or who has nothing to verify.
    """
    if not any(posting_for(by, right, on=dhaka_date(at)) for right in (IMPORT, "returns.submit_return")):
        raise PermissionDenied(IMPORT)
    check_order(Order(period, by, at, submit, verify_by))
    if verify_by is not None and not submit:
        raise UserError(_("Only what is submitted can be verified. Choose that too, or nobody to verify."))
    check_upload(file, name)
    stored = store_stream(file, media_type=_MEDIA[Path(name).suffix.lower()], at=at)
    known = {
        "name": clean_text(name)[-200:],
        "period": period,
        "submit": submit,
        "verify_by": verify_by,
        "language": translation.get_language() or "bn",
        "by": by,
        "at": at,
        "file": stored,
    }
    # A form that came back by the Back button with another file or other wishes has the key of the first.
    wishes = [key, stored.sha256, period.key, submit, verify_by.pk if verify_by else None]
    upload, is_new = Upload.objects.get_or_create(key=digest_of(wishes), defaults=known)
    if upload.by_id != by.pk:
        raise PermissionDenied(IMPORT)
    if is_new:
        upload.preview_job = _enqueue(PREVIEW, upload, by, at)
        upload.save(update_fields=["preview_job"])
        record_activity("returns.start_upload", upload, by=by, at=at, after={"file": upload.file.sha256})
    return upload


@transaction.atomic
def agree_to_upload(upload: Upload, *, by: Officer, at: datetime) -> Upload:
    """Import what was shown; a second consent changes nothing. `UserError` before the preview is there."""
    upload = Upload.objects.select_for_update().get(pk=upload.pk, by=by)
    if upload.consented_at is not None:
        return upload
    if not upload.is_previewed:
        raise UserError(_("Wait for the preview; you agree to what it shows."))
    upload.consented_at = at
    upload.import_job = _enqueue(TAKE, upload, by, at)
    upload.save(update_fields=["consented_at", "import_job"])
    record_activity("returns.agree_to_upload", upload, by=by, at=at)
    return upload


@transaction.atomic
def verify_upload(upload: Upload, *, by: Officer, at: datetime) -> Upload:
    """Verify on import what another imported, by whoever was asked to; a second time changes nothing.

    `UserError` before the import has come to its end.
    """
    upload = Upload.objects.select_for_update().get(pk=upload.pk, verify_by=by)
    if upload.verified_at is not None:
        return upload
    if not upload.waits_for_verifier:
        raise UserError(_("Wait for the import to end; then verify what it submitted."))
    upload.verified_at = at
    upload.verify_job = _enqueue(VERIFY, upload, by, at)
    upload.save(update_fields=["verified_at", "verify_job"])
    record_activity("returns.verify_upload", upload, by=by, at=at)
    return upload


def _enqueue(kind: str, upload: Upload, by: Officer, at: datetime) -> Job:
    return enqueue_job(kind=kind, arguments={"upload": upload.pk}, key=f"{kind}:{upload.pk}", by=by, at=at)


def verifiers_for(by: Officer, *, at: datetime) -> list[Posting]:
    """Who could verify what an officer imports: other administrators and, by postings, superiors. One query."""
    day = dhaka_date(at)
    admins = get_right(IMPORT).grants
    judges = [post for post, reach in get_right("returns.verify_return").grants.items() if reach is Reach.CHILDREN]
    above = None
    if posting_for(by, IMPORT, on=day) is None:
        above = {posting.office.parent_id for posting in by.postings_on(day)}
    rows = Posting.objects.in_force(day).filter(post__in=[*admins, *judges], officer__is_active=True)
    found = rows.exclude(officer=by).select_related("officer", "office").order_by("office__path", "pk")
    return [one for one in found if above is None or one.post in admins or one.office_id in above]


def run_upload(pk: int, *, is_preview: bool, progress: Progress, at: datetime) -> Upload:
    """Judge or import an upload, with a verdict kept for each office as it comes. Run again, it begins anew."""
    upload = Upload.objects.select_related("file", "by", "verify_by").get(pk=pk)
    order = Order(
        upload.period, upload.by, at, upload.submit, upload.verify_by if is_preview else None, dry_run=is_preview
    )
    with TemporaryDirectory() as folder, translation.override(upload.language):
        found = _unpacked(upload, Path(folder))
        turns: Counter[tuple[str, str]] = Counter()
        for name, why in found.left_out.items():
            _keep(upload, is_preview, OfficeVerdict(name, "", FAILED, why), turns)
        expected = sum(_verdicts_due(path) for path in found.files)
        for done, (_number, verdict) in enumerate(import_files(found.files, order), start=1):
            _keep(upload, is_preview, verdict, turns)
            progress.step(done, max(expected, done))
    if not is_preview and upload.verify_by is not None:
        _tell_verifier(upload, at=at)
    return upload


def _unpacked(upload: Upload, folder: Path) -> Unpacked:
    """The files of an upload on disk, each under the name by which verdicts call it."""
    try:
        stored = open_file(upload.file)
    except DamagedFileError as error:
        raise UserError(_("The file that was sent is damaged in the store. Send it again.")) from error
    with stored as source:
        if Path(upload.name).suffix.lower() == ZIP:
            return unpack(source.open(), upload.name, folder, SUFFIXES)
        path = folder / upload.name.replace("/", " › ")[-60:]
        with path.open("wb") as copy:
            shutil.copyfileobj(source, copy)
        return Unpacked([path])


def _verdicts_due(path: Path) -> int:
    """How many verdicts a file will give."""
    if path.suffix.lower() != ".csv":
        return 1
    try:
        return len(offices_in(path))
    except UserError:
        return 1


def _keep(upload: Upload, is_preview: bool, verdict: OfficeVerdict, turns: Counter[tuple[str, str]]) -> None:
    """Write down a verdict; ``turns`` counts those of this run by file and office: a CSV may bring an office in two
    months. Of an import that ran again, the first count of figures stays: the second finds them there already."""
    file, office = verdict.file[:_LONGEST_FILE], verdict.office[:100]
    turns[file, office] += 1
    if (turn := turns[file, office]) > 1:
        file = f"{file} ({digits(turn)})"
    key = {"upload": upload, "is_preview": is_preview, "file": file, "office": office}
    said = {
        "state": verdict.state,
        "message": verdict.message,
        "new": verdict.new,
        "changed": verdict.changed,
        "unchanged": verdict.unchanged,
        "refused": verdict.refused,
        "version": verdict.version,
    }
    row, is_new = UploadVerdict.objects.get_or_create(**key, defaults=said)
    if is_new:
        return
    counts = {} if is_preview or row.is_failed or verdict.is_failed else {"new", "changed", "unchanged"}
    UploadVerdict.objects.filter(pk=row.pk).update(
        **{column: value for column, value in said.items() if column not in counts}
    )


def _tell_verifier(upload: Upload, *, at: datetime) -> None:
    """Tell whoever was asked that returns wait; where none came through there is nothing to ask."""
    if upload.verify_by is None:
        return
    if not upload.verdicts.filter(is_preview=False, state=ReturnState.SUBMITTED).exists():
        Upload.objects.filter(pk=upload.pk, verified_at=None).update(verify_by=None)
        return
    notify_officer(
        upload.verify_by,
        key=f"returns.upload:{upload.pk}",
        bn=f"{upload.by.name_bn} {upload.period.label('bn')} মাসের রিটার্ন ফাইল থেকে এনেছেন। সেগুলো আপনার যাচাইয়ের অপেক্ষায়।",
        en=f"{upload.by.name_en} has imported returns of {upload.period.label('en')}. They wait for your verdict.",
        address=reverse("returns:upload", args=[upload.pk]),
        at=at,
        by=upload.by,
    )


def run_verify(pk: int, *, progress: Progress, at: datetime) -> Upload:
    """Verify on import each return that an upload submitted, one by one; what cannot be is told and stays submitted."""
    upload = Upload.objects.select_related("verify_by").get(pk=pk)
    judge = upload.verify_by
    assert judge is not None, "a row's constraint"
    rows = list(upload.verdicts.filter(is_preview=False, state=ReturnState.SUBMITTED))
    with translation.override(upload.language):
        for done, row in enumerate(rows, start=1):
            row.message = _verified(upload, row, judge, progress, at=at)
            if row.message:
                UploadVerdict.objects.filter(pk=row.pk).update(message=row.message)
            progress.step(done, len(rows))
    codes = upload.verdicts.filter(is_verified_on_import=True).values_list("office", flat=True)
    ask_for_totals(set(codes), Order(upload.period, upload.by, at, verify_by=judge))
    return upload


def _verified(upload: Upload, row: UploadVerdict, judge: Officer, progress: Progress, *, at: datetime) -> str:
    """Verify one return as it was imported; why not, blank if it is."""
    try:
        with transaction.atomic():
            progress.confirm()
            ret = Return.objects.select_related("office", "form").get(office__code=row.office, period=upload.period)
            newest = ReturnVersion.objects.filter(ret=ret).order_by("-number").first()
            if newest and newest.state == ReturnState.SUBMITTED and newest.number != row.version:
                raise UserError(
                    _("Another version than the imported one waits by now: %(number)s. Verify it on its own page.")
                    % {"number": digits(newest.number)}
                )
            verify_return(ret, by=judge, at=at, on_import=True, seen=row.version)
            verified = {"state": ReturnState.VERIFIED, "is_verified_on_import": True, "message": ""}
            UploadVerdict.objects.filter(pk=row.pk).update(**verified)
    except UserError as error:
        return str(error.message)
    except PermissionDenied:
        return _("%(name)s may not verify the return of %(office)s: neither its superior nor an administrator.") % {
            "name": judge.name,
            "office": row.office,
        }
    return ""


def office_names(rows: Iterable[UploadVerdict]) -> dict[str, Office]:
    """The offices that verdicts are on, by code; one query."""
    return {office.code: office for office in Office.objects.filter(code__in={row.office for row in rows})}
