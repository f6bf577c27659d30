"""Where the signatures go: boxes taken from the layout, never guessed.

A template marks each place with ``<div class="signature-box" id="sign-lower">``; the engine says where it came to lie
(``Document.boxes``). Signatures are given in reading order: page by page, from the top, from the left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PREFIX = "sign-"


@dataclass(frozen=True)
class SignatureBox:
    """A place for one signature: field name, page from 1, corners in points from the page's lower left."""

    field: str
    page: int
    left: int
    bottom: int
    right: int
    top: int


def signature_boxes(places: Mapping[str, Mapping[str, float]]) -> list[SignatureBox]:
    """The marked places among those the engine reports (page, left, bottom, right, top by element id)."""
    boxes = [
        SignatureBox(
            field=name.removeprefix(PREFIX),
            page=int(place["page"]),
            left=round(place["left"]),
            bottom=round(place["bottom"]),
            right=round(place["right"]),
            top=round(place["top"]),
        )
        for name, place in places.items()
        if name.startswith(PREFIX)
    ]
    return sorted(boxes, key=lambda box: (box.page, -box.top, box.left))
