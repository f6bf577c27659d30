"""The processes of docker-compose.yml without Docker: its own commands and settings, the real proxy in front."""

from __future__ import annotations

import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
SERVICES: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]

pytestmark = [pytest.mark.full, pytest.mark.postgres, pytest.mark.redis]

WORK = """
import random
import django
django.setup()
from core.periods import Period
from jobs.models import Job
from tests.factories import make_tree
from tests.jobs.kill_rounds import all_is_over, publish, verify_and_ask, wait_until
verify_and_ask(Period.month(2023, 7), make_tree(), publish(), random.Random(1))
assert wait_until(all_is_over)
print(sorted(set(Job.objects.values_list("state", flat=True))))
"""


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


class Composition:
    """Services started as the compose file says, with its settings translated to this machine."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder, self.port, self.running = folder, free_port(), list[subprocess.Popen[bytes]]()
        home, secrets = folder / "home", folder / "run"
        for path in (home, secrets):
            path.mkdir()
        (secrets / "database_url").write_text(f"postgres://postgres@127.0.0.1:5432/{database}")
        (secrets / "secret_key").write_text(uuid.uuid4().hex * 2)
        (secrets / "backup_passphrase").write_text("a passphrase for the tests")
        given: dict[str, str] = {name: str(value) for name, value in SERVICES["web"]["environment"].items()}
        given = {name: value.replace("/run/secrets", str(secrets)) for name, value in given.items()}
        given |= {"PORTAL_ADDRESS": "https://127.0.0.1", "BROKER_URL": f"redis://127.0.0.1:6379/{8 + os.getpid() % 8}"}
        given |= {"PORTAL_HOME": str(home), "PORTAL_SECRETS_DIR": str(folder / "keys"), "LANG": "C.UTF-8"}
        given |= {"PORTAL_BACKUP_DIR": str(folder / "backups"), "HEALTH_ADDRESS": f"http://127.0.0.1:{self.port}"}
        programs = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        self.environment: dict[str, str] = {**given, "PATH": programs, "HOME": str(folder)}

    def words(self, words: list[str]) -> list[str]:
        return [word.replace("0.0.0.0:8000", f"127.0.0.1:{self.port}") for word in words]

    def run(self, words: list[str], **more: str) -> str:
        done = subprocess.run(
            self.words(words), cwd=ROOT, env=self.environment | more, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr + self.log()
        return str(done.stdout)

    def start(self, words: list[str]) -> None:
        with (self.folder / "log").open("ab") as log:
            self.running.append(
                subprocess.Popen(self.words(words), cwd=ROOT, env=self.environment, stdout=log, stderr=log)
            )

    def is_well(self, service: str) -> bool:
        test = SERVICES[service]["healthcheck"]["test"][1:]
        return subprocess.run(test, cwd=ROOT, env=self.environment, check=False).returncode == 0

    def log(self) -> str:
        return (self.folder / "log").read_text()[-3000:] if (self.folder / "log").exists() else ""

    def end(self) -> list[int]:
        for process in self.running:
            process.terminate()
        return [process.wait(60) for process in self.running]


@pytest.fixture
def composition(tmp_path: Path) -> Iterator[Composition]:
    name = f"test_compose_{uuid.uuid4().hex[:10]}"
    with psycopg.connect("postgresql://postgres@127.0.0.1:5432/postgres", autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        composition = Composition(tmp_path, name)
        yield composition
        composition.end()
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def wait_for(question: Any, composition: Composition) -> None:
    until = time.monotonic() + 240
    while not question():
        assert time.monotonic() < until, composition.log()
        time.sleep(0.5)


def proxy(composition: Composition) -> tuple[int, int]:
    """Our nginx settings under Debian's nginx: only addresses, ports and paths are this machine's."""
    folder, plain, secure = composition.folder, free_port(), free_port()
    key, certificate = folder / "run" / "tls_key", folder / "run" / "tls_certificate"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1", "-days", "2"]
    subprocess.run([*make, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    text = (ROOT / "nginx" / "portal.conf").read_text()
    for theirs, ours in {
        "web:8000": f"127.0.0.1:{composition.port}",
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ssl;": f"listen 127.0.0.1:{secure} ssl;",
        "/run/secrets": str(folder / "run"),
        "/var/lib/portal/static/": f"{folder / 'home' / 'static'}/",
    }.items():
        assert theirs in text
        text = text.replace(theirs, ours)
    temporary = "".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"user root; pid {folder}/nginx.pid; error_log {folder}/log; events {{}}\n"
        f"http {{ access_log off; {temporary} include /etc/nginx/mime.types; {text} }}"
    )
    composition.start(["nginx", "-c", str(folder / "nginx.conf"), "-g", "daemon off;"])
    return plain, secure


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_words: Any) -> None:
        return None


def ask(address: str, data: bytes | None = None) -> tuple[int, str, dict[str, str]]:
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    opener = urllib.request.build_opener(_Stay, urllib.request.HTTPSHandler(context=trusting))
    try:
        answer = opener.open(address, data, timeout=20)
    except urllib.error.HTTPError as error:
        answer = error
    except OSError as error:
        return 0, str(error), {}
    with answer:
        return answer.status, answer.read().decode(), dict(answer.headers)


def jobs_of(composition: Composition) -> str:
    """What the health address says of the work in the background."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{composition.port}/health/", headers={"X-Forwarded-Proto": "https"}
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        return str(json.loads(answer.read())["jobs"])


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")
def test_the_processes_of_production_serve_work_and_end(composition: Composition) -> None:
    composition.run(SERVICES["setup"]["command"])
    composition.start(SERVICES["web"]["command"])
    wait_for(lambda: composition.is_well("web"), composition)
    assert not composition.is_well("worker") and jobs_of(composition) == "waiting"
    for name in ("worker", "beat"):
        composition.start(SERVICES[name]["command"])
    for name in ("web", "worker", "beat"):
        wait_for(lambda: composition.is_well(name), composition)  # noqa: B023
    assert composition.run(["python", "-c", WORK], DJANGO_SETTINGS_MODULE="apa_portal.settings") == "['done']\n"

    plain, secure = proxy(composition)
    site = f"https://127.0.0.1:{secure}"
    wait_for(lambda: ask(f"{site}/health/")[0] == 200, composition)
    assert json.loads(ask(f"{site}/health/")[1]) == {"database": "ok", "jobs": "ok"}
    status, page, headers = ask(f"{site}/accounts/login/")
    assert status == 200 and "Strict-Transport-Security" in headers
    style = page.split('rel="stylesheet" href="')[1].split('"')[0]
    status, _css, headers = ask(site + style)
    assert status == 200 and "immutable" in headers["Cache-Control"] and "text/css" in headers["Content-Type"]
    assert ask(f"{site}/verify/", b"x" * 32_000_000)[0] in (0, 413), "cut off before it reaches the portal"
    status, _, headers = ask(f"http://127.0.0.1:{plain}/start/")
    assert (status, headers["Location"]) == (301, "https://127.0.0.1/start/")
    said = composition.run(SERVICES["backup"]["command"])
    assert "read back" in said

    assert not [code for code in composition.end() if code not in (0, -15)], composition.log()
    assert not composition.is_well("web")
