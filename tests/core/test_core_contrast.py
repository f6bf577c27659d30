"""Contrast of the tokens, computed for every pair of text and ground in use (WCAG 2.1: 4.5, lines 3)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

CSS = Path(settings.BASE_DIR, "static/css")
TOKENS = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", (CSS / "tokens.css").read_text()))
GROUNDS = ("paper", "sheet", "green-pale", "red-pale", "ochre-pale", "slate-pale")
INKS = ("ink", "muted", "green", "green-deep", "red", "ochre", "slate")


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.1."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(TOKENS[one]), luminance(TOKENS[other])), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("ink", INKS)
def test_every_ink_reads_on_every_ground(ink: str, ground: str) -> None:
    assert contrast(ink, ground) >= 4.5


@pytest.mark.parametrize("ground", ["band-a", "band-b", "band-c", "band-d"])
def test_ink_reads_on_every_step_of_a_scale(ground: str) -> None:
    assert contrast("ink", ground) >= 4.5


@pytest.mark.parametrize("ground", ["green", "green-deep", "red", "ink"])
def test_white_words_read_on_filled_grounds(ground: str) -> None:
    assert contrast("sheet", ground) >= 4.5


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("line", ["line-strong", "focus"])
def test_edges_of_fields_and_focus_are_seen(line: str, ground: str) -> None:
    assert contrast(line, ground) >= 3


def test_no_stylesheet_colours_past_the_tokens() -> None:
    """Colours, and text in white, come from the tokens; otherwise the pairs above prove nothing."""
    for sheet in CSS.glob("*.css"):
        if sheet.name in ("tokens.css", "print.css", "pdf.css"):
            continue
        text = sheet.read_text()
        assert not re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;\s])|rgba?\(|hsla?\(", text), sheet.name
        unknown = set(re.findall(r"var\(--([a-z0-9-]+)\)", text)) - declared()
        assert not unknown, f"{sheet.name}: {unknown}"


def test_papers_use_the_same_inks() -> None:
    used = set(re.findall(r"(?<![-a-z])color: (#[0-9a-f]{6})", (CSS / "pdf.css").read_text()))
    assert used <= set(TOKENS.values()), used - set(TOKENS.values())


def test_words_are_set_only_in_the_inks_proven_above() -> None:
    """``color`` takes an ink, white on filled grounds, or the hairline grey of decoration."""
    for sheet in CSS.glob("*.css"):
        used = set(re.findall(r"(?<![-a-z])color: var\(--([a-z-]+)\)", sheet.read_text()))
        assert used <= {*INKS, "sheet", "line-strong"}, sheet.name


def declared() -> set[str]:
    return set(re.findall(r"--([a-z0-9-]+):", (CSS / "tokens.css").read_text()))
