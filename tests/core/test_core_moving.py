"""Moving an instance to PostgreSQL: every row arrives, is proved, and an interrupted move begins anew."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import environ
import psycopg
import pytest
from django.db import connections
from django.utils import timezone

from core.keeping.contents import Table, digest_of, referred_by, tables_in_order
from core.keeping.errors import KeepingError
from core.keeping.moving import MARK, TARGET, Moved, finish, move_rows, target_database
from core.keeping.postgres import tables
from core.models import Activity
from offices.choices import Post
from offices.models import Office, Officer
from tests.factories import make_officer, make_tree

ROOT = Path(__file__).resolve().parent.parent.parent
SERVER = "postgres://postgres@127.0.0.1:5432/"
SOURCE = "here:db.sqlite3"

on_postgres = pytest.mark.postgres


@pytest.fixture
def address() -> Iterator[str]:
    """An empty database of its own."""
    name = f"test_move_{uuid.uuid4().hex[:10]}"
    with psycopg.connect(f"{SERVER}postgres", autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        yield SERVER + name
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def some_rows() -> None:
    """Rows with every kind of value: Bangla, JSON, instants, days, nulls, yes and no; an office above its superior."""
    tree = make_tree()
    officer = make_officer(Post.UPAZILA_OFFICER, tree.upazila)
    after = {"z": [1, 2.0, None, "ড়"], "a": {"y": True, "b": 12345678901234}, "empty": {}}
    for number in range(2500):
        Activity.objects.create(at=timezone.now(), actor=officer.username, verb=f"v{number}", subject="শ", after=after)
    late = {"kind": tree.district.kind, "parent": tree.division, "name_bn": "খ", "name_en": "late", "path": "001001009"}
    Office.objects.create(pk=9000, code="late", **late)
    Office.objects.filter(code="hatibandha").update(parent=9000)  # its superior has a later key


def move(address: str, source: str = SOURCE) -> Moved:
    with target_database(environ.Env.db_url_config(address)) as target:
        moved = move_rows(target, source=source, say=lambda _text: None)
        finish(target)
    return moved


def all_tables() -> list[Table]:
    return [table for group in tables_in_order() for table in group]


def test_every_table_comes_after_those_it_refers_to() -> None:
    seen: set[Table] = set()
    for group in tables_in_order():
        assert all(referred_by(table) <= seen | set(group) for table in group)
        seen |= set(group)
    assert {Office, Officer, Activity} <= seen


def digests(database: str) -> dict[str, tuple[int, str]]:
    return {table._meta.label: digest_of(table, database) for table in all_tables()}


@on_postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.full
def test_every_row_arrives_and_the_next_one_gets_a_fresh_key(address: str) -> None:
    some_rows()
    here = digests("default")
    moved = move(address)
    assert moved.rows == sum(count for count, _ in here.values()) > 2500
    with target_database(environ.Env.db_url_config(address)) as target:
        assert digests(TARGET) == here
        officer = Officer.objects.using(TARGET).create(username="next", name_bn="প", name_en="next")
        assert officer.pk > max(Officer.objects.values_list("pk", flat=True))
        with target.cursor() as cursor:
            left = set(target.introspection.table_names(cursor)) - {table._meta.db_table for table in all_tables()}
            assert left == {"django_migrations"}, "every table of an instance is moved"
            cursor.execute("SELECT count(*) FROM pg_constraint WHERE NOT convalidated")
            assert cursor.fetchone()[0] == 0
    assert TARGET not in connections.settings


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_a_target_in_use_is_refused_and_not_touched(address: str) -> None:
    with psycopg.connect(address, autocommit=True) as server:
        server.execute("CREATE TABLE theirs (id int)")
        with pytest.raises(KeepingError, match="not empty"):
            move(address)
        assert tables(server) == ["theirs"]
        server.execute("DROP TABLE theirs")
        server.execute(f"CREATE TABLE {MARK} (source text)")
        server.execute(f"INSERT INTO {MARK} VALUES ('elsewhere:db.sqlite3')")  # noqa: S608
        with pytest.raises(KeepingError, match="half a move from elsewhere"):
            move(address)


@on_postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.full
def test_a_finished_move_is_not_repeated_over_what_was_entered_since(address: str) -> None:
    make_tree()
    move(address)
    with pytest.raises(KeepingError, match="not empty"):
        move(address)


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_two_moves_at_once_are_one(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.keeping.moving.PATIENCE", "1s")
    with psycopg.connect(address, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(7305212)")
        with pytest.raises(KeepingError, match="another move"):
            move(address)


@on_postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.sqlite  # only SQLite holds what PostgreSQL refuses
@pytest.mark.parametrize("value", ["x\0y", "x" * 200])
@pytest.mark.full
def test_what_postgresql_cannot_hold_is_named_and_the_move_goes_on_once_mended(address: str, value: str) -> None:
    tree = make_tree()
    Office.objects.filter(pk=tree.third.pk).update(name_en=value)
    with pytest.raises(KeepingError, match="offices_office"):
        move(address)
    Office.objects.filter(pk=tree.third.pk).update(name_en="mended")
    move(address)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["sqlite:////tmp/other.sqlite3", "postgres://nobody@127.0.0.1:1/nothing"])
def test_a_wrong_target_is_refused(address: str) -> None:
    with pytest.raises(KeepingError, match="the target"):
        move(address)


def manage(home: Path, *words: str, wait: bool = True, **environment: str) -> subprocess.Popen[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    process = subprocess.Popen(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env={**kept, "PORTAL_HOME": str(home), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    if wait:
        process.wait(timeout=300)
    return process


def found(home: Path, **environment: str) -> Any:
    check = manage(home, "check_integrity", "--json", wait=False, **environment)
    return json.loads(check.communicate()[0])


@pytest.mark.full
@on_postgres
def test_a_killed_move_is_repeated(tmp_path: Path, address: str) -> None:
    """SIGKILL at two moments, from the first second to the last table; then the same call, and the same result."""
    home = tmp_path / "home"
    backup = tmp_path / "b.backup"
    ours = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    story = subprocess.run(
        [sys.executable, "-m", "tests.house.keeping_story", str(backup)],
        cwd=ROOT,
        env={**ours, "PORTAL_HOME": str(home), "PORTAL_BACKUP_PASSPHRASE": "a passphrase for the tests"},
        check=False,
    )
    assert story.returncode == 0
    lot, died, longest = random.Random(11), 0, 6.0  # noqa: S311
    for _round in range(2):
        process = manage(home, "move_database", "--to", address, wait=False)
        time.sleep(1 + lot.random() * longest)
        died += process.poll() is None
        process.kill()
        process.communicate()
    assert died, "no round killed a move"
    with psycopg.connect(address) as server:
        finished = MARK not in tables(server) and bool(tables(server))
    done = manage(home, "move_database", "--to", address)
    complaint = done.communicate()[1]
    assert (done.returncode == 0) != finished, complaint
    here, there = found(home), found(home, DATABASE_URL=address)
    assert here == there
    # The story's months are filled at random: their openings are no closings, in neither database.
    assert not here["totals"]["wrong"] and not here["files"]["damaged"]
    assert here["totals"]["checked"] >= 3 and here["files"]["checked"] > 3
