"""Every table of an instance as rows of values that read alike on either database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from typing import Any

from django.apps import apps
from django.db import models

BATCH = 2000
Table = type[models.Model]
Group = tuple[Table, ...]


def tables_in_order() -> list[Group]:
    """Every table, each after those it refers to; tables that refer to one another in a circle come as one group."""
    tables = [m for m in apps.get_models(include_auto_created=True) if m._meta.managed and not m._meta.proxy]
    group_of: dict[Table, Group] = {table: (table,) for table in tables}
    while True:
        graph = {
            group: {group_of[other] for table in group for other in referred_by(table)} - {group}
            for group in group_of.values()
        }
        try:
            return list(TopologicalSorter(graph).static_order())
        except CycleError as error:
            merged = tuple(dict.fromkeys(table for group in error.args[1] for table in group))
            group_of |= dict.fromkeys(merged, merged)


def referred_by(table: Table) -> set[Table]:
    """The tables whose rows this table's rows name."""
    found: set[Table] = set()
    for field in table._meta.concrete_fields:
        if field.remote_field is not None and field.db_constraint:  # type: ignore[attr-defined]
            found.add(field.remote_field.model)
    return found


def fields_of(table: Table) -> list[models.Field[Any, Any]]:
    return list(table._meta.concrete_fields)


def rows_of(table: Table, database: str) -> Iterator[tuple[Any, ...]]:
    """The rows in the order of their keys, read in batches."""
    names = [field.attname for field in fields_of(table)]
    rows = table._base_manager.using(database).order_by("pk").values_list(*names)
    return rows.iterator(chunk_size=BATCH)


class Digest:
    """A count and a hash of rows, the same on either database."""

    def __init__(self) -> None:
        self._sha256, self.count = hashlib.sha256(), 0

    def add(self, row: tuple[Any, ...]) -> None:
        text = json.dumps([_plain(value) for value in row], ensure_ascii=True, sort_keys=True)
        self._sha256.update(text.encode())
        self.count += 1

    @property
    def value(self) -> tuple[int, str]:
        return self.count, self._sha256.hexdigest()


def digest_of(table: Table, database: str) -> tuple[int, str]:
    """How many rows a table has, and a hash of all their values."""
    digest = Digest()
    for row in rows_of(table, database):
        digest.add(row)
    return digest.value


def _plain(value: Any) -> Any:
    """JSON as PostgreSQL keeps it: the order of keys is nobody's, and 2.0 is 2."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
