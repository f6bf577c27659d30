"""Where a register row is shown: rooms name the page of their rows, "where from?" pages link to it."""

from __future__ import annotations

from django.urls import reverse

_PAGES: dict[str, str] = {}


def register_row_link(model: str, url_name: str) -> None:
    """Name the page of a model's rows (``audits.audit`` → ``audits:detail``); its address takes the primary key."""
    _PAGES[model] = url_name


def row_url(model: str, pk: int) -> str:
    """Address of a row's page; empty where the model has none."""
    name = _PAGES.get(model)
    return reverse(name, args=[pk]) if name else ""
