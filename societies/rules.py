"""What follows from a society's own facts: its part of the return's breakdown, and whether its name is allowed."""

from __future__ import annotations

from core.text import search_key
from societies.choices import Sponsor, Tier

#: Words that section 9 of the Act keeps out of a society's name, and their everyday spellings, as beginnings of words.
FORBIDDEN_BEGINNINGS = (
    "commerc",
    "invest",
    "leasing",
    "lease",
    "financ",
    "কমার্স",
    "কমার্শিয়াল",
    "বাণিজ্য",
    "বানিজ্য",
    "বিনিয়োগ",
    "ইনভেস্ট",
    "লিজিং",
    "লীজিং",
    "ফাইন্যান্স",
    "ফাইনান্স",
    "ফিন্যান্স",
    "অর্থায়ন",
)
BANK_BEGINNINGS = ("bank", "ব্যাংক", "ব্যাঙ্ক")

_FORBIDDEN = tuple(search_key(word) for word in FORBIDDEN_BEGINNINGS)
_BANK = tuple(search_key(word) for word in BANK_BEGINNINGS)


def part_of(tier: str, sponsor: str) -> str:
    """The society's part of the breakdown: GP, GC, BP or BC; N for a national society, which no leaf office counts."""
    if tier == Tier.NATIONAL:
        return "N"
    return ("B" if sponsor == Sponsor.BRDB else "G") + ("C" if tier == Tier.CENTRAL else "P")


def forbidden_word(name: str, *, may_be_bank: bool = False) -> str:
    """The first word of ``name`` that section 9 forbids, or an empty text."""
    beginnings = _FORBIDDEN if may_be_bank else _FORBIDDEN + _BANK
    for word in name.replace("-", " ").replace("(", " ").split():
        if search_key(word).startswith(beginnings):
            return word
    return ""
