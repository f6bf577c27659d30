"""An instance with returns, totals, papers and an authority, through ``bin/backup`` and ``bin/restore``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PASSPHRASE = "a passphrase for the tests"


def run(home: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        words,
        cwd=ROOT,
        env={**kept, "PORTAL_HOME": str(home), "PORTAL_BACKUP_PASSPHRASE": PASSPHRASE, **environment},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=300,
        check=False,
    )


@pytest.mark.full
def test_without_a_passphrase_nothing_is_written(tmp_path: Path) -> None:
    for given, complaint in (("", "no passphrase"), ("short", "needs 16")):
        done = run(tmp_path, "bin/backup", PORTAL_BACKUP_PASSPHRASE=given)
        assert done.returncode == 1 and complaint in done.stderr and done.stderr.count("\n") == 1, done.stderr
    assert not (tmp_path / "backups").exists()


@pytest.mark.full
def test_a_month_is_backed_up_under_load_and_restored_elsewhere(tmp_path: Path) -> None:
    old, new, out = tmp_path / "old", tmp_path / "new", tmp_path / "b.backup"
    told = run(old, sys.executable, "-m", "tests.house.keeping_story", str(out))
    assert told.returncode == 0, told.stderr
    written = json.loads(told.stdout.splitlines()[-1])
    assert written["before"] < written["after"]

    assert "all as written" in run(new, "bin/restore", str(out), "--check").stdout
    assert not (new / "db.sqlite3").exists()
    done = run(new, "bin/restore", str(out))
    assert done.returncode == 0, done.stderr
    assert "Put back the secrets" in done.stderr and "pepper" in done.stderr
    check = run(new, "bin/manage", "check_integrity", "--json")
    found = json.loads(check.stdout)
    assert check.returncode == 0 and found["ok"], check.stdout
    assert found["totals"]["checked"] >= 3
    assert written["before"] <= found["files"]["checked"] <= written["after"]
    assert (new / "ca.pem").read_text() == (old / "ca.pem").read_text()

    # Signing waits for the secrets, and never makes a second authority by itself.
    code = "import django; django.setup(); from documents.authority import seal; seal()"
    settings = {"DJANGO_SETTINGS_MODULE": "apa_portal.settings"}
    assert "AuthorityMissingError" in run(new, sys.executable, "-c", code, **settings).stderr
    for path in (old / "secrets").iterdir():
        (new / "secrets" / path.name).write_bytes(path.read_bytes())
    assert run(new, sys.executable, "-c", code, **settings).returncode == 0

    again = run(new, "bin/restore", str(out))
    assert again.returncode == 1 and "--replace" in again.stderr and again.stderr.count("\n") == 2
    done = run(new, "bin/restore", str(out), "--replace")
    assert done.returncode == 0 and "Kept aside" in done.stdout and "Put back" not in done.stderr, done.stderr


@pytest.mark.full
def test_the_newest_backups_are_kept(tmp_path: Path) -> None:
    assert run(tmp_path, "bin/manage", "migrate", "--verbosity", "0").returncode == 0
    folder = tmp_path / "backups"
    folder.mkdir()
    for name in ("portal-20200101T000000Z.backup", "portal-20200102T000000Z.backup", "mine.backup"):
        (folder / name).touch()
    done = run(tmp_path, "bin/backup", "--keep", "2", "--json")
    assert done.returncode == 0, done.stderr
    made = Path(json.loads(done.stdout)["file"])
    assert {path.name for path in folder.iterdir()} == {made.name, "portal-20200102T000000Z.backup", "mine.backup"}
