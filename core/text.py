"""Bangla and English text made comparable: stored in NFC, found by search keys, sorted by sort keys."""

from __future__ import annotations

import re
import unicodedata

from core.numbers import to_ascii_digits

#: Control characters (PostgreSQL stores no NUL, a PDF's metadata none of them), marks of direction, widthless spaces.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]"
)
_SPACES = re.compile(r"\s+")
_BANGLA_LETTER = re.compile("[\u0985-\u09b9\u09ce\u09dc-\u09e1\u09f0\u09f1]")
_JOINERS = re.compile("[\u200c\u200d]")


def clean_text(text: str) -> str:
    """NFC, no invisible marks (joiners stay: র‍্য needs one), single spaces, trimmed."""
    return _SPACES.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFC", text))).strip()


def has_bangla(text: str) -> bool:
    """Whether there is a Bangla letter in it; digits and marks alone are none."""
    return bool(_BANGLA_LETTER.search(text))


def search_key(text: str) -> str:
    """What search compares: clean, lower case, ASCII digits, without joiners."""
    return to_ascii_digits(_JOINERS.sub("", clean_text(text)).casefold())
