"""The first administrator, made from the command line."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from core.models import Activity
from offices.choices import Post
from offices.models import Officer
from tests.factories import make_tree

NAMES = {"name_bn": "প্রশাসক", "name_en": "Administrator"}

pytestmark = pytest.mark.django_db


def test_the_first_administrator_manages_officers(monkeypatch: pytest.MonkeyPatch) -> None:
    department = make_tree().department
    monkeypatch.setattr("sys.stdin", io.StringIO("a long enough passphrase\n"))
    call_command("create_administrator", "Admin", **NAMES, stdout=io.StringIO())
    officer = Officer.objects.get(username="admin")
    assert officer.check_password("a long enough passphrase")
    assert [posting.post for posting in officer.current_postings] == [Post.SYSTEM_ADMIN]
    assert officer.has_perm("offices.manage_officers", department)
    assert Activity.objects.filter(verb="offices.appoint_officer").exists()
    client = Client()
    client.force_login(officer, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/admin/offices/officer/").status_code == 200


def test_a_weak_password_makes_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    make_tree()
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    with pytest.raises(CommandError):
        call_command("create_administrator", "admin", **NAMES)
    assert not Officer.objects.exists()


def test_without_offices_the_command_says_what_to_do_first() -> None:
    with pytest.raises(CommandError, match="load_offices"):
        call_command("create_administrator", "admin", **NAMES)
