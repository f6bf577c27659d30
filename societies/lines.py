"""Rows of this register in words, for the pages that say where a figure comes from."""

from __future__ import annotations

from collections.abc import Sequence

from core.links import RowWords
from core.templatetags.figures import digits
from societies.models import Society, StatusEvent


def society_lines(pks: Sequence[int]) -> dict[int, RowWords]:
    """Name and registration."""
    rows = Society.objects.filter(pk__in=pks)
    return {row.pk: RowWords(row.name, f"{digits(row.reg_no)} · {digits(row.class_label)}") for row in rows}


def event_lines(pks: Sequence[int]) -> dict[int, RowWords]:
    """Society, event, date and order."""
    rows = StatusEvent.objects.filter(pk__in=pks).select_related("society")
    return {row.pk: RowWords(row.society.name, _note(row)) for row in rows}


def _note(event: StatusEvent) -> str:
    words = [str(event.get_kind_display()), digits(event.on.strftime("%d/%m/%Y")), digits(event.order_number)]
    return " · ".join(word for word in words if word)
