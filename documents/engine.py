"""HTML in, PDF out: the one module that knows the PDF engine.

Everything the engine may read lies in this project: it is given a parsed stylesheet and a string, and whatever else
the string asks for (a file, an address, another stylesheet) is refused.
"""

from __future__ import annotations

import gc
import re
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, NoReturn

import weasyprint
from weasyprint.css.counters import CounterStyle
from weasyprint.html import UA
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from documents import textlayer
from documents.registry import Attachment, Paper
from documents.rendering import render_html, stylesheet_path

VARIANT = "pdf/a-3u"
HAS_TEXT_LAYER = textlayer.install()
_POINTS = 0.75
"""PDF points for one CSS pixel."""

# The font configuration and the parsed stylesheet are shared by all renderings, and Pango is not for two threads.
_LOCK = threading.Lock()


@dataclass(frozen=True)
class Box:
    """Where an element with an ``id`` lies: page (1 is the first) and corners in points from the lower left."""

    page: int
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True)
class Rendered:
    """A finished file, its number of pages, and where its elements with an ``id`` lie."""

    data: bytes
    pages: int
    boxes: dict[str, Box]

    def boxes_as_json(self) -> dict[str, dict[str, float]]:
        return {name: asdict(box) for name, box in self.boxes.items()}


class RefusedError(ValueError):
    """A page asked for something outside itself."""


class _RefusingFetcher(URLFetcher):  # type: ignore[misc]
    """Serves nothing: papers carry their drawings inline, and their stylesheet is passed already parsed."""

    def fetch(self, url: str, headers: Any = None) -> NoReturn:
        raise RefusedError(f"a paper asked for {url[:200]!r}")


class _Page(weasyprint.HTML):  # type: ignore[misc]
    """A page without the engine's rules for footnotes, which it would work out six times for each cell of a table."""

    def _ua_stylesheets(self, forms: bool = False) -> list[Any]:
        return super()._ua_stylesheets(forms) if forms else [_styles_without_notes()]


@cache
def _styles_without_notes() -> Any:
    without_notes = re.sub(r"^::(?:foot)?note-[^\n]*", "", UA, flags=re.MULTILINE)
    return weasyprint.CSS(
        string=re.sub("^::marker", "li::marker", without_notes, flags=re.MULTILINE), counter_style=CounterStyle()
    )


def render_pdf(
    html: str,
    *,
    at: datetime,
    variant: str | None = VARIANT,
    attachments: Sequence[Attachment] = (),
) -> Rendered:
    """Lay out and write one file: PDF/A-3u by construction, untagged, the same bytes for the same arguments.

    ``at`` is written as its time of creation.
    """
    with _LOCK:
        _settle()
        document = _Page(string=html, base_url=None, url_fetcher=_RefusingFetcher()).render(
            font_config=_fonts(), stylesheets=[_stylesheet()]
        )
        instant = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        document.metadata.created = document.metadata.modified = instant
        document.metadata.attachments = []
        data = document.write_pdf(
            pdf_variant=variant,
            attachments=[_carried(a, at) for a in attachments] or None,
            finisher=_mend,
        )
    return Rendered(data=data, pages=len(document.pages), boxes=_boxes(document))


def render_pdf_bytes(
    paper: Paper, *, code: str, variant: str | None = VARIANT, attachments: Sequence[Attachment] = ()
) -> bytes:
    """The file of a paper under a code, made at once; ``attachments`` join the paper's own."""
    return render_paper(paper, code=code, variant=variant, attachments=attachments).data


def render_paper(
    paper: Paper, *, code: str, variant: str | None = VARIANT, attachments: Sequence[Attachment] = ()
) -> Rendered:
    """As `render_pdf_bytes`, with the number of pages and the places left for signatures."""
    return render_pdf(
        render_html(paper, code=code),
        at=paper.data_at,
        variant=variant,
        attachments=[*paper.attachments, *attachments],
    )


@cache
def _fonts() -> FontConfiguration:
    return FontConfiguration()


@cache
def _stylesheet() -> Any:
    return weasyprint.CSS(
        string=stylesheet_path().read_text(encoding="utf-8"), font_config=_fonts(), url_fetcher=_RefusingFetcher()
    )


@cache
def _settle() -> None:
    """Before the first paper, let the memory's cleaner pass over what stays for good: engine, fonts, rooms.

    Laying out makes so many small objects that it would go through all that again and again, for a third of the time.
    """
    _stylesheet()
    gc.collect()
    gc.freeze()


def _carried(attachment: Attachment, at: datetime) -> Any:
    return weasyprint.Attachment(
        string=attachment.content,
        name=attachment.name,
        description=attachment.description or None,
        created=at.astimezone(UTC),
        modified=at.astimezone(UTC),
        relationship=attachment.relationship,
    )


def _mend(document: Any, pdf: Any) -> None:
    """The engine lists each attachment twice among the associated files; the standard wants it once."""
    if "AF" in pdf.catalog:
        files = pdf.catalog["AF"]
        files[:] = list(dict.fromkeys(files))


def _boxes(document: Any) -> dict[str, Box]:
    return {
        name: Box(
            number,
            round(left * _POINTS, 2),
            round((page.height - bottom) * _POINTS, 2),
            round(right * _POINTS, 2),
            round((page.height - top) * _POINTS, 2),
        )
        for number, page in enumerate(document.pages, start=1)
        for name, (left, top, right, bottom) in page.anchors.items()
    }
