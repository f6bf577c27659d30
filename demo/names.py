"""Invented names of societies: a place, a kind of work, and what the law lets a society call itself."""

from __future__ import annotations

from random import Random

#: class code, kind of work in Bangla
GENERAL = (
    ("01", "কৃষক"), ("02", "মৎস্যজীবী"), ("03", "শ্রমজীবী"), ("05", "তাঁতী"), ("06", "ভূমিহীন"), ("08", "মহিলা"),
    ("09", "অটোরিক্সা চালক"), ("13", "দুগ্ধ উৎপাদনকারী"), ("15", "যুব"), ("18", "ক্ষুদ্র ব্যবসায়ী"),
    ("19", "সঞ্চয় ও ঋণদান"), ("21", "বহুমুখী"), ("22", "ইউনিয়ন বহুমুখী"), ("25", "পানি ব্যবস্থাপনা"),
)  # fmt: skip
BRDB = (("34", "কৃষক (কেএসএস)"), ("07", "বিত্তহীন"), ("08", "মহিলা বিত্তহীন"))
CENTRAL_GENERAL = ("21", "কেন্দ্রীয় বহুমুখী")
CENTRAL_BRDB = ("32", "উপজেলা কেন্দ্রীয়")
SIDES = ("উত্তর", "দক্ষিণ", "পূর্ব", "পশ্চিম", "মধ্য", "নতুন", "আদর্শ", "প্রগতি", "একতা", "মৈত্রী", "সোনালী", "বন্ধন")


def invent_name(part: str, stems: tuple[str, ...], rng: Random) -> tuple[str, str]:
    """A class code and a Bangla name for a society of a part of the breakdown."""
    if part in ("GC", "BC"):
        code, work = CENTRAL_GENERAL if part == "GC" else CENTRAL_BRDB
    else:
        code, work = rng.choice(GENERAL if part == "GP" else BRDB)
    return code, f"{rng.choice(SIDES)} {rng.choice(stems)} {work} সমবায় সমিতি লিঃ"
