"""Two hands that make the same office or account in one moment: one is made, the other person is told."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from offices.choices import OfficeKind, Post
from offices.models import Office, Officer
from offices.services import invite_officer, open_office
from tests.factories import make_officer, make_tree
from tests.racing import race

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 10, 5, 4, 0, tzinfo=UTC)


def test_a_log_in_name_given_twice_at_once_is_taken_for_the_second() -> None:
    tree = make_tree()
    admin = make_officer(Post.SYSTEM_ADMIN, tree.department)
    said = race(
        *[
            lambda office=office: invite_officer(
                username="uo.new", name_bn="নাম", name_en="Name", office=office, post=Post.UPAZILA_OFFICER,
                starts_on=date(2026, 10, 1), by=admin, at=AT,
            )
            for office in (tree.upazila, tree.sibling, tree.foreign_upazila)
        ]
    )  # fmt: skip
    assert [word == "done" for word in sorted(said, key=lambda word: word != "done")] == [True, False, False], said
    assert all("uo.new" in word for word in said if word != "done")
    assert Officer.objects.filter(username="uo.new").count() == 1


def test_a_code_given_twice_at_once_is_taken_for_the_second() -> None:
    tree = make_tree()
    admin = make_officer(Post.SYSTEM_ADMIN, tree.department)
    said = race(
        *[
            lambda parent=parent: open_office(
                code="newplace", kind=OfficeKind.UPAZILA, parent=parent, name_bn="নতুন", name_en="New",
                opened_on=date(2026, 10, 1), by=admin, at=AT,
            )
            for parent in (tree.district, tree.district, tree.foreign_district)
        ]
    )  # fmt: skip
    assert [word == "done" for word in sorted(said, key=lambda word: word != "done")] == [True, False, False], said
    assert all("newplace" in word for word in said if word != "done")
    assert Office.objects.filter(code="newplace").count() == 1
