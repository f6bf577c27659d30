"""The visible stamp of a signature, drawn by the PDF engine as a page of exactly the size of its box."""

from __future__ import annotations

from datetime import datetime

from django.template.loader import render_to_string
from django.utils import translation

from core.periods import DHAKA
from documents.authority import Holder
from documents.engine import render_pdf

LANGUAGE = "bn"
# A long name or office needs more room than the box has: the stamp is then drawn larger and shrunk into it.
_SCALES = (1.0, 1.15, 1.3, 1.5, 1.8)


def draw_stamp(holder: Holder, *, width: int, height: int, at: datetime) -> bytes:
    """One page in the shape of the box (points): name, post, office and date in Bangla, and whose word it rests on."""
    for scale in _SCALES:
        context = {
            "holder": holder,
            "at": at.astimezone(DHAKA),
            "width": round(width * scale),
            "height": round(height * scale),
        }
        with translation.override(LANGUAGE):
            html = render_to_string("pdf/stamp.html", context)
        drawn = render_pdf(html, at=at)
        if drawn.pages == 1:
            break
    return drawn.data
