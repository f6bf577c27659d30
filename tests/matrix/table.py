"""The rows of the permission matrix, by url name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from offices.models import Office
from tests.matrix.rules import Rule
from tests.matrix.world import World

Factory = Callable[[World, Office], dict[str, Any] | None]


@dataclass(frozen=True)
class Row:
    """An address, how to make one for an office, and who may read or write there."""

    name: str
    factory: Factory | None
    get: Rule | None
    post: Rule | None
    data: Callable[[World, Office], dict[str, Any]] | None

    @property
    def rules(self) -> list[tuple[str, Rule]]:
        """Methods and who gets an answer: a method without a rule has that of the other."""
        rules = [("get", self.get or self.post), ("post", self.post or self.get)]
        return [(method, rule) for method, rule in rules if rule]


ROWS: dict[str, Row] = {}


def register(
    name: str,
    factory: Factory | None = None,
    *,
    get: Rule | None = None,
    post: Rule | None = None,
    data: Callable[[World, Office], dict[str, Any]] | None = None,
) -> None:
    """Add an address: see the package's docstring."""
    if name in ROWS:
        raise ValueError(f"{name} stands in the matrix already")
    if get is None and post is None:
        raise ValueError(f"{name} needs a rule for GET or POST")
    ROWS[name] = Row(name, factory, get, post, data)
