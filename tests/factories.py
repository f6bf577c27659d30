"""Rows that tests of every room start from: a small office tree and officers in their posts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from offices.choices import HEAD_OF_KIND, OfficeKind, Post
from offices.models import Office, Officer, Posting
from offices.places import next_path

LONG_AGO = date(2020, 7, 1)
PASSWORD = "correct horse 2026"


def make_office(code: str, kind: OfficeKind = OfficeKind.UPAZILA, parent: Office | None = None) -> Office:
    """An office below ``parent``; its names are its code."""
    return Office.objects.create(
        code=code, kind=kind, parent=parent, name_bn=f"{code} (বাংলা)", name_en=code, path=next_path(parent)
    )


@dataclass(frozen=True)
class Tree:
    """Department → two divisions → a district each → upazilas: three in the first, one in the second."""

    department: Office
    division: Office
    district: Office
    upazila: Office
    sibling: Office
    third: Office
    foreign_division: Office
    foreign_district: Office
    foreign_upazila: Office


def make_tree() -> Tree:
    department = make_office("bd", OfficeKind.DEPARTMENT)
    division = make_office("rangpur-division", OfficeKind.DIVISION, department)
    district = make_office("lalmonirhat", OfficeKind.DISTRICT, division)
    foreign_division = make_office("sylhet-division", OfficeKind.DIVISION, department)
    foreign_district = make_office("sylhet", OfficeKind.DISTRICT, foreign_division)
    return Tree(
        department=department,
        division=division,
        district=district,
        upazila=make_office("hatibandha", parent=district),
        sibling=make_office("patgram", parent=district),
        third=make_office("aditmari", parent=district),
        foreign_division=foreign_division,
        foreign_district=foreign_district,
        foreign_upazila=make_office("balaganj", parent=foreign_district),
    )


def make_officer(
    post: Post, office: Office, *, username: str = "", starts_on: date = LONG_AGO, ends_on: date | None = None
) -> Officer:
    """An officer who holds ``post`` in ``office`` and can log in with `PASSWORD`."""
    name = username or f"{post.value}-{office.code}".replace("_", "-")
    officer = Officer.objects.create_user(name, PASSWORD, name_bn=f"কর্মকর্তা {name}", name_en=f"Officer {name}")
    Posting.objects.create(officer=officer, office=office, post=post, starts_on=starts_on, ends_on=ends_on)
    return officer


def make_head(office: Office) -> Officer:
    """The head of an office."""
    return make_officer(HEAD_OF_KIND[OfficeKind(office.kind)], office)
