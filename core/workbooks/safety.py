"""Whether an uploaded file may be opened at all: judged by the directory of the zip and the bare text of its parts.

An XLSX of 5 MB can unpack to gigabytes, so that sizes are read before anything is unpacked. The size that a member
declares is also the most that `zipfile` ever unpacks of it, so that a lie about it ends in a damaged file.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from django.utils.translation import gettext as _

from core.errors import UserError
from core.templatetags.figures import digits


class WorkbookError(UserError):
    """The workbook is refused; the message names sheet and cell where there is one."""


@dataclass(frozen=True)
class Limits:
    """What a workbook may hold: bytes packed and unpacked, times that it may swell, members, sheets, rows, columns."""

    packed: int = 10 * 1024 * 1024
    unpacked: int = 64 * 1024 * 1024
    swelling: int = 100
    members: int = 500
    sheets: int = 40
    rows: int = 20_000
    columns: int = 100


DEFAULT_LIMITS = Limits()
#: Small members may swell as they like: a blank sheet of a few bytes already does.
_SMALL = 1024 * 1024
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_BAD_MEMBERS = (
    (re.compile(r"^xl/externalLinks/", re.IGNORECASE), "links"),
    (re.compile(r"vbaProject\.bin$|^xl/macrosheets/", re.IGNORECASE), "macros"),
)
_TAG = rb"<(?:[^\s<>/:!?]{1,40}:)?"
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_FORMULA = re.compile(_TAG + rb"f[\s>/]")
_MERGED = re.compile(_TAG + rb'mergeCell\s[^>]*?ref="([A-Z]{1,3}[0-9]+)')
_CELL = re.compile(_TAG + rb'c\s[^>]*?r="([A-Z]{1,3}[0-9]+)"')


def check_archive(file: IO[bytes], name: str, limits: Limits) -> None:
    """Raise `WorkbookError` unless the file is a zip of decent sizes and parts, without links or macros."""
    size = file.seek(0, 2)
    file.seek(0)
    if size > limits.packed:
        raise WorkbookError(
            _("“%(file)s” is larger than %(most)s MB. Send only the filled workbook.")
            % {"file": name, "most": digits(limits.packed // 1024**2)}
        )
    if file.read(4) == _OLD_OFFICE:
        raise WorkbookError(
            _("“%(file)s” has a password or the old .xls form. Save it as .xlsx without a password.") % {"file": name}
        )
    try:
        with zipfile.ZipFile(file) as archive:
            _check_members(archive.infolist(), name, limits)
            _check_parts(archive, name)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError) as error:
        raise damaged(name) from error
    finally:
        file.seek(0)


def damaged(name: str) -> WorkbookError:
    """What is said of a file that is no workbook, or no longer one."""
    return WorkbookError(
        _("“%(file)s” cannot be read as an XLSX workbook; it may be damaged. Download it anew and fill it in again.")
        % {"file": name}
    )


def swells(member: zipfile.ZipInfo, limits: Limits) -> bool:
    """Whether a member of a zip unpacks to many times its size, by what the directory says."""
    return member.file_size > _SMALL and member.file_size > limits.swelling * max(member.compress_size, 1)


def _check_members(members: list[zipfile.ZipInfo], name: str, limits: Limits) -> None:
    unpacked = sum(member.file_size for member in members)
    swollen = any(swells(member, limits) for member in members)
    if unpacked > limits.unpacked or swollen or len(members) > limits.members:
        raise WorkbookError(
            _("“%(file)s” unpacks to far more than a workbook of ours can hold. It was not opened.") % {"file": name}
        )
    for member in members:
        for pattern, what in _BAD_MEMBERS:
            if pattern.search(member.filename):
                raise WorkbookError(_refusals(what) % {"file": name})


def _refusals(what: str) -> str:
    return {
        "links": _("“%(file)s” is linked to another workbook. Paste the figures as values, and save it again."),
        "macros": _("“%(file)s” contains macros. Save it as .xlsx without macros."),
    }[what]


def _check_parts(archive: zipfile.ZipFile, name: str) -> None:
    """No part may declare entities; text in another encoding than UTF-8 would hide them from this look."""
    for member in archive.infolist():
        if PurePosixPath(member.filename).suffix not in (".xml", ".rels"):
            continue
        content = archive.read(member)
        if _DECLARATION.search(content) or b"\x00" in content[:200]:
            raise damaged(name)


def check_sheet(content: bytes, sheet: str) -> None:
    """Raise `WorkbookError` for a sheet (its bare XML) with a merged cell or a formula, named by its address."""
    if merged := _MERGED.search(content):
        raise WorkbookError(
            _("Sheet “%(sheet)s”, cell %(cell)s: cells are merged there. Undo the merging.")
            % {"sheet": sheet, "cell": merged[1].decode()}
        )
    if formula := _FORMULA.search(content):
        before = list(_CELL.finditer(content, max(0, formula.start() - 2000), formula.start()))
        raise WorkbookError(
            _("Sheet “%(sheet)s”, cell %(cell)s holds a formula. Write the figure itself.")
            % {"sheet": sheet, "cell": before[-1][1].decode() if before else "?"}
        )
