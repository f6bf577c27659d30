"""Where the demonstration begins: Lalmonirhat's five upazilas at the end of June 2023.

The district's 566 societies are published (its agreement of 2023-24); how they are spread over upazilas and every other
figure here is invented.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.periods import Period

#: The months of the first district begin after its baselines.
BASELINE = Period.month(2023, 6)
FIRST = BASELINE.next()
LAKH = 10_000_000
TAKA = 100


@dataclass(frozen=True)
class Profile:
    """An upazila at the start: societies by part; members; money in poisha; shares of idle ones; per cent recovered."""

    office: str
    societies: dict[str, int]
    men: int
    women: int
    share: int
    savings: int
    reserve: int
    borrowed: int
    fee_arrears: int
    fund_arrears: int
    loan_outstanding: int
    loan_recovered: int
    name_stems: tuple[str, ...]
    non_functional_share: float = 0.17
    liquidation_share: float = 0.045
    recovery: int = 82

    @property
    def total(self) -> int:
        return sum(self.societies.values())


PROFILES = (
    Profile(
        "lalmonirhat-sadar",
        {"GP": 82, "GC": 2, "BP": 62, "BC": 2},
        6_480, 3_910, 196 * LAKH, 742 * LAKH, 118 * LAKH, 64 * LAKH, 41_500 * TAKA, 17_200 * TAKA,
        1_940_000 * TAKA, 5_310_000 * TAKA,
        ("মোগলহাট", "কুলাঘাট", "বড়বাড়ী", "হারাটি", "পঞ্চগ্রাম", "গোকুন্ডা", "রাজপুর", "খুনিয়াগাছ", "মহেন্দ্রনগর"),
    ),
    Profile(
        "aditmari",
        {"GP": 55, "GC": 1, "BP": 47, "BC": 1},
        4_510, 3_020, 121 * LAKH, 463 * LAKH, 71 * LAKH, 39 * LAKH, 26_800 * TAKA, 11_900 * TAKA,
        1_310_000 * TAKA, 3_620_000 * TAKA,
        ("ভেলাবাড়ী", "দুর্গাপুর", "কমলাবাড়ী", "সাপ্টিবাড়ী", "মহিষখোচা", "পলাশী", "সারপুকুর", "ভাদাই"),
    ),
    Profile(
        "kaliganj-lalmonirhat",
        {"GP": 64, "GC": 1, "BP": 52, "BC": 1},
        5_130, 3_340, 143 * LAKH, 538 * LAKH, 84 * LAKH, 46 * LAKH, 31_200 * TAKA, 13_400 * TAKA,
        1_520_000 * TAKA, 4_180_000 * TAKA,
        ("তুষভান্ডার", "কাকিনা", "ভোটমারী", "মদাতী", "দলগ্রাম", "গোড়ল", "চন্দ্রপুর", "চলবলা"),
    ),
    Profile(
        "hatibandha",
        {"GP": 57, "GC": 1, "BP": 49, "BC": 1},
        4_720, 2_980, 129 * LAKH, 487 * LAKH, 76 * LAKH, 41 * LAKH, 28_600 * TAKA, 12_300 * TAKA,
        1_380_000 * TAKA, 3_870_000 * TAKA,
        ("বড়খাতা", "গড্ডিমারী", "সিঙ্গীমারী", "টংভাঙ্গা", "সিন্দুর্না", "পাটিকাপাড়া", "ডাউয়াবাড়ী", "নওদাবাস", "গোতামারী"),
    ),
    Profile(
        "patgram",
        {"GP": 46, "GC": 1, "BP": 40, "BC": 1},
        3_860, 2_410, 104 * LAKH, 391 * LAKH, 62 * LAKH, 33 * LAKH, 22_900 * TAKA, 9_800 * TAKA,
        1_120_000 * TAKA, 3_040_000 * TAKA,
        ("বুড়িমারী", "শ্রীরামপুর", "জগতবেড়", "কুচলিবাড়ী", "জোংড়া", "বাউরা", "দহগ্রাম", "পাটগ্রাম"),
    ),
)  # fmt: skip
