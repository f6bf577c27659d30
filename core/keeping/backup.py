"""Making a backup: the database first, then the files, so that every file the database names is in it."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from core.keeping import postgres, sqlite
from core.keeping.archive import FILES, HOME, Contents, Summary, read_archive, write_archive
from core.keeping.errors import KeepingError
from core.keeping.instance import Instance, alone
from core.keeping.sealed import Cost

SUFFIX = ".backup"
_WORK = ".backup-work-"


def make_backup(
    instance: Instance, out: Path, secret: bytes, *, at: datetime, software: str, cost: Cost | None = None
) -> Contents:
    """Write a backup of the running instance to ``out``, read it back, and only then give it its name.

    `KeepingError` if that cannot be done: then there is no file of that name, and nothing else has changed.
    """
    if out.exists():
        raise KeepingError(f"{out} is there already, and no backup replaces another")
    if instance.files in (instance.secrets, *instance.secrets.parents):
        raise KeepingError(f"the secrets in {instance.secrets} lie among the files; move them out of {instance.files}")
    draft = out.with_name(f".{out.name}.part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with alone(instance.home), _workspace(instance.home) as folder:
            with _database(instance, folder, at=at, software=software) as (summary, dump):
                contents = _write(draft, secret, summary, _members(instance, dump), cost)
            if prove(draft, secret) != contents:
                raise KeepingError("the backup that was written does not read back as written")
            draft.rename(out)
    except OSError as error:
        raise KeepingError(f"no backup was made: {error}") from error
    finally:
        draft.unlink(missing_ok=True)
    return contents


def prove(path: Path, secret: bytes) -> Contents:
    """Read the whole of a backup, from the disk, and say what is in it; `KeepingError` if it is not as written."""
    try:
        with path.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            return read_archive(file, secret)
    except OSError as error:
        raise KeepingError(f"{path}: {error.strerror or error}") from error


def _write(
    draft: Path, secret: bytes, summary: Summary, members: Iterator[tuple[str, Path]], cost: Cost | None
) -> Contents:
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    with draft.open("wb") as file:
        contents = write_archive(file, secret, summary, members, cost)
        file.flush()
        os.fsync(file.fileno())
    return contents


@contextmanager
def _database(instance: Instance, folder: Path, *, at: datetime, software: str) -> Iterator[tuple[Summary, Path]]:
    """The database as it stood at one instant, described and in a file."""
    told = {"made_at": at.isoformat(timespec="seconds"), "software": software, "database": instance.kind}
    secrets = fingerprints(instance.secrets)
    if instance.is_sqlite:
        with sqlite.copied(Path(instance.database["NAME"]), folder) as (copy, packed):
            plain = packed.with_suffix("").stat().st_size
            rows, done = sqlite.counts(copy), sqlite.migrations(copy)
            version = copy.execute("SELECT sqlite_version()").fetchone()[0]
        yield (
            Summary(**told, server=version, database_size=plain, migrations=done, counts=rows, secrets=secrets),
            packed,
        )
        return
    with postgres.dumped(instance.database, folder) as (connection, dump):
        rows, done = postgres.counts(connection), postgres.migrations(connection)
        version = connection.info.parameter_status("server_version") or ""
        size = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    bytes_used = size[0] if size else 0
    yield Summary(**told, server=version, database_size=bytes_used, migrations=done, counts=rows, secrets=secrets), dump


def _members(instance: Instance, dump: Path) -> Iterator[tuple[str, Path]]:
    yield dump.name, dump
    for name in instance.papers:
        if (instance.home / name).exists():
            yield HOME + name, instance.home / name
    for path in files_below(instance.files):
        yield FILES + path.relative_to(instance.files).as_posix(), path


def files_below(folder: Path) -> Iterator[Path]:
    """Every file of the store, in order; what begins with a dot at its top is not of the store."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if not path.name.startswith("."):
            yield from _walk(path)


def _walk(path: Path) -> Iterator[Path]:
    if path.is_dir() and not path.is_symlink():
        for below in sorted(path.iterdir()):
            yield from _walk(below)
    elif path.is_file():
        yield path


def fingerprints(folder: Path) -> dict[str, str]:
    """What the secrets that stay outside were, by name: enough to know them again, not to have them."""
    found = {}
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if path.is_file() and not path.name.startswith("."):
            found[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    return found


@contextmanager
def _workspace(home: Path) -> Iterator[Path]:
    """A folder for the copy of the database, gone afterwards; what a killed backup left goes, too."""
    for stale in home.glob(f"{_WORK}*"):
        shutil.rmtree(stale, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_WORK, dir=home) as folder:
        yield Path(folder)
