"""What the checks of the database refuse."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
SERVER = "postgres://postgres@127.0.0.1:5432/"
pytestmark = pytest.mark.postgres


@pytest.fixture(params=["UTF8", "SQL_ASCII"])
def database(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """An empty database of its own, with its encoding: the second is what a machine without a language makes."""
    name = f"test_checks_{uuid.uuid4().hex[:10]}"
    words = f"TEMPLATE template0 ENCODING '{request.param}' LC_COLLATE 'C' LC_CTYPE 'C'"
    with psycopg.connect(f"{SERVER}postgres", autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}" {words}')
        yield SERVER + name, request.param
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_a_database_that_knows_no_bangla_is_refused_before_anything_is_in_it(
    database: tuple[str, str], tmp_path: Path
) -> None:
    address, encoding = database
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    ended = subprocess.run(
        [sys.executable, "manage.py", "migrate", "core", "--no-input"],
        cwd=ROOT, env={**kept, "PORTAL_HOME": str(tmp_path), "DATABASE_URL": address},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ended.returncode == 0) is (encoding == "UTF8"), ended.stderr
    assert ("createdb -E UTF8" in ended.stderr) is (encoding != "UTF8")
    with psycopg.connect(address) as connection:
        (tables,) = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() or (0,)
    assert bool(tables) is (encoding == "UTF8")
