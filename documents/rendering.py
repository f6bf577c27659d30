"""A paper as HTML: its template with everything every page carries (code, QR, data time, demonstration mark)."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from documents.codes import group_code
from documents.registry import Paper

LANGUAGE = "bn"
STYLESHEET = "css/pdf.css"
_PARTS = re.compile(r"""{%\s*(?:extends|include)\s+["']([^"']+)["']""")


def address_of(code: str) -> str:
    """The public address that the QR code opens."""
    return f"{settings.PORTAL_ADDRESS.rstrip('/')}/v/{code}/"


def qr_of(code: str) -> SafeString:
    """The address as an SVG that prints at any size."""
    drawing = segno.make(address_of(code), error="m", micro=False)
    svg = drawing.svg_inline(scale=1, border=0, dark="#15231c", omitsize=True)
    return mark_safe(svg)  # noqa: S308 (drawn here, from the code alone)


def render_html(paper: Paper, *, code: str) -> str:
    """The whole page source, in Bangla, always the same for the same paper and code."""
    context = {
        **paper.context,
        "paper": paper,
        "code": group_code(code),
        "qr": qr_of(code),
        "address": address_of(code).removeprefix("https://").removeprefix("http://").rstrip("/"),
    }
    with translation.override(LANGUAGE):
        return get_template(paper.template).render(context)


def stylesheet_path() -> Path:
    """Where the stylesheet of all papers lies."""
    found = finders.find(STYLESHEET)
    if found is None:
        raise FileNotFoundError(STYLESHEET)
    return Path(found)


@lru_cache(maxsize=64)
def template_version(template: str) -> str:
    """Hash of a template with all it extends and includes, and of the stylesheet: what a page looks like."""
    digest = hashlib.sha256(stylesheet_path().read_bytes())
    for name in _family_of(template):
        digest.update(_source_of(name).encode())
    return digest.hexdigest()


def _family_of(template: str) -> list[str]:
    seen: list[str] = []
    waiting = [template]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.append(name)
            waiting.extend(_PARTS.findall(_source_of(name)))
    return sorted(seen)


def _source_of(name: str) -> str:
    engine: Any = get_template(name)
    return str(engine.template.source)
