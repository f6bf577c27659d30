"""Officers kept by their superiors: invited, posted, reset, closed; and what nobody may do to whom."""

from __future__ import annotations

import base64
import re
from datetime import date
from io import BytesIO

import pypdfium2
import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from core.clock import now
from core.errors import UserError
from core.models import Activity
from offices import services
from offices.choices import Post
from offices.models import Officer, Posting
from offices.subordinates import may_manage, officers_seen_by
from tests.factories import PASSWORD, Tree, make_head, make_officer, make_tree

pytestmark = pytest.mark.django_db
DAY = date(2026, 7, 1)


@pytest.fixture
def tree() -> Tree:
    return make_tree()


@pytest.fixture
def superior(tree: Tree, client: Client) -> Client:
    """The district officer's browser, in English."""
    client.force_login(make_head(tree.district))
    client.cookies["django_language"] = "en"
    return client


def slip_words(page: str) -> str:
    """What stands on the slips that a page carries."""
    (data,) = re.findall(r'href="data:application/pdf;base64,([^"]+)"', page)
    pdf = pypdfium2.PdfDocument(base64.b64decode(data))
    return "\n".join(sheet.get_textpage().get_text_bounded() for sheet in pdf)


def password_on(page: str) -> str:
    (found,) = re.findall(r"\b[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}\b", slip_words(page))
    return str(found)


def invited(client: Client, **changes: str) -> str:
    facts = {
        "username": "UO.Patgram",
        "name_bn": "রহিমা বেগম",
        "name_en": "Rahima Begum",
        "phone": "০১৭০০০০০০০০",
        "office": "patgram",
        "post": "upazila_officer",
        "starts_on": "০১/০৭/২০২৬",
    }
    return client.post(reverse("offices:invite"), facts | changes).content.decode()


def test_a_superior_invites_and_the_slip_opens_only_its_own_change(superior: Client, tree: Tree) -> None:
    page = invited(superior)
    officer = Officer.objects.get(username="uo.patgram")
    password = password_on(page)
    assert officer.check_password(password) and password not in page.replace("base64", "")
    assert all(password not in str(row) for row in Activity.objects.values_list("before", "after"))
    assert Posting.objects.get(officer=officer).office == tree.sibling
    words = slip_words(page)
    assert "uo.patgram" in words and "/accounts/login/" in words

    own = Client()
    own.post(reverse("account_login"), {"login": "uo.patgram", "password": password})
    for address in ("reports:home", "returns:months", "mfa_index", "admin:index"):
        answer = own.get(reverse(address))
        assert (answer.status_code, answer["Location"]) == (302, reverse("account_change_password")), address
    change = reverse("account_change_password")
    same = own.post(change, {"oldpassword": password, "password1": password, "password2": password})
    assert same.status_code == 200 and "বর্তমান পাসওয়ার্ড" in same.content.decode()
    mine = "শাপলা ফুল ২০২৬ নদী"
    done = own.post(change, {"oldpassword": password, "password1": mine, "password2": mine})
    assert done["Location"] == reverse("reports:start")
    officer.refresh_from_db()
    assert officer.check_password(mine) and not officer.must_change_password
    assert own.get(reverse("returns:months")).status_code == 200


def test_what_is_wrong_is_said_and_nobody_is_made(superior: Client) -> None:
    assert "3 to 60 English letters" in invited(superior, username="রহিমা")
    assert "not one of the available choices" in invited(superior, post="district_officer")
    assert "This is not a date" in invited(superior, starts_on="কাল")
    assert not Officer.objects.filter(username="uo.patgram").exists()
    invited(superior)
    assert "is taken" in invited(superior)
    assert Officer.objects.filter(username="uo.patgram").count() == 1


def test_an_office_beyond_reach_is_no_choice(superior: Client) -> None:
    for code in ("balaganj", "lalmonirhat", "rangpur-division", "bd"):
        assert "Select a valid choice" in invited(superior, office=code)
    assert Officer.objects.count() == 1


def test_a_reset_ends_every_session_and_is_recorded(superior: Client, tree: Tree) -> None:
    officer = make_head(tree.upazila)
    Authenticator.objects.create(user=officer, type="totp", data={})
    theirs = Client()
    theirs.post(reverse("account_login"), {"login": officer.username, "password": PASSWORD})
    theirs.force_login(officer)
    assert theirs.get(reverse("returns:months")).status_code == 200
    page = superior.post(reverse("offices:reset_password", args=[officer.pk])).content.decode()
    assert theirs.get(reverse("returns:months")).status_code == 302
    officer.refresh_from_db()
    assert officer.check_password(password_on(page)) and officer.must_change_password
    assert Authenticator.objects.filter(user=officer).exists()
    superior.post(reverse("offices:reset_password", args=[officer.pk]), {"drops_second_factor": "on"})
    assert not Authenticator.objects.filter(user=officer).exists()
    dropped = Activity.objects.filter(verb="offices.reset_password").order_by("pk").values_list("after", flat=True)
    assert [row["second_factor_dropped"] for row in dropped] == [False, True]
    assert "second factor dropped" in superior.get(reverse("offices:officer", args=[officer.pk])).content.decode()


def test_a_closed_account_is_out_at_once_and_comes_back_with_a_slip(superior: Client, tree: Tree) -> None:
    officer = make_head(tree.upazila)
    theirs = Client()
    theirs.force_login(officer)
    superior.post(reverse("offices:close_officer", args=[officer.pk]))
    assert theirs.get(reverse("returns:months")).status_code == 302
    assert not Client().login(username=officer.username, password=PASSWORD)
    page = superior.post(reverse("offices:reopen_officer", args=[officer.pk])).content.decode()
    officer.refresh_from_db()
    assert officer.is_active and officer.check_password(password_on(page))
    assert theirs.get(reverse("returns:months")).status_code == 302


def test_postings_begin_and_end_on_the_pages(superior: Client, tree: Tree) -> None:
    officer = make_head(tree.upazila)
    facts = {"office": "patgram", "post": "upazila_officer", "starts_on": "1/8/2026", "is_acting": "on"}
    superior.post(reverse("offices:appoint", args=[officer.pk]), facts)
    acting = Posting.objects.get(officer=officer, office=tree.sibling)
    assert acting.is_acting and acting.starts_on == date(2026, 8, 1)
    refused = superior.post(reverse("offices:appoint", args=[officer.pk]), facts)
    assert "holds this post already" in refused.content.decode()
    superior.post(reverse("offices:end_posting", args=[acting.pk]), {"ends_on": "৩১/১২/২০২৬"})
    acting.refresh_from_db()
    assert acting.ends_on == date(2026, 12, 31)


def test_nobody_manages_above_beside_or_themselves(tree: Tree) -> None:
    registrar, joint = make_head(tree.department), make_head(tree.division)
    district, upazila = make_head(tree.district), make_head(tree.upazila)
    admin, other = (make_officer(Post.SYSTEM_ADMIN, tree.department, username=name) for name in ("one", "two"))
    foreign = make_head(tree.foreign_upazila)
    inspector = make_officer(Post.DISTRICT_INSPECTOR, tree.district)
    everyone = {registrar, joint, district, upazila, admin, other, foreign, inspector}
    managed = {who: {o for o in everyone if may_manage(who, o)} for who in everyone}
    assert managed[admin] == everyone - {admin}
    assert managed[registrar] == {joint, district, upazila, foreign, inspector}
    assert managed[joint] == {district, upazila, inspector}
    assert managed[district] == {upazila}
    assert managed[upazila] == managed[inspector] == set()
    for who in everyone:
        assert managed[who] <= set(officers_seen_by(who))
    for who in (district, upazila, inspector):
        assert joint not in officers_seen_by(who)


def test_one_who_also_sits_above_is_not_a_subordinate(tree: Tree) -> None:
    """A district officer in acting charge of an upazila elsewhere is not handed to that upazila's superior."""
    joint, district = make_head(tree.division), make_head(tree.district)
    beside = make_head(tree.foreign_district)
    Posting.objects.create(
        officer=beside, office=tree.upazila, post=Post.UPAZILA_OFFICER, starts_on=DAY, is_acting=True
    )
    assert beside in officers_seen_by(district) and not may_manage(district, beside)
    assert not may_manage(joint, beside)
    with pytest.raises(PermissionDenied):
        services.reset_password(officer=beside, by=district, at=now())


def test_nobody_gives_themselves_a_posting(tree: Tree) -> None:
    admin = make_officer(Post.SYSTEM_ADMIN, tree.department)
    with pytest.raises(PermissionDenied):
        services.appoint_officer(
            officer=admin, office=tree.district, post=Post.DISTRICT_OFFICER, starts_on=DAY, by=admin, at=now()
        )
    with pytest.raises(PermissionDenied):
        services.end_posting(posting=admin.postings.get(), ends_on=DAY, by=admin, at=now())
    assert not any(admin.has_perm(f"returns.{verb}", tree.upazila) for verb in ("verify_return", "review_return"))


def test_an_act_and_its_record_stand_or_fall_together(tree: Tree) -> None:
    district = make_head(tree.district)
    with pytest.raises(UserError):
        services.invite_officer(
            username="someone", name_bn="ক", name_en="K", office=tree.upazila, post=Post.REGISTRAR, starts_on=DAY,
            by=district, at=now(),
        )  # fmt: skip
    assert not Officer.objects.filter(username="someone").exists() and not Activity.objects.exists()


def test_the_list_asks_the_same_number_of_queries_for_one_and_many(superior: Client, tree: Tree) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert superior.get(reverse("offices:officers"), {"words": "office"}).status_code == 200
        return len(asked)

    make_head(tree.upazila)
    once = queries()
    for office in (tree.sibling, tree.third):
        make_head(office)
        make_officer(Post.ASSISTANT_INSPECTOR, office)
    assert queries() == once <= 12


def test_the_list_of_officers_goes_out_as_a_spreadsheet_with_its_filters(superior: Client, tree: Tree) -> None:
    make_officer(Post.UPAZILA_OFFICER, tree.upazila)
    make_officer(Post.ASSISTANT_INSPECTOR, tree.sibling)
    answer = superior.get("/officers/?office=patgram&as=xlsx")
    book = load_workbook(BytesIO(b"".join(answer)), read_only=True)
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert [row[1] for row in rows] == ["Log-in name", "assistant-inspector-patgram"]
    assert rows[1][2] == "Assistant inspector"
