"""A new instance gets what it needs by one command, once."""

from __future__ import annotations

import io
import re

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from core.models import LegalSetting
from offices.choices import Post
from offices.models import Office, Officer
from returns.models import Form
from societies.models import Society

pytestmark = pytest.mark.django_db


def set_up(*words: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("set_up_portal", *words, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_an_empty_instance_gets_offices_law_form_and_an_administrator() -> None:
    said, _ = set_up("--admin", "Boss", "--name-bn", "সালেহা", "--name-en", "Saleha")
    assert Office.objects.count() == 1 + 8 + 64 + 495 + 10
    assert LegalSetting.objects.exists() and Form.objects.count() == 1
    boss = Officer.objects.get()
    assert (boss.username, boss.name_en, boss.is_demo) == ("boss", "Saleha", False)
    assert [posting.post for posting in boss.current_postings] == [Post.SYSTEM_ADMIN]
    shown = re.search(r"^Password: (\S+)$", said, re.M)
    assert shown and boss.check_password(shown[1])
    assert boss.password_issued_at, "the first log-in asks for another"
    assert not Society.objects.exists(), "nothing is invented"


def test_a_second_call_changes_nothing_and_shows_no_password() -> None:
    set_up("--admin", "boss")
    before = Officer.objects.values_list("password", flat=True).get()
    assert set_up("--admin", "boss") == ("", "")
    assert set_up() == ("", "")
    _, noted = set_up("--admin", "another")
    assert "boss administers this portal" in noted
    assert Officer.objects.values_list("password", flat=True).get() == before
    assert Form.objects.count() == 1


def test_without_a_name_nothing_is_set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    monkeypatch.delenv("PORTAL_ADMIN", raising=False)
    with pytest.raises(CommandError, match="--admin LOGIN"):
        set_up()
    assert not Office.objects.exists()


def test_the_name_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_ADMIN", "chief")
    set_up()
    assert Officer.objects.get().username == "chief"


def test_a_demonstration_is_not_set_up_for_real_use(settings: Settings) -> None:
    settings.PORTAL_DEMO = True
    with pytest.raises(CommandError, match="demonstration"):
        set_up("--admin", "boss")
