"""The house as the tests of its architecture see it: rooms in their order, and the files of the project."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps

ROOT = Path(__file__).resolve().parent.parent.parent
# Made by tools or by running the portal; never part of the project.
MADE = {
    "__pycache__",
    "node_modules",
    "output",
    "staticfiles",
    "var",
    ".git",
    ".hypothesis",
    ".import_linter_cache",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".venv",
}


def project() -> dict[str, Any]:
    """What pyproject.toml says."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def layers() -> list[set[str]]:
    """Rooms from the top down; rooms of one layer know nothing of one another."""
    contract = next(one for one in project()["tool"]["importlinter"]["contracts"] if one["type"] == "layers")
    return [{name.strip() for name in layer.split("|")} for layer in contract["layers"]]


def rooms() -> list[str]:
    """Every room by name."""
    return [room for layer in layers() for room in sorted(layer)]


def height(room: str) -> int:
    """How high a room stands; `ValueError` for what is no room."""
    for index, layer in enumerate(reversed(layers())):
        if room in layer:
            return index
    raise ValueError(room)


def may_use(upper: str, lower: str) -> bool:
    """Whether ``upper`` may know ``lower``: itself, or a room of a lower layer."""
    return upper == lower or height(upper) > height(lower)


def own_apps() -> list[AppConfig]:
    """Installed apps that are ours."""
    return [config for config in apps.get_app_configs() if Path(config.path).parent == ROOT]


def files(*suffixes: str, below: str = "") -> Iterator[Path]:
    """Files of the project (with one of the suffixes, if any), relative to its root."""
    for folder, names, found in os.walk(ROOT / below):
        names[:] = sorted(name for name in names if name not in MADE)
        for name in sorted(found):
            path = Path(folder, name)
            if path.is_symlink() or path.suffix in (".mo", ".pyc") or name == ".git":
                continue
            if not suffixes or path.suffix in suffixes:
                yield path.relative_to(ROOT)


def text_of(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")
