"""The code printed on every document: 80 random bits, sixteen letters of Crockford's alphabet, read in fours.

The alphabet has no I, L, O and U; a reader's I and L count as 1 and O as 0, so that a code can be told by telephone.
"""

from __future__ import annotations

import re
import secrets

from core.numbers import to_ascii_digits

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
MISREAD = str.maketrans("ILO", "110")
_SEPARATORS = re.compile(r"[\s\-‐‑–—_.]+")


def new_code() -> str:
    """A code nobody can guess: 80 bits from the system's random source."""
    number = secrets.randbits(5 * LENGTH)
    return "".join(ALPHABET[(number >> shift) & 31] for shift in range(5 * (LENGTH - 1), -1, -5))


def parse_code(text: str) -> str | None:
    """Read a code in any case, with or without dashes and blanks, in Bangla or ASCII digits; None if it is none."""
    code = _SEPARATORS.sub("", to_ascii_digits(text)).upper().translate(MISREAD)
    return code if len(code) == LENGTH and all(c in ALPHABET for c in code) else None


def group_code(code: str) -> str:
    """``7K3M-9QZT-…``: the code in fours, as it is printed."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))
