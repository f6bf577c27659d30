"""Societies that tests start from, made through the service."""

from __future__ import annotations

from datetime import date, datetime
from itertools import count
from typing import Any

from core.periods import DHAKA
from offices.choices import Post
from offices.models import Office, Officer
from societies.models import Society
from societies.services import register_society
from tests.factories import make_officer

_NUMBERS = count(1)


def at(day: date) -> datetime:
    """Ten in the morning of a day in Dhaka."""
    return datetime(day.year, day.month, day.day, 10, tzinfo=DHAKA)


def keeper_of(office: Office) -> Officer:
    """The upazila officer of an office, made at first use."""
    known = Officer.objects.filter(postings__office=office, postings__post=Post.UPAZILA_OFFICER).first()
    return known or make_officer(Post.UPAZILA_OFFICER, office)


def make_society(office: Office, *, reg_on: date = date(2021, 3, 10), **fields: Any) -> Society:
    """A functional general primary society; recorded on the day it was registered."""
    number = next(_NUMBERS)
    fields.setdefault("name_bn", f"সূর্যমুখী সমবায় সমিতি {number}")
    fields.setdefault("class_code", "21")
    fields.setdefault("reg_no", f"{number:05d}")
    fields.setdefault("by", keeper_of(office))
    fields.setdefault("at", at(reg_on))
    return register_society(office=office, reg_on=reg_on, **fields)
