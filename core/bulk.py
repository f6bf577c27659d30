"""Many rows of one table at once, already prepared by whoever brings them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Model

#: Values in one statement: what SQLite takes unless it was built for more.
WORDS = 32_766


def insert_rows(model: type[Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Write rows with their values in the order of ``columns``, as the database takes them.

    ``bulk_create`` prepares each field of each row anew, five times the time of all this. Raise `IntegrityError` if one
    breaks a rule of the table; then none is written.
    """
    if not rows:
        return
    table, *names = map(connection.ops.quote_name, (model._meta.db_table, *columns))
    into = f"{table} ({', '.join(names)})"
    with connection.cursor() as cursor, connection.wrap_database_errors:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {into} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        size = WORDS // len(names)
        place = f"({', '.join(['%s'] * len(names))})"
        for first in range(0, len(rows), size):
            part = rows[first : first + size]
            places = ", ".join([place] * len(part))
            words = [word for row in part for word in row]
            cursor.execute(f"INSERT INTO {into} VALUES {places}", words)  # noqa: S608  names of our own
