"""A real worker is killed while it holds a lease; after its restart everything is done, and done once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

LEASE_SECONDS = "4"


def told(home: Path, rounds: int, **environment: str) -> list[dict[str, Any]]:
    """Run the story in a process of its own and give what each round came to."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "FONTCONFIG_PATH")}
    answer = subprocess.run(
        [sys.executable, "-m", "tests.jobs.kill_rounds", "--rounds", str(rounds)],
        env=kept | {"PORTAL_HOME": str(home), "JOB_LEASE_SECONDS": LEASE_SECONDS} | environment,
        capture_output=True,
        text=True,
        timeout=120 + 60 * rounds,
        check=False,
    )
    log = home / "worker.log"
    assert answer.returncode == 0, answer.stderr[-3000:] + (log.read_text()[-3000:] if log.exists() else "")
    found: list[dict[str, Any]] = json.loads(answer.stdout.splitlines()[-1])
    return found


def judge(rounds: list[dict[str, Any]]) -> None:
    for number, found in enumerate(rounds, start=1):
        assert found["ended"], found
        assert found["states"] == ["done"], found
        assert found["totals"] == [found["expected"]] * 3, found
        assert found["basis"] == [2, 2, 2], found
        assert found["papers"] == [True], found
        assert found["files"] == number, "one file a paper"
    assert any(found["held"] for found in rounds), "no round killed a worker that held a lease"


@pytest.fixture
def postgres_database() -> Iterator[str]:
    """A database of its own, dropped afterwards."""
    name = f"test_kill_{uuid.uuid4().hex[:10]}"
    with psycopg.connect("postgresql://127.0.0.1:5432/postgres", autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
    yield f"postgres://127.0.0.1:5432/{name}"
    with psycopg.connect("postgresql://127.0.0.1:5432/postgres", autocommit=True) as server:
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.full
def test_a_killed_workers_jobs_are_done_once(tmp_path: Path) -> None:
    """Once for everyone, ten times under ``--all``."""
    judge(told(tmp_path, 10))


@pytest.mark.full
@pytest.mark.postgres
@pytest.mark.redis
def test_kills_on_postgres_and_redis(tmp_path: Path, postgres_database: str) -> None:
    broker = f"redis://127.0.0.1:6379/{uuid.uuid4().int % 8 + 8}"
    rounds = 10 if os.environ.get("PORTAL_TEST_LONG") else 3
    judge(told(tmp_path, rounds, DATABASE_URL=postgres_database, BROKER_URL=broker))
