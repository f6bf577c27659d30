"""A consistent copy of a SQLite database while others write, and putting one in its place."""

from __future__ import annotations

import gzip
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

from core.keeping.errors import DamagedBackupError, KeepingError

MEMBER = "database.sqlite3.gz"


@contextmanager
def copied(database: Path, folder: Path) -> Iterator[tuple[sqlite3.Connection, Path]]:
    """A copy of one instant, open for questions, and its packed file. Writers go on meanwhile."""
    if not database.exists():
        raise KeepingError(f"there is no database at {database}")
    copy = folder / "database.sqlite3"
    with closing(sqlite3.connect(database, timeout=20)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)  # in one step: one read transaction of the source
        target.execute("PRAGMA journal_mode=DELETE")
        found = target.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise KeepingError(f"the database itself is damaged, and no backup was made: {found}")
        packed = folder / MEMBER
        with copy.open("rb") as plain, gzip.open(packed, "wb", compresslevel=4) as file:
            shutil.copyfileobj(plain, file, 1 << 20)
        yield target, packed


def tables(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    return sorted(name for (name,) in rows)


def counts(connection: sqlite3.Connection) -> dict[str, int]:
    """Rows by table."""
    found = {}
    for name in tables(connection):
        found[name] = connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 (its own names)
    return found


def migrations(connection: sqlite3.Connection) -> list[str]:
    if "django_migrations" not in tables(connection):
        return []
    return [f"{app}.{name}" for app, name in connection.execute("SELECT app, name FROM django_migrations ORDER BY id")]


def is_empty(database: Path) -> bool:
    """Whether nothing is there, or nothing but an empty file."""
    if not database.exists() or not database.stat().st_size:
        return True
    try:
        with closing(sqlite3.connect(database)) as connection:
            return not tables(connection)
    except sqlite3.DatabaseError:
        return False  # a damaged database is something to keep, too


def staged_path(database: Path) -> Path:
    """Where the database that is being restored waits, beside the one it takes the place of."""
    return database.with_name(f".{database.name}.incoming")


def stage(stream: IO[bytes], database: Path) -> None:
    """Unpack a database beside its place."""
    staged = staged_path(database)
    _remove(staged)
    with gzip.open(stream) as packed, staged.open("wb") as file:
        shutil.copyfileobj(packed, file, 1 << 20)


def check_staged(database: Path, expected: dict[str, int]) -> None:
    """Prove that the staged database holds the rows that the backup says."""
    with closing(sqlite3.connect(staged_path(database))) as connection:
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok" or counts(connection) != expected:
            raise DamagedBackupError("the backup's database does not hold what its summary says")


def set_aside(database: Path, aside: Path) -> None:
    """Move the database away, whole: what its journal still holds is written into it first. Safe to repeat."""
    if not database.exists() or aside.exists():
        return
    try:
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.DatabaseError:
        pass  # damaged, and kept as it is, its journals beside it
    for suffix in ("-wal", "-shm"):
        journal = database.with_name(database.name + suffix)
        if journal.exists():
            journal.rename(aside.with_name(aside.name + suffix))
    database.rename(aside)


def put_in_place(database: Path) -> None:
    """Let the staged database be the database. Safe to repeat."""
    for suffix in ("-wal", "-shm"):
        _remove(database.with_name(database.name + suffix))
    staged_path(database).replace(database)


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
