"""Where a register row is shown and what it says: rooms tell of their rows, "where from?" pages list them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True)
class RowWords:
    """A row in words: whose it is, and what it says (in the reader's language and digits)."""

    label: str
    note: str = ""


@dataclass(frozen=True)
class RowLine:
    """A row as a page lists it; a row that is gone keeps its key."""

    pk: int
    address: str
    words: RowWords


Describe = Callable[[Sequence[int]], Mapping[int, RowWords]]

_PAGES: dict[str, str] = {}
_WORDS: dict[str, Describe] = {}


def register_row_link(model: str, url_name: str, describe: Describe) -> None:
    """Name the page of a model's rows (``audits.audit`` → ``audits:detail``), whose address takes the primary key, and
    the function that puts many of them into words at once."""
    _PAGES[model] = url_name
    _WORDS[model] = describe


def row_url(model: str, pk: int) -> str:
    """Address of a row's page; empty where the model has none."""
    name = _PAGES.get(model)
    return reverse(name, args=[pk]) if name else ""


def row_lines(model: str, pks: Sequence[int]) -> list[RowLine]:
    """The rows in words, in the order asked; one query."""
    describe = _WORDS.get(model)
    words = describe(pks) if describe and pks else {}
    return [RowLine(pk, row_url(model, pk) if pk in words else "", words.get(pk, RowWords(str(pk)))) for pk in pks]
