"""Writes at a cell beside its figure: comments, flags, files of its line."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.activity import record_activity
from core.errors import UserError
from core.language import reader_wants_bangla
from core.periods import dhaka_date
from core.templatetags.figures import digits
from core.text import clean_text
from documents.files import store_file
from offices.models import Officer
from offices.rights import require_right
from returns.catalogue import Catalogue
from returns.cell_models import Comment, Flag, LineFile
from returns.choices import ReturnState
from returns.file_kinds import MOST_FILES, kind_of, safe_name
from returns.models import Return
from returns.published import catalogue_of
from returns.services.entry import MAX_REMARK, too_long
from returns.services.locking import lock_draft, lock_return


def _check_cell(catalogue: Catalogue, cell: str) -> None:
    if cell not in catalogue.cells_by_key:
        raise UserError(_("The form has no cell %(cell)s.") % {"cell": cell}, cell=cell)


@transaction.atomic
def write_comment(ret: Return, *, cell: str, text: str, by: Officer, at: datetime) -> Comment:
    """Say something at a cell, to whoever enters or verifies. `UserError` if blank or over 1,000 characters."""
    fresh, _version = lock_return(ret)
    posting = require_right(by, "returns.comment_return", fresh, on=dhaka_date(at))
    _check_cell(catalogue_of(fresh.form), cell)
    words = clean_text(text)
    if not words:
        raise UserError(_("Write the comment first."), cell=cell)
    if len(words) > MAX_REMARK:
        raise UserError(too_long(words), cell=cell)
    comment = Comment.objects.create(ret=fresh, cell=cell, text=words, by=by, at=at)
    _record("write_comment", fresh, cell, by, at, posting.post, text=words)
    return comment


def _record(verb: str, ret: Return, cell: str, by: Officer, at: datetime, post: str, **said: str) -> None:
    after = {"cell": cell, **said}
    record_activity(f"returns.{verb}", ret, by=by, at=at, office_path=ret.office_path, post=post, after=after)


@transaction.atomic
def flag_cell(ret: Return, *, cell: str, by: Officer, at: datetime) -> Flag:
    """Mark a cell of a submitted return "look again"; one that is marked stays so."""
    fresh, version = lock_return(ret)
    posting = require_right(by, "returns.verify_return", fresh, on=dhaka_date(at))
    _check_cell(catalogue_of(fresh.form), cell)
    if version.state != ReturnState.SUBMITTED:
        raise UserError(_("Only figures of a return that waits for its verdict are flagged."), cell=cell)
    flag, is_new = Flag.objects.get_or_create(
        ret=fresh, cell=cell, cleared_at=None, defaults={"set_by": by, "set_at": at}
    )
    if is_new:
        _record("flag_cell", fresh, cell, by, at, posting.post)
    return flag


@transaction.atomic
def clear_flag(ret: Return, *, cell: str, by: Officer, at: datetime) -> None:
    """Take the mark off a cell; nothing happens where none stands."""
    fresh, _version = lock_return(ret)
    posting = require_right(by, "returns.verify_return", fresh, on=dhaka_date(at))
    if Flag.objects.filter(ret=fresh, cell=cell, cleared_at=None).update(cleared_by=by, cleared_at=at):
        _record("clear_flag", fresh, cell, by, at, posting.post)


def check_no_flag(ret: Return) -> None:
    """Refuse a verification while a figure is still marked "look again"."""
    cell = first_flagged(ret)
    if cell:
        raise UserError(
            _("%(cell)s is still flagged to be looked at again. Clear the flag, or send the return back.")
            % {"cell": catalogue_of(ret.form).code_of(cell, bangla=reader_wants_bangla())},
            cell=cell,
        )


def first_flagged(ret: Return) -> str:
    """The first flagged cell in the order of the form; empty if none is."""
    flagged = set(Flag.objects.filter(ret=ret, cleared_at=None).values_list("cell", flat=True))
    return next((cell.key for cell in catalogue_of(ret.form).cells if cell.key in flagged), "") if flagged else ""


@transaction.atomic
def attach_file(ret: Return, *, line: str, name: str, data: bytes, by: Officer, at: datetime) -> LineFile:
    """Lay a PDF, JPEG, PNG or XLSX beside a line of a draft (at most 20 a line, 10 MB each); the same bytes once."""
    fresh, _version, posting = lock_draft(ret, by=by, at=at)
    if line not in catalogue_of(fresh.form).lines:
        raise UserError(_("The form has no line %(line)s.") % {"line": line}, cell=line)
    kind = kind_of(data, safe_name(name, "").strip("."))
    if LineFile.objects.filter(ret=fresh, line=line).count() >= MOST_FILES:
        raise UserError(_("A line holds at most %(most)s files.") % {"most": digits(MOST_FILES)}, cell=line)
    stored = store_file(data, media_type=kind.media_type, at=at)
    row, is_new = LineFile.objects.get_or_create(
        ret=fresh,
        line=line,
        file=stored,
        defaults={"name": safe_name(name, kind.ending), "added_by": by, "added_at": at},
    )
    if is_new:
        _record("attach_file", fresh, line, by, at, posting.post, name=row.name, sha256=stored.sha256)
    return row


@transaction.atomic
def remove_file(ret: Return, *, pk: int, by: Officer, at: datetime) -> str:
    """Take a file away from a line of a draft; gives the line. What was stored and recorded stays on record."""
    fresh, _version, posting = lock_draft(ret, by=by, at=at)
    row = LineFile.objects.select_related("file").filter(ret=fresh, pk=pk).first()
    if row is None:
        raise UserError(_("This file has been taken away already."))
    row.delete()
    _record("remove_file", fresh, row.line, by, at, posting.post, name=row.name, sha256=row.file.sha256)
    return row.line
