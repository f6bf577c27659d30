"""Every command ends with one line on standard error, in English, whatever it was told and however empty it is."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.house.test_house_settings import run

ATTEMPTS = {
    "show_totals bd 2026-10 --json": "no office",
    "show_totals bd": "period",
    "close_period bd 2026-13": "no office",
    "score_agreement lalmonirhat 2023-24 --json": "has no agreement",
    "export_agreement lalmonirhat 2023-24 --out x.pdf": "has no agreement",
    "export_agreement lalmonirhat 2023-24": "--out",
    "import_agreement contracts/data/agreements/lalmonirhat-2023-24.toml": "performance cell",
    "import_agreement nowhere.toml": "no file",
    "create_administrator root --name-bn রুট --name-en Root": "load_offices",
    "create_administrator": "--name-bn",
    "publish_form root": "no active officer",
    "score_line --targets 1,2 --achieved 3": "five targets",
    "score_line --targets 5,4,3,2,1 --achieved many": "no number",
    "score_line": "--targets",
    "verify_document": "pdf",
    "verify_document README.md": "authority",
}


def manage(home: Path, words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return run([sys.executable, "manage.py", *words.split()], home, **environment)


@pytest.fixture(scope="module")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance that holds its tables and nothing else."""
    home = tmp_path_factory.mktemp("empty")
    assert manage(home, "migrate --verbosity 0").returncode == 0
    return home


@pytest.mark.full
@pytest.mark.parametrize("words", ATTEMPTS)
def test_a_command_on_an_empty_instance_says_what_is_missing_in_one_line(words: str, empty_home: Path) -> None:
    ended = manage(empty_home, words)
    assert ended.returncode in (1, 2)
    assert ended.stdout == ""
    assert ended.stderr.count("\n") == 1, ended.stderr
    assert ATTEMPTS[words] in ended.stderr
    assert "bn" in words or ended.stderr.replace("“", "").replace("”", "").isascii()


@pytest.fixture
def bare_postgres() -> Iterator[str]:
    """The address of a PostgreSQL database without a table."""
    with psycopg.connect("postgres://postgres@127.0.0.1/postgres", autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS portal_bare")
        connection.execute("CREATE DATABASE portal_bare")
        yield "postgres://postgres@127.0.0.1/portal_bare"
        connection.execute("DROP DATABASE portal_bare WITH (FORCE)")


def test_before_the_first_migration_a_command_says_so(tmp_path: Path) -> None:
    ended = manage(tmp_path, "load_offices")
    assert (ended.returncode, ended.stderr) == (1, "database: it holds no tables yet; run migrate first\n")


@pytest.mark.postgres
def test_before_the_first_migration_a_command_says_so_on_postgresql(tmp_path: Path, bare_postgres: str) -> None:
    ended = manage(tmp_path, "load_offices", DATABASE_URL=bare_postgres)
    assert (ended.returncode, ended.stderr) == (1, "database: it holds no tables yet; run migrate first\n")
