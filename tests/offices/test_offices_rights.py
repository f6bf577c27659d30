"""Rights come from postings in force, and reach only as far as declared."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from core.clock import now, today
from core.errors import UserError
from offices.choices import Post
from offices.heads import head_of
from offices.models import Office, Posting
from offices.rights import Reach, require_right
from offices.services import appoint_officer, create_officer, end_posting
from offices.titles import office_title, post_title
from tests.factories import make_head, make_officer, make_tree

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("reach", "own", "child", "grandchild"),
    [
        (Reach.OWN, True, False, False),
        (Reach.CHILDREN, False, True, False),
        (Reach.BELOW, False, True, True),
        (Reach.SUBTREE, True, True, True),
    ],
)
def test_reach(reach: Reach, own: bool, child: bool, grandchild: bool) -> None:
    answers = [reach.covers("001", p) for p in ("001", "001002", "001002003")]
    assert answers == [own, child, grandchild]
    assert not reach.covers("001", "002001")


def test_a_posting_gives_rights_only_while_in_force() -> None:
    tree = make_tree()
    admin = make_officer(Post.SYSTEM_ADMIN, tree.department, ends_on=today() - timedelta(days=1))
    assert not admin.has_perm("offices.manage_officers", tree.upazila)
    with pytest.raises(PermissionDenied):
        require_right(admin, "offices.manage_officers", tree.upazila)
    assert require_right(admin, "offices.manage_officers", tree.upazila, on=date(2021, 1, 1)).post == Post.SYSTEM_ADMIN


def test_visible_offices_are_own_and_below() -> None:
    tree = make_tree()
    district_officer = make_head(tree.district)
    codes = set(Office.objects.visible_to(district_officer).values_list("code", flat=True))
    assert codes == {"lalmonirhat", "hatibandha", "patgram", "aditmari"}


def test_services_appoint_and_end() -> None:
    tree = make_tree()
    admin = make_officer(Post.SYSTEM_ADMIN, tree.department)
    officer = create_officer(username="Rahima ", name_bn="রহিমা", name_en="Rahima", by=admin, at=now())
    assert officer.username == "rahima"
    posting = appoint_officer(
        officer=officer, office=tree.upazila, post=Post.UPAZILA_OFFICER, starts_on=date(2024, 1, 1), by=admin, at=now()
    )
    assert head_of(tree.upazila, date(2024, 2, 1)) == posting
    end_posting(posting=posting, ends_on=date(2024, 3, 31), by=admin, at=now())
    assert head_of(tree.upazila, date(2024, 4, 1)) is None


def test_wrong_appointments_are_refused_with_a_remedy() -> None:
    tree = make_tree()
    admin = make_officer(Post.SYSTEM_ADMIN, tree.department)
    officer = make_head(tree.upazila)
    for kwargs in ({"post": Post.REGISTRAR}, {"post": Post.UPAZILA_OFFICER, "ends_on": date(2023, 12, 31)}):
        with pytest.raises(UserError):
            appoint_officer(
                officer=officer, office=tree.upazila, starts_on=date(2024, 1, 1), by=admin, at=now(), **kwargs
            )
    assert Posting.objects.filter(office=tree.upazila).count() == 1


def test_nobody_else_appoints() -> None:
    tree = make_tree()
    head = make_head(tree.district)
    with pytest.raises(PermissionDenied):
        appoint_officer(
            officer=head, office=tree.upazila, post=Post.UPAZILA_OFFICER, starts_on=today(), by=head, at=now()
        )


def test_own_charge_comes_before_acting_charge() -> None:
    tree = make_tree()
    acting = make_head(tree.district)
    Posting.objects.filter(officer=acting).update(is_acting=True)
    own = make_officer(Post.DISTRICT_OFFICER, tree.district, username="own")
    leader = head_of(tree.district, today())
    assert leader is not None and leader.officer == own


def test_titles_name_post_and_office_in_both_languages() -> None:
    tree = make_tree()
    assert office_title(tree.upazila, "en") == "Upazila Cooperative Office, hatibandha"
    assert office_title(tree.upazila, "bn").startswith("উপজেলা সমবায় কার্যালয়, ")
    assert post_title(Post.DISTRICT_OFFICER, tree.district, "en") == "District cooperative officer"
