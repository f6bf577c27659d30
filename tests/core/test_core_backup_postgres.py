"""Backups on PostgreSQL: while it is written to, into an empty database, and in the place of another."""

from __future__ import annotations

import shutil
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import environ
import psycopg
import pytest

from core.keeping import postgres
from core.keeping.errors import KeepingError
from core.keeping.instance import Instance
from tests.core.factories_keeping import TABLES, add_paper, back_up, broken_off_at, named, restore, steps, stored

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(shutil.which("pg_dump") is None, reason="pg_dump is not installed"),
]

SERVER = "postgres://postgres@127.0.0.1:5432/"
Make = Callable[[str], Instance]


def names(instance: Instance, database: str = "") -> set[str]:
    with postgres.connect(instance.database, database) as connection:
        return {name for (name,) in connection.execute("SELECT sha256 FROM paper")}


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Instances with an empty database each; all of their databases go afterwards."""
    mark = uuid.uuid4().hex[:8]
    stem = f"test_keep_{mark}"

    def one(name: str) -> Instance:
        home = tmp_path / name
        home.mkdir()
        database: dict[str, Any] = environ.Env.db_url_config(f"{SERVER}{stem}_{name}")
        with postgres.connect(database, "postgres") as server:
            server.execute(f'CREATE DATABASE "{stem}_{name}"')
        return Instance(home, home / "files", home / "secrets", database)

    yield one
    with psycopg.connect(f"{SERVER}postgres", autocommit=True) as server:
        for (name,) in server.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{stem}%"]).fetchall():
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def fill(instance: Instance, papers: int) -> None:
    with postgres.connect(instance.database) as connection:
        connection.execute(TABLES)
        connection.execute("INSERT INTO django_migrations VALUES (1, 'core', '0001_initial')")
        for number in range(papers):
            add_paper(instance, connection, f"{instance.home.name} {number}".encode() * 20, mark="%s")


def test_what_was_backed_up_while_five_write_is_restored(make: Make, tmp_path: Path) -> None:
    old, new, over = make("old"), make("new"), threading.Event()
    fill(old, 8)

    def write(writer: int) -> None:
        number = 0
        with postgres.connect(old.database) as connection:
            while not over.is_set():
                add_paper(old, connection, f"{writer} {number}".encode() * 50, mark="%s")
                number += 1

    writers = [threading.Thread(target=write, args=[number]) for number in range(5)]
    for writer in writers:
        writer.start()
    try:
        contents = back_up(old, tmp_path / "b.backup")
    finally:
        over.set()
        for writer in writers:
            writer.join()
    assert restore(new, tmp_path / "b.backup").contents == contents
    assert contents.summary.counts["paper"] == len(names(new)) >= 8
    assert named(names(new)) <= set(stored(new))
    assert names(new) <= names(old)


def test_an_instance_in_use_is_refused_and_with_replace_kept_aside(make: Make, tmp_path: Path) -> None:
    old, target = make("old"), make("target")
    fill(old, 5)
    fill(target, 2)
    before = names(target)
    back_up(old, tmp_path / "b.backup")
    with pytest.raises(KeepingError, match="--replace"):
        restore(target, tmp_path / "b.backup")
    with postgres.connect(target.database), pytest.raises(KeepingError, match="1 connections are open"):
        restore(target, tmp_path / "b.backup", replace=True)
    assert names(target) == before and set(stored(target)) == named(before)
    aside = restore(target, tmp_path / "b.backup", replace=True).aside
    assert names(target) == names(old)
    assert names(target, aside[0].split()[-1]) == before
    assert set(stored(replace(target, files=Path(aside[1])))) == named(before)


@pytest.mark.full
@pytest.mark.parametrize("papers", [0, 2])
def test_a_restore_broken_off_anywhere_is_repeated(make: Make, tmp_path: Path, papers: int) -> None:
    old, died = make("old"), 0
    fill(old, 3)
    back_up(old, tmp_path / "b.backup")
    for step in steps(apart=5):  # a database each: dropping them takes longer than the rest
        target = make(f"target{step}")
        if papers:
            fill(target, papers)
        before = names(target) if papers else set()
        broken = broken_off_at(step, lambda: restore(target, tmp_path / "b.backup", replace=bool(papers)))  # noqa: B023
        died += broken
        if not broken:
            break
        if (target.home / "restore.json").exists() or set(stored(target)) != named(names(old)):
            aside = restore(target, tmp_path / "b.backup", replace=bool(papers)).aside
            if papers:
                assert names(target, aside[0].split()[-1]) == before
        assert names(target) == names(old)
        assert set(stored(target)) == named(names(old))
    assert died > 3


def test_a_role_that_may_make_no_database_is_told_so(make: Make, tmp_path: Path) -> None:
    old, target = make("old"), make("target")
    fill(old, 3)
    fill(target, 2)
    back_up(old, tmp_path / "b.backup")
    role = f"role_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(f"{SERVER}postgres", autocommit=True) as server:
        server.execute(f"CREATE ROLE {role} LOGIN")
        server.execute(f'ALTER DATABASE "{target.database["NAME"]}" OWNER TO {role}')
        with postgres.connect(target.database) as connection:
            connection.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")
    poor = replace(target, database=target.database | {"USER": role})
    try:
        with pytest.raises(KeepingError, match="CREATEDB"):
            restore(poor, tmp_path / "b.backup", replace=True)
        assert len(names(target)) == 2 and not (target.home / "restore.json").exists()
    finally:
        with postgres.connect(target.database) as connection:
            connection.execute(f"DROP OWNED BY {role}")
        with psycopg.connect(f"{SERVER}postgres", autocommit=True) as server:
            server.execute(f'ALTER DATABASE "{target.database["NAME"]}" OWNER TO postgres')
            server.execute(f"DROP ROLE {role}")


def test_without_its_tools_it_says_what_to_install(make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = make("old")
    fill(old, 1)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(KeepingError, match="apt-get install postgresql-client"):
        back_up(old, tmp_path / "b.backup")


def test_a_server_out_of_reach_is_told_in_one_line(make: Make, tmp_path: Path) -> None:
    nobody = replace(make("old"), database=environ.Env.db_url_config("postgres://nobody@127.0.0.1:1/nothing"))
    with pytest.raises(KeepingError, match=r"^database: ") as told:
        back_up(nobody, tmp_path / "b.backup")
    assert "\n" not in str(told.value)
