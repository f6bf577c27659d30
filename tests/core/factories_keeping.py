"""Small instances to keep: a database whose rows name files of a store, and secrets beside them."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.keeping.archive import Contents
from core.keeping.backup import make_backup
from core.keeping.instance import Instance
from core.keeping.restore import Restored, restore_backup
from core.keeping.sealed import Cost

AT = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
SECRET = b"a passphrase of the tests"
CHEAP = Cost(passes=1, kib=64, lanes=1, chunk_bits=12)
KNOWN = ["core.0001_initial"]
TABLES = """
    CREATE TABLE django_migrations (id integer PRIMARY KEY, app text, name text);
    CREATE TABLE paper (sha256 text PRIMARY KEY);
"""


def sqlite_instance(home: Path, papers: int = 0) -> Instance:
    """An instance with so many papers; with none its database is not even there."""
    home.mkdir(exist_ok=True)
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(home / "db.sqlite3")}
    instance = Instance(home, home / "files", home / "secrets", database)
    keep_secrets(instance)
    if papers:
        with closing(sqlite3.connect(home / "db.sqlite3")) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.executescript(TABLES)
            connection.execute("INSERT INTO django_migrations (app, name) VALUES ('core', '0001_initial')")
            connection.commit()
            for number in range(papers):
                add_paper(instance, connection, f"{home.name} {number}".encode() * 50)
        (home / "ca.pem").write_text(f"certificate of {home.name}")
    return instance


def keep_secrets(instance: Instance) -> None:
    instance.secrets.mkdir(exist_ok=True)
    (instance.secrets / "pepper").write_text("the server secret that no backup may hold")


def add_paper(instance: Instance, connection: Any, data: bytes, mark: str = "?") -> str:
    """As the store does: bytes first, then the row that names them."""
    sha256 = hashlib.sha256(data).hexdigest()
    path = instance.files / "documents" / sha256[:2] / sha256[2:]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    connection.execute(f"INSERT INTO paper (sha256) VALUES ({mark})", [sha256])  # noqa: S608
    connection.commit()
    return sha256


def back_up(instance: Instance, out: Path) -> Contents:
    return make_backup(instance, out, SECRET, at=AT, software="0.1", cost=CHEAP)


def restore(instance: Instance, path: Path, *, replace: bool = False, secret: bytes = SECRET) -> Restored:
    return restore_backup(instance, path, secret, replace=replace, known_migrations=KNOWN, at=AT)


def rows(database: Path) -> set[str]:
    with closing(sqlite3.connect(database)) as connection:
        return {name for (name,) in connection.execute("SELECT sha256 FROM paper")}


def stored(instance: Instance) -> dict[str, bytes]:
    """Files of the store by path."""
    found = {}
    for path in sorted(instance.files.rglob("*")) if instance.files.exists() else []:
        name = path.relative_to(instance.files).as_posix()
        if path.is_file() and not name.startswith("."):
            found[name] = path.read_bytes()
    return found


def named(shas: set[str]) -> set[str]:
    return {f"documents/{sha[:2]}/{sha[2:]}" for sha in shas}


def everything(folder: Path) -> dict[str, bytes]:
    """Each file below a folder, its bytes; locks hold none."""
    paths = sorted(folder.rglob("*"))
    return {str(p.relative_to(folder)): p.read_bytes() for p in paths if p.is_file() and p.suffix != ".lock"}


def broken_off_at(step: int, work: Callable[[], object]) -> bool:
    """Do the work in a child that dies at its n-th change of the file system; whether it died."""
    sys.stdout.flush()
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    try:
        sys.addaudithook(_deadly(step))
        work()
    except BaseException:
        os._exit(1)
    os._exit(0)


def _deadly(step: int) -> Callable[[str, tuple[Any, ...]], None]:
    count = iter(range(1, 1 << 30))

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        changes = event in ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "subprocess.Popen")
        written = event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax")
        if (changes or written) and next(count) == step:
            os._exit(9)

    return hook


def steps(apart: int = 1) -> Iterator[int]:
    return iter(range(1, 500, apart))
