"""Restoring a backup into an empty instance, or in the place of another that is kept aside.

The backup is proved whole before anything is touched, then laid out beside the instance, then put in its place by
renaming. A journal in the home says that this has begun, so that an interrupted restore is repeated by the same call.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from core.keeping import postgres, sqlite
from core.keeping.archive import FILES, HOME, Contents, Summary, read_archive
from core.keeping.backup import prove
from core.keeping.errors import KeepingError
from core.keeping.instance import Instance, standing_still

JOURNAL = "restore.json"
INCOMING = ".incoming"
_WORK = ".restore-work-"


@dataclass
class Journal:
    """How far a restore has come. ``cleared``: what was there is aside, and what is there now is the backup's."""

    stamp: str
    replace: bool
    cleared: bool = False

    @property
    def suffix(self) -> str:
        """What the names of things kept aside end in."""
        return f"before_{self.stamp}"


@dataclass(frozen=True)
class Restored:
    """What came of it: what the backup holds, and where the old instance lies, if there was one."""

    contents: Contents
    aside: tuple[str, ...]


def restore_backup(
    instance: Instance, path: Path, secret: bytes, *, replace: bool, known_migrations: Collection[str], at: datetime
) -> Restored:
    """Put the backup in the instance's place. `KeepingError` if it may not or cannot be; then all is as it was."""
    contents = prove(path, secret)
    _fits(instance, contents.summary, known_migrations)
    with standing_still(instance.home):
        journal = _read_journal(instance) or Journal(at.strftime("%Y%m%d_%H%M%S"), replace=not is_empty(instance))
        if journal.replace and not replace:
            raise KeepingError("the instance is not empty; --replace keeps it aside and puts the backup in its place")
        _has_room(instance, contents)
        for stale in instance.home.glob(f"{_WORK}*"):
            shutil.rmtree(stale, ignore_errors=True)
        try:
            with tempfile.TemporaryDirectory(prefix=_WORK, dir=instance.home) as folder:
                _lay_out(instance, journal, path, secret, Path(folder))
                _write_journal(instance, journal)
                _set_aside(instance, journal)
                _put_in_place(instance, journal, Path(folder), contents.summary)
                (instance.home / JOURNAL).unlink()
        except OSError as error:
            raise KeepingError(f"not finished: {error}. Mend that, then call again") from error
    return Restored(contents, _aside(instance, journal))


def is_empty(instance: Instance) -> bool:
    """Whether neither database nor store holds anything."""
    if next(_entries(instance.files), None) is not None:
        return False
    if instance.is_sqlite:
        return sqlite.is_empty(Path(instance.database["NAME"]))
    return postgres.is_empty(instance.database)


def _fits(instance: Instance, summary: Summary, known_migrations: Collection[str]) -> None:
    if summary.database != instance.kind:
        remedy = (
            "restore it on SQLite, then use move_database"
            if instance.kind == "PostgreSQL"
            else "set DATABASE_URL to an empty PostgreSQL database"
        )
        raise KeepingError(f"the backup is of {summary.database}, the instance is on {instance.kind}: {remedy}")
    newer = sorted(set(summary.migrations) - set(known_migrations))
    if newer:
        raise KeepingError(
            f"the backup is of newer software ({summary.software}; this one does not know {newer[0]}): update first"
        )


def _has_room(instance: Instance, contents: Contents) -> None:
    needed = contents.size + contents.summary.database_size
    free = shutil.disk_usage(instance.home).free
    if free < needed:
        raise KeepingError(f"restoring needs {needed >> 20} MB beside {instance.home}; {free >> 20} MB are free")


def _lay_out(instance: Instance, journal: Journal, path: Path, secret: bytes, folder: Path) -> None:
    """Write everything beside its place, and see that the disk has it. What goes into an empty PostgreSQL is a dump."""
    incoming = instance.files / INCOMING
    shutil.rmtree(incoming, ignore_errors=True)
    incoming.mkdir(parents=True)

    def keep(name: str, stream: IO[bytes]) -> None:
        if name == sqlite.MEMBER:
            sqlite.stage(stream, Path(instance.database["NAME"]))
        elif name.startswith(FILES):
            _write(incoming / name.removeprefix(FILES), stream)
        elif name == postgres.MEMBER or name.startswith(HOME):
            _write(folder / name.removeprefix(HOME), stream)

    with path.open("rb") as file:
        summary = read_archive(file, secret, keep).summary
    if instance.is_sqlite:
        sqlite.check_staged(Path(instance.database["NAME"]), summary.counts)
    elif journal.replace:
        postgres.require_idle(instance.database)
        postgres.stage(instance.database, folder / postgres.MEMBER, summary.counts)
    os.sync()


def _write(path: Path, stream: IO[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        shutil.copyfileobj(stream, file, 1 << 20)


def _set_aside(instance: Instance, journal: Journal) -> None:
    """Move the old instance away, so that what is there from now on is the backup's."""
    if journal.cleared:
        return
    if journal.replace:
        away = instance.files / f".{journal.suffix}"
        away.mkdir(exist_ok=True)
        for entry in list(_entries(instance.files)):
            entry.rename(away / entry.name)
        for name in instance.papers:
            with suppress(FileNotFoundError):
                (instance.home / name).rename(instance.home / f"{name}.{journal.suffix}")
        if instance.is_sqlite:
            sqlite.set_aside(Path(instance.database["NAME"]), _database_aside(instance, journal))
    journal.cleared = True
    _write_journal(instance, journal)


def _put_in_place(instance: Instance, journal: Journal, folder: Path, summary: Summary) -> None:
    """Files before the database: it names no file that is not there."""
    incoming = instance.files / INCOMING
    for entry in list(_entries(instance.files)):  # of an interrupted call
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    for entry in sorted(incoming.iterdir()):
        entry.rename(instance.files / entry.name)
    incoming.rmdir()
    for name in instance.papers:
        if (folder / name).exists():
            shutil.copyfile(folder / name, instance.home / name)
    if instance.is_sqlite:
        sqlite.put_in_place(Path(instance.database["NAME"]))
    elif journal.replace:
        postgres.exchange(instance.database, f"{instance.database['NAME']}_{journal.suffix}")
    else:
        postgres.load(instance.database, folder / postgres.MEMBER, summary.counts)


def _entries(files: Path) -> Iterator[Path]:
    """What lies at the top of the store; what begins with a dot is not of the store."""
    for path in sorted(files.iterdir()) if files.is_dir() else []:
        if not path.name.startswith("."):
            yield path


def _database_aside(instance: Instance, journal: Journal) -> Path:
    database = Path(instance.database["NAME"])
    return database.with_name(f"{database.name}.{journal.suffix}")


def _aside(instance: Instance, journal: Journal) -> tuple[str, ...]:
    """Where the old instance lies now."""
    if not journal.replace:
        return ()
    name = f"the database {instance.database['NAME']}_{journal.suffix}"
    return (
        str(_database_aside(instance, journal)) if instance.is_sqlite else name,
        str(instance.files / f".{journal.suffix}"),
    )


def _read_journal(instance: Instance) -> Journal | None:
    try:
        return Journal(**json.loads((instance.home / JOURNAL).read_text()))
    except FileNotFoundError:
        return None


def _write_journal(instance: Instance, journal: Journal) -> None:
    draft = instance.home / f".{JOURNAL}"
    with draft.open("w") as file:
        json.dump(asdict(journal), file)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(instance.home / JOURNAL)
