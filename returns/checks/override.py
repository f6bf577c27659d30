"""A figure other than the registers' without a reason that explains it."""

from __future__ import annotations

import re
from collections import Counter

from returns.checks.dossier import Answer, Dossier, Doubt, Override

CODE = "override"
#: Letters and words without which a reason explains nothing ("ok", "—", "ঠিক আছে").
LETTERS = 10
WORDS = 3
_LETTER = re.compile(r"[^\W\d_]")


def ask(dossier: Dossier) -> Answer:
    """A figure typed over that of the registers is doubted where its reason explains nothing.

    Explains nothing: fewer than ten letters or three words, or the same text for three figures or more. Strength:
    45, and 5 more for each tenth by which the figure differs from the registers', 75 at most. Limits: whether a long
    reason is true only a reader can say; reasons therefore always stand on the verdict page.
    """
    said = Counter(one.reason.strip() for one in dossier.overrides)
    return [
        _doubt(dossier, one)
        for one in dossier.overrides
        if one.amount != one.registers and (not explains(one.reason) or said[one.reason.strip()] >= 3)
    ]


def explains(reason: str) -> bool:
    """Whether a reason has enough letters and words to say something."""
    return len(_LETTER.findall(reason)) >= LETTERS and len(reason.split()) >= WORDS


def _doubt(dossier: Dossier, one: Override) -> Doubt:
    tenths = 10 * abs(one.amount - one.registers) // max(one.registers, 1)
    name_bn, name_en = dossier.names(one.cell)
    is_bn, is_en = dossier.texts(one.cell, one.amount)
    say_bn, say_en = dossier.texts(one.cell, one.registers)
    said = one.reason.strip()[:60]
    why_bn, why_en = (
        (f"কারণ লেখা আছে শুধু “{said}”", f"the only reason given is “{said}”")
        if said
        else (
            "কারণ লেখা নেই",
            "no reason is given",
        )
    )
    return Doubt(
        CODE,
        one.cell,
        min(45 + 5 * tenths, 75),
        f"{name_bn}-এ {is_bn}, রেজিস্টার বলে {say_bn}; {why_bn}। কারণ জিজ্ঞাসা করুন।",
        f"{name_en} has {is_en}, the registers say {say_en}; {why_en}. Ask why.",
    )
