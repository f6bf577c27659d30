"""What an open entry page is told after a save, so that it shows what a fresh one would: texts by element, states of
sections, notes beside rows. Nothing here is needed without the script."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.template.loader import render_to_string

from returns.grid import Block, Box, Row


def live_state(blocks: Iterable[Block]) -> dict[str, Any]:
    """``texts`` by element id, ``sections`` as {code: [kind, words]}, ``notes`` as {line code: markup}."""
    blocks = list(blocks)
    return {
        "texts": dict(text for block in blocks for row in block.rows for text in _texts(block, row)),
        "sections": {block.section.code: [block.tag, block.says] for block in blocks},
        "notes": {row.line.code: _notes(row) for block in blocks for row in block.rows if row.has_notes},
    }


def _texts(block: Block, row: Row) -> Iterable[tuple[str, str]]:
    for box in row.boxes:
        yield f"cell-{box.key}", box.text or ("" if box.is_open else "—")
        yield from _beside(block, row, box)


def _beside(block: Block, row: Row, box: Box) -> Iterable[tuple[str, str]]:
    if box.taka or (box.is_open and row.is_lakh):
        yield f"k-{box.key}", box.taka
    if row.is_cumulative:
        yield f"y-{box.key}", box.since_july if box.has_year or not block.parts else ""
    if box.rate:
        yield f"r-{box.key}", box.rate
    if box.register:
        yield f"g-{box.key}", box.agrees[:1] if block.parts else box.agrees


def _notes(row: Row) -> str:
    return render_to_string("returns/_notes.html", {"row": row})
