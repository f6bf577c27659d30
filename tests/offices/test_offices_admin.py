"""Django's administration shows officers and postings; it writes none."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from offices.choices import Post
from offices.models import Officer, Posting
from tests.factories import make_officer, make_tree

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin_client(client: Client) -> Client:
    admin = make_officer(Post.SYSTEM_ADMIN, make_tree().department)
    Officer.objects.filter(pk=admin.pk).update(is_staff=True)
    client.force_login(admin)
    return client


def test_lists_and_the_rights_page_open(admin_client: Client) -> None:
    for name in ("office_changelist", "posting_changelist", "officer_changelist"):
        assert "system-admin" in admin_client.get(reverse(f"admin:offices_{name}")).content.decode() or "office" in name
    assert admin_client.get(reverse("offices:rights")).status_code == 200


def test_nothing_is_written_past_the_pages(admin_client: Client) -> None:
    posting = Posting.objects.get()
    for name in ("officer", "posting"):
        assert admin_client.post(reverse(f"admin:offices_{name}_add"), {"username": "karim"}).status_code == 403
    admin_client.post(reverse("admin:offices_posting_change", args=[posting.pk]), {"ends_on": "2021-01-01"})
    posting.refresh_from_db()
    assert posting.ends_on is None and Officer.objects.count() == 1


@pytest.mark.parametrize("post", [Post.UPAZILA_OFFICER, Post.DISTRICT_OFFICER])
def test_only_system_administrators_see_officers_there(client: Client, post: Post) -> None:
    """A superior keeps officers on the portal's own pages, which show those below alone."""
    tree = make_tree()
    officer = make_officer(post, tree.upazila if post == Post.UPAZILA_OFFICER else tree.district)
    Officer.objects.filter(pk=officer.pk).update(is_staff=True)
    client.force_login(officer)
    assert client.get(reverse("admin:offices_officer_changelist")).status_code == 403


def test_the_page_of_an_officer_shows_no_password(admin_client: Client) -> None:
    officer = make_officer(Post.REGISTRAR, Posting.objects.get().office)
    page = admin_client.get(reverse("admin:offices_officer_change", args=[officer.pk])).content.decode()
    assert officer.name_en in page and officer.password not in page and 'name="password"' not in page
