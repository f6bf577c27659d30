"""``bin/portal`` in an empty home: it is set up, served, continued and ended, like on a stranger's machine."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def start(home: Path, *words: str) -> subprocess.Popen[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.Popen(
        ["bin/portal", *words],
        cwd=ROOT,
        env={**kept, "PORTAL_HOME": str(home)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    said, _ = process.communicate(timeout=180)
    return process.returncode, said


def members(group: int) -> list[str]:
    """Names of the processes of a process group that still run."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, rest = stat.read_text().rsplit(")", 1)
        except OSError:
            continue
        if int(rest.split()[2]) == group and rest.split()[0] != "Z":
            found.append(name)
    return found


@pytest.mark.parametrize("words", [("--port", "0"), ("--port", "many"), ("--admin",), ("--fresh",)])
def test_a_wrong_word_is_refused_before_anything_is_made(tmp_path: Path, words: tuple[str, ...]) -> None:
    code, said = ended(start(tmp_path / "home", *words))
    assert code == 1 and said.count("\n") == 1
    assert not (tmp_path / "home").exists()


@pytest.mark.full
def test_it_is_set_up_served_continued_and_ended(tmp_path: Path) -> None:
    home, port = tmp_path / "home", str(free_port())
    code, said = ended(start(home, "--no-serve", "--port", port))
    assert code == 1 and "--admin LOGIN" in said
    code, said = ended(start(home, "--no-serve", "--port", port, "--admin", "boss"))
    assert code == 0, said
    assert re.search(r"^Password: \S+$", said, re.M)
    assert (home / "db.sqlite3").stat().st_mode & 0o777 == 0o600
    assert f"PORTAL_ADDRESS=http://127.0.0.1:{port}" in (home / "portal.env").read_text()
    portal = start(home, "--port", port)
    try:
        assert wait_for(f"http://127.0.0.1:{port}/accounts/login/").startswith("<!doctype html>")
        code, said = ended(start(home, "--port", port))
        assert code == 1 and "answers on" in said
    finally:
        portal.send_signal(signal.SIGTERM)
        code, said = ended(portal)
    assert code == 143 and "Password" not in said
    assert not members(portal.pid), "nothing stays behind"


def wait_for(address: str) -> str:
    until = time.monotonic() + 120
    while True:
        try:
            with urllib.request.urlopen(address) as answer:  # noqa: S310
                return str(answer.read().decode())
        except OSError:
            assert time.monotonic() < until
            time.sleep(0.3)
