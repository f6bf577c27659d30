"""Officers and postings are managed in Django's administration, through the services."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from core.models import Activity
from offices.choices import Post
from offices.models import Officer, Posting
from tests.factories import make_officer, make_tree

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin_client(client: Client) -> Client:
    tree = make_tree()
    admin = make_officer(Post.SYSTEM_ADMIN, tree.department)
    Officer.objects.filter(pk=admin.pk).update(is_staff=True)
    client.force_login(admin)
    return client


def test_an_administrator_makes_an_officer_posts_and_ends(admin_client: Client) -> None:
    page = admin_client.post(
        reverse("admin:offices_officer_add"),
        {"username": "karim", "name_bn": "করিম", "name_en": "Karim", "password": "one long secret 7"},
    )
    assert page.status_code == 302, page.content.decode()[:2000]
    karim = Officer.objects.get(username="karim")
    assert karim.check_password("one long secret 7")
    office = Posting.objects.get().office.children.get(code="rangpur-division")
    admin_client.post(
        reverse("admin:offices_posting_add"),
        {"officer": karim.pk, "office": office.pk, "post": Post.JOINT_REGISTRAR, "starts_on": "2024-07-01"},
    )
    posting = Posting.objects.get(officer=karim)
    admin_client.post(reverse("admin:offices_posting_change", args=[posting.pk]), {"ends_on": "2024-12-31"})
    posting.refresh_from_db()
    assert posting.ends_on is not None and posting.ends_on.isoformat() == "2024-12-31"
    verbs = list(Activity.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["offices.create_officer", "offices.appoint_officer", "offices.end_posting"]


def test_a_post_that_the_office_does_not_have_is_refused(admin_client: Client) -> None:
    admin = Officer.objects.get()
    office = Posting.objects.get().office
    page = admin_client.post(
        reverse("admin:offices_posting_add"),
        {"officer": admin.pk, "office": office.pk, "post": Post.UPAZILA_OFFICER, "starts_on": "2024-07-01"},
    )
    assert page.status_code == 200 and Posting.objects.count() == 1


def test_lists_and_the_rights_page_open(admin_client: Client) -> None:
    for name in ("admin:offices_office_changelist", "admin:offices_posting_changelist", "offices:rights"):
        assert admin_client.get(reverse(name)).status_code == 200


def test_an_officer_without_the_right_sees_no_officers(client: Client) -> None:
    officer = make_officer(Post.UPAZILA_OFFICER, make_tree().upazila)
    Officer.objects.filter(pk=officer.pk).update(is_staff=True)
    client.force_login(officer)
    assert client.get(reverse("admin:offices_officer_changelist")).status_code == 403
