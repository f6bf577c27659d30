"""Lists to fill in offline: a workbook of one sheet with a row for each person or thing, and what comes back in it.

Heads are locked, words to choose from stand in drop-down lists, and a hidden sheet says what the workbook is and whose.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from django.core import signing
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from core.evidence import digest_of
from core.periods import DHAKA
from core.templatetags.figures import digits
from core.text import search_key
from core.workbooks.reading import Workbook, read_workbook
from core.workbooks.safety import WorkbookError
from core.workbooks.writing import BookWriter, Field, Look

SHEET, IDENTITY, WORDS = "তালিকা", "_portal", "_words"
#: Title, note and heads stand above the rows.
HEAD_ROW = 3
#: Excel keeps what is typed into a cell of this form as text: a number's leading zero stays.
TEXT = "@"
#: How long a preview may wait for its consent, in seconds.
_PATIENCE = 24 * 3600


@dataclass(frozen=True)
class ListColumn:
    """A column: ``key`` is the field of the form that judges it; ``words`` are the labels to choose from, by value."""

    key: str
    head: str
    width: float = 18
    words: Mapping[str, str] = field(default_factory=dict)
    form: str = TEXT


@dataclass(frozen=True)
class ListRow:
    """A row as it was typed, by column key; blanks are empty texts."""

    number: int
    texts: Mapping[str, str]


@dataclass(frozen=True)
class ListDelivery:
    """What a filled list says; ``identity`` is what its hidden sheet carries."""

    file: str
    identity: Mapping[str, str]
    rows: tuple[ListRow, ...]


@dataclass(frozen=True)
class Wrong:
    """What is wrong in a cell, and where it stands, like ``C14``."""

    place: str
    head: str
    text: str
    message: str


def write_list(
    identity: Mapping[str, str], columns: Sequence[ListColumn], *, title: str, note: str, rows: int, at: datetime
) -> bytes:
    """A list with so many blank rows as XLSX, in the language in force."""
    book = BookWriter()
    sheet = book.sheet(SHEET, [column.width for column in columns], is_locked=True, freeze=f"A{HEAD_ROW + 1}")
    sheet.add([Field(title, Look.TITLE)])
    sheet.add([Field(note, Look.NOTE)])
    sheet.add([Field(column.head, Look.HEAD) for column in columns])
    for _number in range(rows):
        sheet.add([Field(None, Look.ENTRY, column.form) for column in columns])
    words = book.sheet(WORDS, [40] * len(columns), is_hidden=True, is_locked=True)
    lists = [list(column.words.values()) for column in columns]
    for number in range(max(map(len, lists), default=0)):
        words.add([one[number] if number < len(one) else None for one in lists])
    for number, one in enumerate(lists, start=1):
        if one:
            letter = get_column_letter(number)
            sheet.choose(number, HEAD_ROW + 1, HEAD_ROW + rows, f"{WORDS}!${letter}$1:${letter}${len(one)}")
    write_identity(book, identity, at=at)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def read_list(
    source: bytes | Path | IO[bytes], name: str, kind: str, columns: Sequence[ListColumn], *, most: int
) -> ListDelivery:
    """The filled rows of a list of a kind; `WorkbookError` for another workbook, moved columns, too many or no rows."""
    book = read_workbook(source, name, hidden=[IDENTITY, WORDS])
    identity = read_identity(book, kind)
    sheet = book.sheet(SHEET)
    for number, column in enumerate(columns, start=1):
        head = sheet.cell(HEAD_ROW, number) if sheet else None
        if head is None or head.text != column.head:
            raise WorkbookError(
                _("“%(file)s”: cell %(cell)s must be “%(head)s”. Download the workbook anew; heads may not change.")
                % {"file": name, "cell": f"{get_column_letter(number)}{HEAD_ROW}", "head": column.head}
            )
    assert sheet is not None
    found = []
    for row in sheet.rows:
        texts = {column.key: row.cell(number).text for number, column in enumerate(columns, start=1)}
        if row.number > HEAD_ROW and any(texts.values()):
            found.append(ListRow(row.number, texts))
    if not found:
        raise WorkbookError(_("“%(file)s” has no filled row. Fill in at least one, and save it.") % {"file": name})
    if len(found) > most:
        raise WorkbookError(
            _("“%(file)s” has more than %(most)s rows. Send them in two workbooks.")
            % {"file": name, "most": digits(most)}
        )
    return ListDelivery(name, identity, tuple(found))


def write_identity(book: BookWriter, identity: Mapping[str, str], *, at: datetime) -> None:
    """The hidden sheet: names and values, and a digest that shows whether it was changed."""
    known = {**identity, "made at": at.astimezone(DHAKA).isoformat(timespec="seconds")}
    sheet = book.sheet(IDENTITY, [16, 60], is_hidden=True, is_locked=True)
    for name, text in {**known, "digest": identity_digest(known)}.items():
        sheet.add([name, text])


def read_identity(book: Workbook, kind: str) -> dict[str, str]:
    """What the hidden sheet says; `WorkbookError` for none, one of another kind, or one that was changed."""
    sheet = book.sheet(IDENTITY)
    rows = {row.cell(1).text: row.cell(2).text for row in sheet.rows} if sheet else {}
    if rows.get("kind") != kind:
        raise WorkbookError(
            _("“%(file)s” is not the workbook of this page. Download it here and fill that in.") % {"file": book.name}
        )
    if rows.get("digest") != identity_digest(rows):
        raise changed_by_hand(book.name)
    return rows


def changed_by_hand(name: str) -> WorkbookError:
    """What is said of a workbook whose hidden sheet is not as it was written."""
    return WorkbookError(
        _("The hidden sheet of “%(file)s” was changed. Download the workbook anew and fill that in.") % {"file": name}
    )


def identity_digest(identity: Mapping[str, str]) -> str:
    """What proves that the hidden sheet is as it was written."""
    return digest_of({key: value for key, value in identity.items() if key != "digest"})


def chosen(text: str, words: Mapping[str, str]) -> str:
    """The value of a word of a drop-down list, however it was typed; the text itself where it is none of them."""
    wanted = search_key(text)
    return next((value for value, label in words.items() if wanted in (search_key(label), search_key(value))), text)


def chosen_texts(row: ListRow, columns: Iterable[ListColumn]) -> dict[str, str]:
    """A row's texts for a form: words of drop-down lists as their values."""
    return {column.key: chosen(row.texts[column.key], column.words) for column in columns}


def wrong_cells(row: ListRow, columns: Sequence[ListColumn], errors: Mapping[str, Iterable[object]]) -> list[Wrong]:
    """A form's errors by the cells of a row; those of no field stand at the first."""
    found = []
    keys = [column.key for column in columns]
    for key, messages in errors.items():
        number = keys.index(key) if key in keys else 0
        place = f"{get_column_letter(number + 1)}{row.number}"
        text = row.texts[keys[number]]
        for message in map(str, messages):
            found.append(Wrong(place, columns[number].head, "" if text in message else text, message))
    return sorted(found, key=lambda one: (len(one.place), one.place))


def seal_list(delivery: ListDelivery, *, salt: str) -> str:
    """The delivery for a page to carry until consent; nothing of it is kept here before."""
    rows = [[row.number, dict(row.texts)] for row in delivery.rows]
    content = {"file": delivery.file, "identity": dict(delivery.identity), "rows": rows}
    return signing.dumps(content, salt=salt, compress=True)


def unseal_list(text: str, *, salt: str) -> ListDelivery:
    """The delivery that a page carried; `WorkbookError` once it is too old, or was not ours."""
    content = unseal(text, salt=salt)
    rows = tuple(ListRow(number, texts) for number, texts in content["rows"])
    return ListDelivery(content["file"], content["identity"], rows)


def unseal(text: str, *, salt: str) -> Any:
    """What a page carried until consent; `WorkbookError` once it is too old, or was not ours."""
    try:
        return signing.loads(text, salt=salt, max_age=_PATIENCE)
    except signing.BadSignature as error:
        raise WorkbookError(
            _("This preview is no longer valid. Send the workbook again; nothing was saved.")
        ) from error
