"""A ZIP of filled files: judged by its directory before anything is unpacked, then unpacked one file at a time.

No name in it decides where anything is written, and each file that stays out is named with the reason.
"""

from __future__ import annotations

import shutil
import zipfile
import zlib
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from core.templatetags.figures import digits
from core.text import clean_text
from core.workbooks.safety import DEFAULT_LIMITS, Limits, WorkbookError, swells

#: Bytes packed and unpacked, and files, of a whole ZIP.
ZIP_LIMITS = Limits(packed=25 * 1024**2, unpacked=100 * 1024**2, members=2_000)
#: Bytes of a file's name; file systems take 255.
_LONGEST = 200
_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError)


@dataclass
class Unpacked:
    """The files of a ZIP by their path in it, and why the others stayed out, by name."""

    files: list[Path] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)


def check_zip(file: IO[bytes], name: str, limits: Limits = ZIP_LIMITS) -> None:
    """Raise `WorkbookError` unless the file is a ZIP of decent size; nothing is unpacked."""
    if file.seek(0, 2) > limits.packed:
        raise too_large(name, limits.packed)
    try:
        with zipfile.ZipFile(file) as archive:
            _check_sizes(archive, name, limits)
    except _BROKEN as error:
        raise _damaged(name) from error
    finally:
        file.seek(0)


def too_large(name: str, most: int) -> WorkbookError:
    """What is said of a file that is larger than ``most`` bytes."""
    return WorkbookError(
        _("“%(file)s” is larger than %(most)s MB. Send it in parts.") % {"file": name, "most": digits(most // 1024**2)}
    )


def _damaged(name: str) -> WorkbookError:
    return WorkbookError(_("“%(file)s” cannot be read as a ZIP; it may be damaged. Pack it anew.") % {"file": name})


def _check_sizes(archive: zipfile.ZipFile, name: str, limits: Limits) -> None:
    members = archive.infolist()
    fine = [member for member in members if not _swollen(member)]
    if len(members) > limits.members or sum(member.file_size for member in fine) > limits.unpacked:
        raise WorkbookError(
            _("“%(file)s” holds more than %(files)s files or %(most)s MB. It was not opened; send it in parts.")
            % {"file": name, "files": digits(limits.members), "most": digits(limits.unpacked // 1024**2)}
        )


def _swollen(member: zipfile.ZipInfo) -> bool:
    return member.file_size > 2 * DEFAULT_LIMITS.packed or swells(member, DEFAULT_LIMITS)


def unpack(
    file: IO[bytes], name: str, folder: Path, suffixes: Collection[str], limits: Limits = ZIP_LIMITS
) -> Unpacked:
    """Unpack the files with these suffixes into a folder, each under its path in the ZIP written as one name.

    What an office program or a file manager adds by itself is passed over in silence. `WorkbookError` as `check_zip`.
    """
    check_zip(file, name, limits)
    found = Unpacked()
    with zipfile.ZipFile(file) as archive:
        for member in archive.infolist():
            parts = _parts(member.filename)
            if member.is_dir() or not parts or parts[0] == "__MACOSX" or parts[-1].startswith((".", "~$")):
                continue
            label = " › ".join(parts)
            target = folder / label
            why = _obstacle(member, label, target, suffixes) or _copied(archive, member, target)
            if why:
                found.left_out[label] = why
            else:
                found.files.append(target)
    found.files.sort()
    return found


def _parts(path: str) -> list[str]:
    """A path in a ZIP as names, none of which leads anywhere else."""
    names = (clean_text(part) for part in path.replace("\\", "/").split("/"))
    return [name for name in names if name not in ("", ".", "..")]


def _obstacle(member: zipfile.ZipInfo, label: str, target: Path, suffixes: Collection[str]) -> str:
    """Why a file of a ZIP is not unpacked; blank if nothing is in the way."""
    if Path(label).suffix.lower() not in suffixes:
        return _("This is neither an XLSX workbook nor a CSV; it was left out.")
    if len(label.encode()) > _LONGEST:
        return _("The name of this file is too long. Shorten it.")
    if target.exists():
        return _("A file of this name stands in the ZIP twice; the second was left out.")
    if _swollen(member):
        return _("This file unpacks to far more than a filled workbook can hold. It was not opened.")
    return ""


def _copied(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> str:
    """Unpack one file; what went wrong with it, blank if nothing did."""
    try:
        with archive.open(member) as source, target.open("wb") as copy:
            shutil.copyfileobj(source, copy)
    except _BROKEN:
        target.unlink(missing_ok=True)
        return _("This file cannot be unpacked: it is damaged or has a password.")
    return ""
