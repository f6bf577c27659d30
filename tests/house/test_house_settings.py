"""A wrong value in the environment stops the start with one line, whoever starts; production settings are clean."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from pytest_django import Settings

from apa_portal import environment
from core.checks import check_clock
from offices.checks import check_demo_accounts
from offices.models import Officer
from tests.matrix.world import NOW

ROOT = Path(__file__).resolve().parent.parent.parent
PYTHON = sys.executable
MANAGE = [PYTHON, "manage.py", "check"]
STARTS = {
    "manage.py": MANAGE,
    "wsgi": [PYTHON, "-c", "import apa_portal.wsgi"],
    "celery": [PYTHON, "-m", "celery", "-A", "apa_portal", "report"],
    "gunicorn": [PYTHON, "-m", "gunicorn", "--bind", "127.0.0.1:0", "apa_portal.wsgi"],
}
SECRET = "a-secret-of-the-tests-0123456789-abcdefghijklmnopqrstuvwxyz"


def run(command: list[str], home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**clean, "PORTAL_HOME": str(home), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        stdin=subprocess.DEVNULL,
        check=False,
    )


WRONG = {
    "DATABASE_URL": "mysql://somewhere/portal",
    "BROKER_URL": "amqp://somewhere",
    "PORTAL_CLOCK": "2024-07-03T10:00",
    "JOB_LEASE_SECONDS": "soon",
    "PORTAL_DEMO": "perhaps",
    "DEBUG": "2",
    "USE_HTTPS": "ja",
    "SECRET_KEY": "short",
    "ALLOWED_HOSTS": "https://portal.example/",
    "PORTAL_ADDRESS": "portal.example",
    "SECRET_KEY_FILE": "/nowhere/secret",
}


@pytest.mark.full
@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_value_stops_the_start_with_one_line(name: str, tmp_path: Path) -> None:
    ended = run(MANAGE, tmp_path, **{name: WRONG[name]})
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"{name}: ")
    assert ended.stderr.count("\n") == 1
    assert not ended.stdout


@pytest.mark.full
@pytest.mark.parametrize("start", STARTS)
def test_every_way_to_start_stops_with_the_same_line(start: str, tmp_path: Path) -> None:
    ended = run(STARTS[start], tmp_path, PORTAL_CLOCK="yesterday")
    assert ended.returncode == 1
    lines = [line for line in ended.stderr.splitlines() if not line.startswith("[")]
    assert len(lines) == 1
    assert lines[0].startswith("PORTAL_CLOCK: 'yesterday' is not an instant")
    assert "Traceback" not in ended.stdout + ended.stderr


def test_a_clock_without_offset_is_told_what_to_write(tmp_path: Path) -> None:
    ended = run(MANAGE, tmp_path, PORTAL_CLOCK="2024-07-03T10:00")
    assert "2024-07-03T10:00+06:00" in ended.stderr


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    ended = run(MANAGE, tmp_path / "file" / "home")
    assert ended.returncode == 1
    assert ended.stderr.startswith("PORTAL_HOME: ")
    assert ended.stderr.count("\n") == 1


def test_a_home_that_cannot_be_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_asked: False)
    with pytest.raises(ValueError, match="cannot be written"):
        environment.made_folder(str(tmp_path))


def test_https_needs_an_https_address(tmp_path: Path) -> None:
    ended = run(MANAGE, tmp_path, USE_HTTPS="1", PORTAL_ADDRESS="http://portal.example")
    assert (ended.returncode, ended.stderr.split(":")[0]) == (1, "PORTAL_ADDRESS")


def test_the_instances_file_is_read_and_its_wrong_line_named(tmp_path: Path) -> None:
    (tmp_path / "portal.env").write_text("# our office\nDEBUG=1\nPORTAL_DEMO\n")
    ended = run(MANAGE, tmp_path)
    assert ended.returncode == 1
    assert "portal.env, line 3: " in ended.stderr
    (tmp_path / "portal.env").write_text("BROKER_URL=carrier-pigeon://loft\n")
    assert run(MANAGE, tmp_path).stderr.startswith("BROKER_URL: ")
    assert run(MANAGE, tmp_path, BROKER_URL="filesystem://").returncode == 0, "the environment wins over the file"


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(SECRET + "\n")
    code = "from django.conf import settings; print(settings.SECRET_KEY)"
    ended = run(
        [PYTHON, "-c", code],
        tmp_path,
        SECRET_KEY_FILE=str(tmp_path / "secret"),
        DJANGO_SETTINGS_MODULE="apa_portal.settings",
    )
    assert ended.stdout.strip() == SECRET


@pytest.mark.full
def test_without_any_value_the_embedded_default_starts(tmp_path: Path) -> None:
    ended = run(MANAGE, tmp_path)
    assert ended.returncode == 0, ended.stderr
    kept = tmp_path / "secrets" / "django"
    assert kept.stat().st_mode & 0o077 == 0, "others may not read the secret"
    first = kept.read_text()
    run(MANAGE, tmp_path)
    assert kept.read_text() == first


def test_production_settings_pass_the_deployment_checks(tmp_path: Path) -> None:
    ended = run(
        [PYTHON, "-W", "error", "manage.py", "check", "--deploy", "--fail-level", "INFO"],
        tmp_path,
        SECRET_KEY=SECRET,
        USE_HTTPS="1",
        PORTAL_ADDRESS="https://portal.example",
        DATABASE_URL="postgres://portal@127.0.0.1/portal",
        BROKER_URL="redis://127.0.0.1:6379/0",
    )
    assert ended.returncode == 0, ended.stderr
    assert "no issues" in ended.stdout + ended.stderr


@pytest.mark.parametrize(("demo", "tests", "complaints"), [(False, False, 1), (True, False, 0), (False, True, 0)])
def test_another_clock_is_for_demonstrations_and_tests(
    settings: Settings, demo: bool, tests: bool, complaints: int
) -> None:
    settings.PORTAL_CLOCK, settings.PORTAL_DEMO, settings.PORTAL_TESTS = NOW, demo, tests
    assert len(check_clock()) == complaints
    settings.PORTAL_CLOCK = None
    assert not check_clock()


@pytest.mark.django_db
def test_an_open_demonstration_account_outside_a_demonstration_fails_the_check(settings: Settings) -> None:
    officer = Officer.objects.create_user("rahman", name_bn="রহমান", name_en="Rahman", is_demo=True)
    settings.PORTAL_DEMO = False
    with pytest.raises(SystemCheckError, match="rahman"):
        call_command("check", databases=["default"])
    settings.PORTAL_DEMO = True
    assert not check_demo_accounts(["default"])
    settings.PORTAL_DEMO = False
    Officer.objects.filter(pk=officer.pk).update(is_active=False)
    assert not check_demo_accounts(["default"]), "a closed account harms nobody"


@pytest.mark.full
def test_gunicorn_does_not_serve_an_instance_with_open_demonstration_accounts(tmp_path: Path) -> None:
    assert run([PYTHON, "manage.py", "migrate", "--verbosity", "0"], tmp_path).returncode == 0
    code = (
        "import django; django.setup(); from offices.models import Officer;"
        "Officer.objects.create_user('rahman', name_bn='r', name_en='r', is_demo=True)"
    )
    made = run([PYTHON, "-c", code], tmp_path, DJANGO_SETTINGS_MODULE="apa_portal.settings")
    assert made.returncode == 0, made.stderr
    ended = run(STARTS["gunicorn"], tmp_path)
    assert ended.returncode == 1
    assert "offices.E001" in ended.stderr


def test_a_database_out_of_reach_is_told_in_one_line(tmp_path: Path) -> None:
    nobody = "postgres://nobody@127.0.0.1:1/nothing"
    done = run([PYTHON, "manage.py", "show_totals", "bd", "2026-10", "--json"], tmp_path, DATABASE_URL=nobody)
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith("database: ") and done.stderr.count("\n") == 1


@pytest.mark.parametrize("demo", ["", "1"])
def test_a_start_leaves_engine_and_signer_to_those_who_need_them(tmp_path: Path, demo: str) -> None:
    """Each takes as long to load as all the rest together, and every command would wait for it."""
    code = "import django, sys; django.setup(); print({'weasyprint', 'pyhanko'} & set(sys.modules))"
    environment = {"PORTAL_DEMO": demo, "DJANGO_SETTINGS_MODULE": "apa_portal.settings"}
    told = run([PYTHON, "-c", code], tmp_path, **environment)
    assert told.stdout.strip() == "set()", told.stderr
