"""The containers of production: valid, not root, with secrets from files."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from apa_portal import environment

ROOT = Path(__file__).resolve().parent.parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
OURS = ("setup", "web", "worker", "beat", "backup")
SERVED = ("postgres", "redis", "web", "worker", "beat")


@pytest.mark.skipif(shutil.which("docker-compose") is None, reason="docker-compose is not installed")
def test_the_composition_is_valid() -> None:
    done = subprocess.run(
        ["docker-compose", "config", "--quiet"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": "/tmp"},  # noqa: S108
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_our_containers_hold_no_secret_and_no_power() -> None:
    for name in OURS:
        service = COMPOSE["services"][name]
        assert service["cap_drop"] == ["ALL"]
        assert service["read_only"]
        settings = service["environment"]
        assert not {"SECRET_KEY", "DATABASE_URL"} & set(settings)
        assert {"SECRET_KEY_FILE", "DATABASE_URL_FILE"} <= set(settings)
        assert environment.broker(settings["BROKER_URL"])
        assert environment.flag(settings["USE_HTTPS"])
    assert "POSTGRES_PASSWORD" not in COMPOSE["services"]["postgres"]["environment"]
    exposed = [name for name, service in COMPOSE["services"].items() if service.get("ports")]
    assert exposed == ["proxy"], "only the reverse proxy is reached from outside"
    assert COMPOSE["services"]["backup"]["profiles"] == ["backup"], "cron runs it, not `up`"


def test_what_is_served_is_watched_and_limited() -> None:
    services = COMPOSE["services"]
    assert all("healthcheck" in services[name] for name in SERVED)
    assert all("mem_limit" in services[name] for name in ("web", "worker", "beat"))
    assert {"--max-tasks-per-child", "--max-memory-per-child"} <= set(services["worker"]["command"])
    for name in ("web", "worker", "beat"):
        assert services[name]["depends_on"]["setup"] == {"condition": "service_completed_successfully"}
    secrets = {path["file"] for path in COMPOSE["secrets"].values()}
    described = (ROOT / "docs" / "operations.md").read_text()
    assert all(path.removeprefix("./") in described for path in secrets), "the page says how to make each"


def test_the_image_does_not_run_as_root_and_leaves_secrets_out() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    users = [line for line in lines if line.startswith("USER ")]
    assert users == ["USER portal"]
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {"secrets", "var", ".git", "tests"} <= set(ignored)
    assert "/secrets" in (ROOT / ".gitignore").read_text().split()


def test_the_image_installs_the_packages_that_setup_names() -> None:
    named = re.search(r"PORTAL_PACKAGES=\(([^)]*)\)", (ROOT / "bin" / "_setup").read_text())
    assert named
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert not [name for name in named[1].split() if name not in dockerfile]


def test_every_setting_is_documented() -> None:
    read = set(re.findall(r'environment\.read\("(\w+)"', (ROOT / "apa_portal" / "settings.py").read_text()))
    described = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs" / "operations.md").read_text(), re.M))
    assert read == described
