"""Backups of the embedded default: taken while it is written to, restored, damaged, interrupted."""

from __future__ import annotations

import multiprocessing
import random
import sqlite3
import time
import tracemalloc
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from apa_portal import serving
from core.keeping.archive import Summary, read_archive
from core.keeping.backup import make_backup, prove
from core.keeping.errors import DamagedBackupError, KeepingError, WrongPassphraseError
from core.keeping.instance import Instance
from core.keeping.sealed import HEADER, SealedReader
from tests.core.factories_keeping import (
    AT,
    CHEAP,
    SECRET,
    add_paper,
    back_up,
    broken_off_at,
    everything,
    keep_secrets,
    named,
    restore,
    rows,
    sqlite_instance,
    steps,
    stored,
)


@pytest.fixture
def old(tmp_path: Path) -> Instance:
    return sqlite_instance(tmp_path / "old", papers=12)


@pytest.fixture
def backup(old: Instance, tmp_path: Path) -> Path:
    back_up(old, tmp_path / "b.backup")
    return tmp_path / "b.backup"


def database(instance: Instance) -> Path:
    return Path(instance.database["NAME"])


def test_what_was_backed_up_is_restored(old: Instance, backup: Path, tmp_path: Path) -> None:
    new = sqlite_instance(tmp_path / "new")
    restored = restore(new, backup)
    assert restored.contents == prove(backup, SECRET)
    assert restored.contents.summary.counts == {"django_migrations": 1, "paper": 12}
    assert rows(database(new)) == rows(database(old))
    assert stored(new) == stored(old)
    assert (new.home / "ca.pem").read_text() == "certificate of old"
    assert backup.stat().st_mode & 0o077 == 0, "others may not read it"
    left = {path.name for path in new.home.iterdir()}
    assert left == {"db.sqlite3", "files", "secrets", "ca.pem", "serving.lock"}


def test_secrets_stay_outside(old: Instance, backup: Path) -> None:
    with backup.open("rb") as file:
        plain = SealedReader(file, SECRET).read()
    assert b"that no backup may hold" not in plain
    with backup.open("rb") as file:
        members: list[str] = []
        summary = read_archive(file, SECRET, lambda name, _stream: members.append(name)).summary
    assert not [name for name in members if "pepper" in name]
    assert set(summary.secrets) == {"pepper"}, "known again by a fingerprint"
    inside = replace(old, secrets=old.files / "secrets")
    keep_secrets(inside)
    with pytest.raises(KeepingError, match="among the files"):
        back_up(inside, backup.with_name("c.backup"))


def write_papers(instance: Instance, writer: int, until: float) -> None:
    with closing(sqlite3.connect(database(instance), timeout=20)) as connection:
        number = 0
        while time.monotonic() < until:
            add_paper(instance, connection, f"{writer} {number}".encode() * (number % 900 + 1))
            number += 1


def test_every_file_that_the_database_names_is_in_it_while_five_write(old: Instance, tmp_path: Path) -> None:
    until = time.monotonic() + 1.5
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=write_papers, args=(old, number, until)) for number in range(5)]
    for writer in writers:
        writer.start()
    kept: list[Path] = []
    while time.monotonic() < until - 0.5:
        kept.append(tmp_path / f"{len(kept)}.backup")
        back_up(old, kept[-1])
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0, "a backup stops nobody"
    counts = []
    for number, path in enumerate([kept[0], kept[-1]]):
        new = sqlite_instance(tmp_path / f"new{number}")
        counts.append(restore(new, path).contents.summary.counts["paper"])
        assert len(rows(database(new))) == counts[-1]
        here, there = stored(new), stored(old)
        assert all(here[name] == there[name] for name in named(rows(database(new))))
    assert 12 <= counts[0] <= counts[1] <= len(rows(database(old)))


def harmed(backup: Path, place: int) -> bytes:
    data = bytearray(backup.read_bytes())
    data[place] ^= 1 << place % 8
    return bytes(data)


def test_a_damaged_backup_is_refused_before_anything_is_touched(backup: Path, tmp_path: Path) -> None:
    target = sqlite_instance(tmp_path / "target", papers=2)
    before, size, lot = everything(target.home), backup.stat().st_size, random.Random(7)  # noqa: S311
    cut = [backup.read_bytes()[: lot.randrange(size)] for _time in range(20)]
    flipped = [harmed(backup, lot.randrange(low, min(low + size // 20, size))) for low in range(0, size, size // 20)]
    heads = [harmed(backup, place) for place in (0, 16, 19, 20, 30, 50, 80, HEADER - 1, HEADER)]
    for number, data in enumerate([*cut, *flipped, *heads, b"", b"\0" * 5000]):
        path = tmp_path / f"damaged{number}"
        path.write_bytes(data)
        with pytest.raises(DamagedBackupError):
            restore(target, path, replace=True)
    assert everything(target.home) == before


def test_a_wrong_passphrase_touches_nothing(backup: Path, tmp_path: Path) -> None:
    target = sqlite_instance(tmp_path / "target", papers=2)
    before = everything(target.home)
    with pytest.raises(WrongPassphraseError):
        restore(target, backup, replace=True, secret=b"some other passphrase")
    assert everything(target.home) == before


def test_an_instance_in_use_is_refused_and_with_replace_kept_aside(backup: Path, tmp_path: Path) -> None:
    target = sqlite_instance(tmp_path / "target", papers=2)
    before, names = everything(target.home), rows(database(target))
    with pytest.raises(KeepingError, match="--replace"):
        restore(target, backup)
    assert everything(target.home) == before
    aside = restore(target, backup, replace=True).aside
    assert len(rows(database(target))) == 12
    assert rows(Path(aside[0])) == names
    assert stored(replace(target, files=Path(aside[1]))).keys() == named(names)
    assert not (target.home / "restore.json").exists()


@pytest.mark.parametrize("papers", [0, 2])
def test_a_restore_broken_off_anywhere_is_repeated(backup: Path, tmp_path: Path, papers: int) -> None:
    """The power fails at each single change of the file system; the same call again comes to the same end."""
    old, died = rows(tmp_path / "old" / "db.sqlite3"), 0
    for step in steps():
        target = sqlite_instance(tmp_path / f"target{step}", papers=papers)
        names = rows(database(target)) if papers else set()
        died += (broken := broken_off_at(step, lambda: restore(target, backup, replace=bool(papers))))  # noqa: B023
        half_done = (target.home / "restore.json").exists()
        if half_done:
            with pytest.raises(SystemExit, match="call bin/restore again"):
                serving.hold(target.home)
        if not broken and not died:
            pytest.fail("the child came to an end by itself")
        if not broken:
            break
        if half_done or rows_if_any(target) != old:  # else it was done but for the tidying
            aside = restore(target, backup, replace=bool(papers)).aside
            if papers:
                assert rows(Path(aside[0])) == names
                assert stored(replace(target, files=Path(aside[1]))).keys() == named(names)
            assert not [path for path in target.home.rglob(".*") if "work" in path.name or "incoming" in path.name]
        assert rows(database(target)) == old
        assert stored(target).keys() == named(old)
    assert died > 15


def rows_if_any(instance: Instance) -> set[str]:
    return rows(database(instance)) if database(instance).exists() else set()


def test_a_backup_broken_off_leaves_no_file_of_its_name_and_the_next_tidies_up(old: Instance, tmp_path: Path) -> None:
    for step in steps():
        out = tmp_path / f"{step}.backup"
        if not broken_off_at(step, lambda: back_up(old, out)):  # noqa: B023
            break
        if out.exists():
            prove(out, SECRET)
    assert step > 5
    back_up(old, tmp_path / "last.backup")
    assert not [path.name for path in old.home.iterdir() if path.name.startswith(".backup-work")]


def test_a_backup_replaces_no_other(old: Instance, backup: Path) -> None:
    with pytest.raises(KeepingError, match="there already"):
        back_up(old, backup)


def test_a_damaged_database_is_not_backed_up(old: Instance, tmp_path: Path) -> None:
    with closing(sqlite3.connect(database(old))) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(database(old).read_bytes())
    data[4096:8192] = b"\xff" * 4096
    database(old).write_bytes(bytes(data))
    with pytest.raises((KeepingError, sqlite3.DatabaseError)):
        back_up(old, tmp_path / "x.backup")
    assert not list(tmp_path.glob("*x.backup*"))


def test_an_instance_that_is_served_is_not_restored_into(
    backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = sqlite_instance(tmp_path / "target")
    held: list[Any] = []
    monkeypatch.setattr(serving, "_held", held)
    serving.hold(target.home)
    with pytest.raises(KeepingError, match="being served"):
        restore(target, backup)
    held[0].close()
    restore(target, backup)


def made_of(old: Instance, path: Path, **changes: Any) -> Path:
    """A backup whose summary says something else."""
    from core.keeping.archive import write_archive

    with path.open("wb") as file:
        told = {"made_at": "2026", "software": "9.9", "database": "SQLite", "server": "3", "database_size": 1}
        summary = Summary(**{**told, "migrations": [], "counts": {}, **changes})
        write_archive(file, SECRET, summary, iter([]), CHEAP)
    return path


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"migrations": ["returns.0099_later"]}, "newer software"),
        ({"database": "PostgreSQL"}, "set DATABASE_URL"),
        ({"database_size": 1 << 60}, "MB are free"),
    ],
)
def test_what_does_not_fit_is_refused(old: Instance, tmp_path: Path, changes: dict[str, Any], complaint: str) -> None:
    target = sqlite_instance(tmp_path / "target")
    before = everything(target.home)
    with pytest.raises(KeepingError, match=complaint):
        restore(target, made_of(old, tmp_path / "x", **changes))
    assert everything(target.home) == before


def test_a_backup_needs_little_memory(old: Instance, tmp_path: Path) -> None:
    with closing(sqlite3.connect(database(old))) as connection:
        for number in range(10):
            add_paper(old, connection, bytes([number]) * 8_000_000)
    tracemalloc.start()
    make_backup(old, tmp_path / "large.backup", SECRET, at=AT, software="0.1")
    restore(sqlite_instance(tmp_path / "new"), tmp_path / "large.backup")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (tmp_path / "large.backup").stat().st_size > 80_000_000
    assert most < 28_000_000
