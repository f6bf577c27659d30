"""A consistent dump of a PostgreSQL database while others write, and loading one in its place."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from core.keeping.errors import DamagedBackupError, KeepingError

MEMBER = "database.dump"


def _parameters(database: dict[str, Any], name: str = "") -> dict[str, Any]:
    named = {"dbname": name or database["NAME"], "user": database.get("USER"), "password": database.get("PASSWORD")}
    named |= {"host": database.get("HOST"), "port": database.get("PORT")}
    extra = {key: value for key, value in database.get("OPTIONS", {}).items() if key.startswith("ssl")}
    return {key: value for key, value in (named | extra).items() if value}


def connect(database: dict[str, Any], name: str = "", *, autocommit: bool = True) -> psycopg.Connection[Any]:
    """A connection of its own, to another database of the same server if one is named."""
    try:
        return psycopg.connect(**_parameters(database, name), autocommit=autocommit, connect_timeout=10)
    except psycopg.OperationalError as error:
        raise KeepingError(f"database: {' '.join(str(error).split())}") from None


def _run(database: dict[str, Any], words: list[str], name: str = "") -> None:
    """Run one of PostgreSQL's own programs; the password goes by the environment, which others cannot read."""
    parameters = _parameters(database, name)
    password = str(parameters.pop("password", ""))
    environment = os.environ | ({"PGPASSWORD": password} if password else {})
    command = [*words, f"--dbname={make_conninfo('', **parameters)}"]
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    except FileNotFoundError:
        raise KeepingError(f"{words[0]} is not installed; on Debian: apt-get install postgresql-client") from None
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.strip()]
        raise KeepingError(f"{words[0]}: {'; '.join(said[:3]) or 'failed'}")


@contextmanager
def dumped(database: dict[str, Any], folder: Path) -> Iterator[tuple[psycopg.Connection[Any], Path]]:
    """A dump of one instant, and a connection that sees the same instant. Writers go on meanwhile."""
    dump = folder / MEMBER
    with connect(database, autocommit=False) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        snapshot = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert snapshot is not None
        words = ["pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot[0]}"]
        _run(database, [*words, f"--file={dump}"])
        yield connection, dump


def tables(connection: psycopg.Connection[Any]) -> list[str]:
    rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
    return sorted(name for (name,) in rows)


def counts(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """Rows by table."""
    found = {}
    for name in tables(connection):
        row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))).fetchone()
        found[name] = row[0] if row else 0
    return found


def migrations(connection: psycopg.Connection[Any]) -> list[str]:
    if "django_migrations" not in tables(connection):
        return []
    return [f"{app}.{name}" for app, name in connection.execute("SELECT app, name FROM django_migrations ORDER BY id")]


def is_empty(database: dict[str, Any]) -> bool:
    with connect(database) as connection:
        return not tables(connection)


def load(database: dict[str, Any], dump: Path, expected: dict[str, int]) -> None:
    """Load a dump into the database itself, whole or not at all; what an interrupted call left is replaced."""
    _load(database, dump, str(database["NAME"]), expected)


def _load(database: dict[str, Any], dump: Path, name: str, expected: dict[str, int]) -> None:
    words = ["pg_restore", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]
    _run(database, [*words, "--clean", "--if-exists", str(dump)], name)
    with connect(database, name) as connection:
        if counts(connection) != expected:
            raise DamagedBackupError("the backup's database does not hold what its summary says")


def stage(database: dict[str, Any], dump: Path, expected: dict[str, int]) -> None:
    """Load a dump into a database of its own beside the one it will take the place of."""
    incoming = f"{database['NAME']}_incoming"
    with _server(database) as server:
        try:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(incoming)))
            server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(incoming)))
        except psycopg.errors.InsufficientPrivilege:
            raise KeepingError(
                "to keep the old database aside, its role must be allowed to create one (ALTER ROLE … CREATEDB); "
                "else give an empty database"
            ) from None
    _load(database, dump, incoming, expected)


def require_idle(database: dict[str, Any]) -> None:
    """`KeepingError` if anybody is connected to the database: it could not be renamed."""
    with _server(database) as server:
        question = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
        busy = server.execute(question, [database["NAME"]]).fetchone()
    if busy and busy[0]:
        raise KeepingError(f"{busy[0]} connections are open to {database['NAME']}; end what uses it first")


def exchange(database: dict[str, Any], aside: str) -> None:
    """Let the staged database be the database, and the database be ``aside``, in one act. Safe to repeat after `stage`.

    Where ``aside`` is there already, the database itself is what an interrupted call left: that one goes.
    """
    name, rename = database["NAME"], sql.SQL("ALTER DATABASE {} RENAME TO {}")
    stale = f"{name}_stale"
    with _server(database) as server:
        there = {row[0] for row in server.execute("SELECT datname FROM pg_database")}
        if f"{name}_incoming" in there:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(stale)))
            with server.transaction():
                if name in there:
                    away = stale if aside in there else aside
                    server.execute(rename.format(sql.Identifier(name), sql.Identifier(away)))
                server.execute(rename.format(sql.Identifier(f"{name}_incoming"), sql.Identifier(name)))
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(stale)))


def _server(database: dict[str, Any]) -> psycopg.Connection[Any]:
    """A connection to the server's own database, from which others are made and renamed."""
    return connect(database, "postgres")
