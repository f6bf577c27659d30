"""The demonstration's invented people, and who holds which post from when. Nobody here exists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from offices.choices import Post

FIRST_DAY = date(2023, 1, 1)
DISTRICT, DIVISION, DEPARTMENT = "lalmonirhat", "rangpur-division", "bd"


@dataclass(frozen=True)
class Person:
    """An account and its posting. ``is_open`` people can be become by one click."""

    username: str
    name_bn: str
    name_en: str
    post: Post
    office: str
    is_open: bool = False


UO, AI = Post.UPAZILA_OFFICER, Post.ASSISTANT_INSPECTOR

PEOPLE = (
    Person("ai.hatibandha", "সালমা খাতুন", "Salma Khatun", AI, "hatibandha", is_open=True),
    Person("uo.hatibandha", "কামরুল রহমান", "Kamrul Rahman", UO, "hatibandha", is_open=True),
    Person("do.lalmonirhat", "মাহমুদা বেগম", "Mahmuda Begum", Post.DISTRICT_OFFICER, DISTRICT, is_open=True),
    Person("jr.rangpur", "শফিকুল ইসলাম", "Shafiqul Islam", Post.JOINT_REGISTRAR, DIVISION, is_open=True),
    Person("cell.bd", "তানভীর হাসান", "Tanvir Hasan", Post.PERFORMANCE_ADMIN, DEPARTMENT, is_open=True),
    Person("registrar.bd", "আনোয়ার হোসেন", "Anwar Hossain", Post.REGISTRAR, DEPARTMENT),
    Person("admin.bd", "নাসরিন আক্তার", "Nasrin Akter", Post.SYSTEM_ADMIN, DEPARTMENT),
    Person("uo.sadar", "রফিকুল আলম", "Rafiqul Alam", UO, "lalmonirhat-sadar"),
    Person("ai.sadar", "জেসমিন আরা", "Jesmin Ara", AI, "lalmonirhat-sadar"),
    Person("uo.aditmari", "দেলোয়ার মিয়া", "Delwar Mia", UO, "aditmari"),
    Person("ai.aditmari", "পারভীন সুলতানা", "Parvin Sultana", AI, "aditmari"),
    Person("uo.kaliganj", "হাবিবুর সরকার", "Habibur Sarkar", UO, "kaliganj-lalmonirhat"),
    Person("ai.kaliganj", "রোকেয়া বেগম", "Rokeya Begum", AI, "kaliganj-lalmonirhat"),
    Person("uo.patgram", "মোস্তাফিজ প্রধান", "Mostafiz Prodhan", UO, "patgram"),
    Person("ai.patgram", "শিউলি রায়", "Shiuli Roy", AI, "patgram"),
)
