"""Bangla and English text made comparable: stored in NFC, found by search keys, sorted by sort keys."""

from __future__ import annotations

import re
import unicodedata

from core.numbers import to_ascii_digits

_INVISIBLE = re.compile("[\u200b\u200e\u200f\u2060\ufeff]")
_SPACES = re.compile(r"\s+")
_JOINERS = re.compile("[\u200c\u200d]")


def clean_text(text: str) -> str:
    """NFC, no invisible marks (joiners stay: র‍্য needs one), single spaces, trimmed."""
    return _SPACES.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFC", text))).strip()


def search_key(text: str) -> str:
    """What search compares: clean, lower case, ASCII digits, without joiners."""
    return to_ascii_digits(_JOINERS.sub("", clean_text(text)).casefold())
