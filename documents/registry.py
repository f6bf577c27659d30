"""What a room must say about a paper it wants printed, and the register of the builders that say it.

A room's ``papers.py`` (imported by its AppConfig) registers builders; this room knows none of them::

    @paper("returns.return", _("Return"))
    def return_paper(*, office: str, period: str) -> Paper: ...

A builder takes JSON-ready keyword arguments, reads, and writes nothing. It runs once when the document is asked for
and once in the job that renders it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True)
class Source:
    """One row a paper was drawn from: its key (``returns.returnversion:17``), version, and since when it says so.

    The labels are for people; they name the office and the period, no figure.
    """

    key: str
    version: str
    at: datetime
    label_bn: str = ""
    label_en: str = ""


@dataclass(frozen=True)
class Fact:
    """A line that a stranger may read behind the QR code: office, period, version. Never a figure, never a person."""

    label_bn: str
    label_en: str
    value_bn: str
    value_en: str


@dataclass(frozen=True)
class Attachment:
    """A file carried inside the PDF (PDF/A-3); ``relationship`` is the standard's word (Data, Source …)."""

    name: str
    content: bytes
    media_type: str = "application/json"
    description: str = ""
    relationship: str = "Data"


@dataclass(frozen=True)
class Paper:
    """Everything that stands on a paper.

    ``context`` goes to ``template`` (which extends ``pdf/base.html``) and is hashed: it holds values, dates and frozen
    dataclasses, no rows, no querysets, nothing of "now". ``subject`` names what the paper is about whatever its
    version (``hatibandha:2026-10``). ``office_path`` is the office whose paper it is. ``data_at`` is the newest of
    ``sources``. ``completeness_bn`` is the sentence under the head saying who is in and who is missing.
    """

    template: str
    context: dict[str, Any]
    title_bn: str
    title_en: str
    subject: str
    office_path: str
    sources: tuple[Source, ...]
    data_at: datetime
    facts: tuple[Fact, ...] = ()
    is_demo: bool = False
    completeness_bn: str = ""
    attachments: tuple[Attachment, ...] = field(default=())


Builder = Callable[..., Paper]
B = TypeVar("B", bound=Builder)


@dataclass(frozen=True)
class Kind:
    """A kind of paper, its builder and its name for people."""

    code: str
    build: Builder
    label: str | StrPromise


_KINDS: dict[str, Kind] = {}


class UnknownPaperError(LookupError):
    """No room has registered a paper of this kind."""


def paper(kind: str, label: str | StrPromise = "") -> Callable[[B], B]:
    """Register a builder under ``room.noun``; ``label`` is what people call the paper."""

    def keep(builder: B) -> B:
        _KINDS[kind] = Kind(kind, builder, label or kind)
        return builder

    return keep


def build_paper(kind: str, arguments: dict[str, Any]) -> Paper:
    """The paper as the data stands now. Raise `UnknownPaperError` for a kind nobody prints."""
    try:
        known = _KINDS[kind]
    except KeyError as error:
        raise UnknownPaperError(kind) from error
    return known.build(**arguments)


def all_kinds() -> list[Kind]:
    return [_KINDS[code] for code in sorted(_KINDS)]


def label_of(kind: str) -> str:
    """What people call the kind; its code if no room knows it any more."""
    known = _KINDS.get(kind)
    return str(known.label) if known else kind
