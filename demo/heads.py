"""Invented heads for the offices of the country, so that returns have somebody who submitted and verified them.

They cannot log in: they have no password.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from demo.people import FIRST_DAY
from demo.places import SEED
from demo.registers import instant
from offices.choices import HEAD_OF_KIND, OfficeKind
from offices.models import Office, Officer, Posting
from offices.services import appoint_officer, create_officer

#: Bangla and English, of a man or a woman alike.
FIRST = (
    ("আব্দুল", "Abdul"), ("আমিনুল", "Aminul"), ("আশরাফুল", "Ashraful"), ("জাহিদ", "Zahid"), ("নজরুল", "Nazrul"),
    ("মাহবুব", "Mahbub"), ("মিজানুর", "Mizanur"), ("মনিরুল", "Monirul"), ("রেজাউল", "Rezaul"), ("শহিদুল", "Shahidul"),
    ("সাইফুল", "Saiful"), ("হুমায়ুন", "Humayun"), ("আফরোজা", "Afroza"), ("ফারহানা", "Farhana"), ("কামরুন", "Kamrun"),
    ("নাহিদা", "Nahida"), ("রাশেদা", "Rasheda"), ("শামীমা", "Shamima"), ("তাহমিনা", "Tahmina"), ("সুব্রত", "Subrata"),
)  # fmt: skip
LAST = (
    ("আহমেদ", "Ahmed"), ("চৌধুরী", "Chowdhury"), ("হক", "Haque"), ("কবির", "Kabir"), ("মণ্ডল", "Mondal"),
    ("মোল্লা", "Molla"), ("পাল", "Paul"), ("সাহা", "Saha"), ("শেখ", "Sheikh"), ("সিকদার", "Sikder"),
    ("তালুকদার", "Talukder"), ("ভূঁইয়া", "Bhuiyan"), ("দেওয়ান", "Dewan"), ("খন্দকার", "Khandaker"),
    ("জামান", "Zaman"), ("বিশ্বাস", "Biswas"),
)  # fmt: skip
SHORT = {OfficeKind.DIVISION: "jr", OfficeKind.DISTRICT: "do", OfficeKind.UPAZILA: "uo", OfficeKind.THANA: "uo"}


def make_heads(offices: Sequence[Office]) -> dict[str, Officer]:
    """The head of each office by its code: the one who holds the post, or an invented one, made once."""
    held = {
        posting.office.code: posting.officer
        for posting in Posting.objects.filter(office__in=offices, ends_on=None).select_related("office", "officer")
        if posting.post == HEAD_OF_KIND[OfficeKind(posting.office.kind)]
    }
    return {office.code: held.get(office.code) or _invent(office) for office in offices}


def _invent(office: Office) -> Officer:
    rng = Random(f"{SEED}:{office.code}:head")  # noqa: S311
    first, last = rng.choice(FIRST), rng.choice(LAST)
    at = instant(FIRST_DAY, 9)
    kind = OfficeKind(office.kind)
    officer = create_officer(
        username=f"{SHORT[kind]}.{office.code.removesuffix('-division')}",
        name_bn=f"{first[0]} {last[0]}",
        name_en=f"{first[1]} {last[1]}",
        is_demo=True,
        by=None,
        at=at,
    )
    appoint_officer(officer=officer, office=office, post=HEAD_OF_KIND[kind], starts_on=FIRST_DAY, by=None, at=at)
    return officer
