"""The visible stamp of a signature, drawn by the PDF engine as a page of exactly the size of its box."""

from __future__ import annotations

from datetime import datetime

from django.template.loader import render_to_string
from django.utils import translation

from core.periods import DHAKA
from documents.authority import Holder
from documents.engine import render_pdf

LANGUAGE = "bn"
# The stamp is drawn on a page in the shape of its box and then fitted into it: the smaller that page, the larger the
# print. The first page that holds everything is taken; a long name or office needs a larger one.
_LEAST_HEIGHT = 66
_STEPS = (1.0, 1.12, 1.25, 1.4, 1.6, 1.85, 2.2)


def draw_stamp(holder: Holder, *, width: int, height: int, at: datetime) -> bytes:
    """One page in the shape of the box (points): name, post, office and date in Bangla, and whose word it rests on."""
    least = min(1.0, _LEAST_HEIGHT / height)
    for scale in (least * step for step in _STEPS):
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
