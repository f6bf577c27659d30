"""Documents in a ZIP with a list of contents. The same documents give the same bytes."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import IO

from django.utils import translation

from core.periods import DHAKA, Period
from documents.files import DamagedFileError, read_file
from documents.models import Document
from documents.registry import label_of
from documents.rendering import address_of

CONTENTS, SUMS = "0000_contents.csv", "SHA256SUMS"
HEADS = (
    ("নং", "No."),
    ("ফাইল", "File"),
    ("দলিলের কোড", "Code"),
    ("কার্যালয়", "Office (Bangla)"),
    ("কার্যালয় (ইংরেজি)", "Office (English)"),
    ("সময়কাল", "Period"),
    ("দলিলের ধরন", "Kind (Bangla)"),
    ("দলিলের ধরন (ইংরেজি)", "Kind (English)"),
    ("উপাত্তের সময়", "Time of the data"),
    ("আকার (বাইট)", "Size in bytes"),
    ("SHA-256", "SHA-256"),
    ("যাচাইয়ের ঠিকানা", "Address to verify it"),
    ("মন্তব্য", "Note"),
)
DAMAGED = (
    "এতে নেই: সংরক্ষিত ফাইলটি ক্ষতিগ্রস্ত। প্রশাসককে জানান। / "
    "Not in this ZIP: the stored file is damaged. Tell the administrator."
)
DEMO = "প্রদর্শনীর উপাত্ত / demonstration data"
#: Progress is written once for so many papers.
TOLD_EVERY = 10
_UNSAFE = re.compile(r"[^A-Za-z0-9.-]+")
_LIKE_A_FORMULA = ("=", "+", "-", "@")
#: No entry tells when it was packed.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Packed:
    """A document's place in the list: its file there, blank if it could not go in."""

    document: Document
    name: str
    note: str


def name_in_zip(number: int, document: Document) -> str:
    """``0007_hatibandha_returns-return_2026-10_7K3M9QZT.pdf``: ASCII, and sorted as the list of contents."""
    period = str(document.arguments.get("period", ""))
    parts = [f"{number:04d}", document.office.code, document.kind.replace(".", "-"), period, document.code[:8]]
    return "_".join(_UNSAFE.sub("-", part) for part in parts if part) + ".pdf"


def pack_documents(
    documents: Sequence[Document], out: IO[bytes], tell: Callable[[int, int], None] = lambda done, of: None
) -> list[Document]:
    """Write the documents (ready, with office and file) and their list into an open file, one at a time.

    Return those whose stored file is damaged or lost: they are named in the list and harm no other.
    """
    packed: list[Packed] = []
    # A PDF is compressed already.
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for number, document in enumerate(documents, start=1):
            if number % TOLD_EVERY == 1:
                tell(number - 1, len(documents))
            packed.append(_pack(archive, number, document))
        present = [one for one in packed if one.name]
        _write(archive, SUMS, "".join(f"{_sha(one.document)}  {one.name}\n" for one in present).encode())
        _write(archive, CONTENTS, _contents(packed))
    return [one.document for one in packed if not one.name]


def _pack(archive: zipfile.ZipFile, number: int, document: Document) -> Packed:
    name = name_in_zip(number, document)
    try:
        if document.file is None:
            return Packed(document, "", DAMAGED)
        _write(archive, name, read_file(document.file))
    except DamagedFileError:
        return Packed(document, "", DAMAGED)
    return Packed(document, name, DEMO if document.is_demo else "")


def _write(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, _NO_TIME)
    entry.create_system, entry.external_attr = 3, 0o644 << 16
    archive.writestr(entry, data)


def _contents(packed: Sequence[Packed]) -> bytes:
    """The list for a spreadsheet, with the mark by which it knows Bangla letters."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(f"{bn} / {en}" if bn != en else bn for bn, en in HEADS)
    for number, one in enumerate(packed, start=1):
        rows.writerow(_safe(field) for field in (str(number), *_row(one)))
    return text.getvalue().encode("utf-8-sig")


def _row(one: Packed) -> list[str]:
    document = one.document
    return [
        one.name,
        document.printed_code,
        document.office.name_bn,
        document.office.name_en,
        _period_of(document),
        _label(document, "bn"),
        _label(document, "en"),
        f"{document.data_at.astimezone(DHAKA):%Y-%m-%d %H:%M}",
        str(document.file.size) if document.file else "",
        _sha(document),
        address_of(document.code),
        one.note,
    ]


def _sha(document: Document) -> str:
    return document.file.sha256 if document.file else ""


def _safe(field: str) -> str:
    """A text that a spreadsheet does not take for a formula."""
    return f"'{field}" if field.startswith(_LIKE_A_FORMULA) else field


def _period_of(document: Document) -> str:
    """The period's name in Bangla and its key; that of a yearly paper stands in its subject."""
    key = document.arguments.get("period")
    return f"{Period.parse(key).label('bn')} ({key})" if key else document.subject.rpartition(":")[2]


def _label(document: Document, language: str) -> str:
    with translation.override(language):
        return label_of(document.kind)
