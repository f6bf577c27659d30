"""Stylesheets: small, for the browsers of Windows 7 and 8.1, and nothing that a strict content policy would refuse."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings

CSS = Path(settings.BASE_DIR, "static/css")
SCREEN = [sheet for sheet in sorted(CSS.glob("*.css")) if not sheet.name.startswith("pdf")]
# Chrome 109 and Firefox ESR 115 lack these (caniuse.com).
TOO_NEW = {
    "nesting": r"(?m)^\s+&|\{[^{}]*[.#&][\w-]+\s*\{",
    ":has()": r":has\(",
    "@scope": r"@scope",
    "light-dark()": r"light-dark\(",
    "color-mix()": r"color-mix\(",
    "oklch(), lab()": r"\b(ok)?l(ch|ab)\(",
    "subgrid": r"\bsubgrid\b",
    "@starting-style": r"@starting-style",
    "anchor positioning": r"anchor\(|position-area",
    "popover": r":popover-open",
    "@property": r"@property",
    "range media queries are fine, style queries are not": r"@container\s+style\(",
}


def bare(sheet: Path) -> str:
    return re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.S)


def test_all_stylesheets_together_stay_small() -> None:
    size = sum(len(gzip.compress(sheet.read_bytes(), 6)) for sheet in SCREEN)
    assert size <= 12.5 * 1024, f"{size} bytes of compressed CSS"


@pytest.mark.parametrize("sheet", SCREEN, ids=lambda sheet: sheet.name)
def test_old_browsers_understand_them(sheet: Path) -> None:
    text = bare(sheet)
    inside_media = re.sub(r"@(media|supports|keyframes)[^{]*\{", "", text)
    found = [name for name, pattern in TOO_NEW.items() if re.search(pattern, inside_media)]
    assert not found


@pytest.mark.parametrize("sheet", SCREEN, ids=lambda sheet: sheet.name)
def test_they_fetch_nothing(sheet: Path) -> None:
    assert not re.findall(r"@import|url\(|@font-face", bare(sheet))


def test_motion_stops_for_those_who_asked() -> None:
    assert "prefers-reduced-motion: reduce" in (CSS / "base.css").read_text()


@pytest.mark.parametrize("template", sorted(Path(settings.BASE_DIR, "templates").rglob("*.html")), ids=lambda t: t.name)
def test_pages_carry_no_inline_style_or_script(template: Path) -> None:
    if "pdf" in template.parts:
        return
    assert not re.findall(r"<style|<script\b(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=", template.read_text())
