"""Moving an instance to another database: every row, with its key, and a proof that nothing changed on the way.

The target says by a table of its own that a move has begun. Whatever interrupts it, the same call starts anew: it
empties what it had written and copies again. Only when every table's hash is the same is that mark taken away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DatabaseError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import load_backend
from psycopg import sql

from core.keeping.contents import Digest, Group, Table, digest_of, fields_of, referred_by, rows_of, tables_in_order
from core.keeping.errors import KeepingError

TARGET = "target"
MARK = "portal_move"
PATIENCE = "20s"
_LOCK = 7_305_212  # any number, the same for every move
Say = Callable[[str], None]


@dataclass(frozen=True)
class Moved:
    """What was moved: tables and rows."""

    tables: int
    rows: int


@contextmanager
def target_database(database: dict[str, Any]) -> Iterator[BaseDatabaseWrapper]:
    """The database to move to, as a second one of this process."""
    if not str(database.get("ENGINE", "")).endswith("postgresql"):
        raise KeepingError("the target must be PostgreSQL: postgres://USER:PASSWORD@HOST:PORT/NAME")
    complete = connections.configure_settings({**connections.settings, TARGET: database})[TARGET]
    connection = connections[TARGET] = load_backend(complete["ENGINE"]).DatabaseWrapper(complete, TARGET)
    try:
        try:
            connection.ensure_connection()
        except DatabaseError as error:
            raise KeepingError(f"the target: {' '.join(str(error).split())}") from None
        yield connection
    finally:
        connection.close()
        del connections[TARGET]


def move_rows(target: BaseDatabaseWrapper, *, source: str, say: Say) -> Moved:
    """Copy every table, prove that all are alike, and leave the target ready. Call again after an interruption.

    ``source`` names where the rows come from: a half-done move from elsewhere is refused like any database in use.
    """
    _alone(target)
    _begin(target, source)
    call_command("migrate", database=TARGET, verbosity=0)
    groups = tables_in_order()
    tables = [table for group in groups for table in group]
    count = 0
    with transaction.atomic():  # one state of the source, however long it takes
        _empty(target, tables)
        for group in groups:
            for table, sent in _copy(target, group).items():
                if digest_of(table, TARGET) != sent.value:
                    raise KeepingError(f"{table._meta.db_table} arrived changed; the move is not finished")
                count += sent.count
                say(f"{table._meta.db_table}: {sent.count}")
    with target.cursor() as cursor:
        for statement in target.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)
        cursor.execute("ANALYZE")
    return Moved(len(tables), count)


def finish(target: BaseDatabaseWrapper) -> None:
    """Take the mark away: the target is an instance's database from now on."""
    with target.cursor() as cursor:
        cursor.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(MARK)))


def _alone(target: BaseDatabaseWrapper) -> None:
    """Hold the target until this process ends; a killed one's lock ends with its connection."""
    with target.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [PATIENCE])
        try:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        except DatabaseError:
            raise KeepingError("another move into the target is running") from None
        cursor.execute("SET lock_timeout = 0")


def _begin(target: BaseDatabaseWrapper, source: str) -> None:
    """Write the mark into an empty target; refuse one that is neither empty nor this move's own."""
    mark = sql.Identifier(MARK)
    with target.cursor() as cursor:
        there = target.introspection.table_names(cursor)
        if MARK in there:
            cursor.execute(sql.SQL("SELECT source FROM {}").format(mark))
            row = cursor.fetchone()
            if row is None or row[0] != source:
                raise KeepingError(f"the target holds half a move from {row[0] if row else 'nowhere'}; empty it first")
        elif there:
            raise KeepingError("the target is not empty; nothing was written. Give an empty database")
        else:
            with transaction.atomic(using=TARGET):
                cursor.execute(sql.SQL("CREATE TABLE {} (source text NOT NULL)").format(mark))
                cursor.execute(sql.SQL("INSERT INTO {} VALUES (%s)").format(mark), [source])


def _empty(target: BaseDatabaseWrapper, tables: list[Table]) -> None:
    """Without what `migrate` wrote by itself, or an interrupted call."""
    names = sql.SQL(", ").join(sql.Identifier(table._meta.db_table) for table in tables)
    with target.cursor() as cursor:
        cursor.execute(sql.SQL("TRUNCATE {}").format(names))


def _copy(target: BaseDatabaseWrapper, group: Group) -> dict[Table, Digest]:
    """Tables in one transaction; their constraints hold at the end of it. Return what was sent of each."""
    sent = {table: Digest() for table in group}
    table = group[0]
    try:
        with transaction.atomic(using=TARGET), target.cursor() as cursor:
            if len(group) == 1 and table not in referred_by(table):
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else PostgreSQL remembers every row until the end
            for table in group:
                _stream(target, cursor, table, sent[table])
    except (DatabaseError, psycopg.Error) as error:
        said = " ".join(str(error).split())
        raise KeepingError(f"{table._meta.db_table}, after row {sent[table].count}: {said}") from error
    return sent


def _stream(target: BaseDatabaseWrapper, cursor: Any, table: Table, sent: Digest) -> None:
    fields = fields_of(table)
    columns = sql.SQL(", ").join([sql.Identifier(str(field.column)) for field in fields])
    copy = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table._meta.db_table), columns)
    with cursor.copy(copy) as stream:
        for row in rows_of(table, "default"):
            sent.add(row)
            stream.write_row([field.get_db_prep_save(value, target) for field, value in zip(fields, row, strict=True)])
