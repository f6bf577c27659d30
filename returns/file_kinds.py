"""What an uploaded file is, by its bytes, and the name under which it may be handed out. Pure."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.errors import UserError
from core.templatetags.figures import digits
from core.text import clean_text

MOST_BYTES = 10 * 1024 * 1024
MOST_FILES = 20
MOST_CHARACTERS = 100
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_STARTS = (
    (b"%PDF-", "application/pdf", "pdf"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
)
#: Nothing of these in a name: it must neither leave its folder nor pretend to end otherwise.
_UNSAFE = set('/\\:*?"<>|') | {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}


@dataclass(frozen=True)
class FileKind:
    media_type: str
    ending: str


def kind_of(data: bytes, name: str) -> FileKind:
    """PDF, JPEG, PNG or XLSX by content, whatever the name says. `UserError` for anything else, empty or too large."""
    if not data:
        raise UserError(_("%(name)s is empty. Choose the file again.") % {"name": name})
    if len(data) > MOST_BYTES:
        raise UserError(
            _("%(name)s is larger than %(most)s MB. Scan it in a lower resolution.")
            % {"name": name, "most": digits(MOST_BYTES // 1024 // 1024)}
        )
    for start, media_type, ending in _STARTS:
        if data.startswith(start):
            return FileKind(media_type, ending)
    if _is_workbook(data):
        return FileKind(_SHEET, "xlsx")
    raise UserError(_("%(name)s is no PDF, JPEG, PNG or XLSX. Save it as one of these.") % {"name": name})


def _is_workbook(data: bytes) -> bool:
    """Only the list of contents is read: nothing is unpacked."""
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return False
    return {"[Content_Types].xml", "xl/workbook.xml"} <= set(names)


def safe_name(name: str, ending: str) -> str:
    """The file's name in NFC, without folders or characters that deceive, with the ending its content has."""
    last = name.replace("\\", "/").rpartition("/")[2]
    cleaned = clean_text("".join(c for c in last if c.isprintable() and c not in _UNSAFE)).strip(". ")
    stem, dot, old = cleaned.rpartition(".")
    known = old.lower() in {"pdf", "jpg", "jpeg", "png", "xlsx"}
    stem = (stem if dot and known else cleaned)[:MOST_CHARACTERS].strip(". ")
    return f"{stem or 'file'}.{ending}"
