"""Every text of code and templates has its Bangla."""

from __future__ import annotations

import gettext
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.architecture.house import ROOT, files, rooms
from tests.exemptions import UNTRANSLATED

CATALOGUE = ROOT / "locale" / "bn" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|{\w*}")

pytestmark = pytest.mark.skipif(shutil.which("xgettext") is None, reason="gettext is not installed")

Messages = dict[str, str]


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    clean = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(
        [str(word) for word in command], cwd=cwd, env=clean, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def messages_in(catalogue: Path, folder: Path) -> Messages:
    """What a compiled catalogue says: fuzzy and empty entries are not in it."""
    compiled = folder / f"{catalogue.stem}.mo"
    run("msgfmt", "-o", compiled, catalogue)
    with compiled.open("rb") as file:
        raw = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return {key if isinstance(key, str) else key[0]: str(value) for key, value in raw.items() if key}


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Messages:
    """Every text that code and templates ask for."""
    folder = tmp_path_factory.mktemp("used")
    (folder / "locale").mkdir()
    for room in (*rooms(), "templates", "apa_portal"):
        for path in files(".py", ".html", ".txt", below=room):
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / path, target)
    django_admin = ROOT / ".venv" / "bin" / "django-admin"
    run(django_admin, "makemessages", "--locale", "bn", "--no-wrap", "--no-location", cwd=folder)
    extracted = folder / "locale" / "bn" / "LC_MESSAGES" / "django.po"
    filled = folder / "filled.po"
    run("msgen", "-o", filled, extracted)
    return messages_in(filled, folder)


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Messages:
    return messages_in(CATALOGUE, tmp_path_factory.mktemp("ours"))


def test_the_catalogue_is_well_formed() -> None:
    """No message twice, no placeholder lost."""
    run("msgfmt", "--check-format", "-o", "/dev/null", CATALOGUE)


def test_every_text_has_its_bangla(used: Messages, ours: Messages) -> None:
    missing = sorted(set(used) - set(ours) - set(UNTRANSLATED))
    assert not missing, f"{len(missing)} texts without Bangla:\n" + "\n".join(missing)


def test_nothing_is_fuzzy() -> None:
    assert not run("msgattrib", "--only-fuzzy", CATALOGUE)


def test_placeholders_are_the_same_in_both_languages(used: Messages, ours: Messages) -> None:
    wrong = [
        text
        for text, translation in ours.items()
        if text in used and set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(translation))
    ]
    assert not wrong, "\n".join(wrong)
