"""What a new instance is given by command before its first return."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from core.models import LegalSetting
from offices.choices import Post
from returns.models import Form
from returns.services.forms import FORM_FILE
from tests.factories import make_officer, make_tree

pytestmark = pytest.mark.django_db


def test_the_shipped_form_is_published_once(capsys: pytest.CaptureFixture[str]) -> None:
    admin = make_officer(Post.SYSTEM_ADMIN, make_tree().department)
    for _ in range(2):
        call_command("publish_form", admin.username)
    assert Form.objects.count() == 1
    assert capsys.readouterr().out.splitlines()[0].startswith("MR/1 from 2023-07")


def test_a_form_needs_an_officer_and_a_sound_file(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no active officer"):
        call_command("publish_form", "nobody")
    admin = make_officer(Post.SYSTEM_ADMIN, make_tree().department)
    broken = tmp_path / "form.toml"
    shipped = FORM_FILE.read_bytes()
    for content in (
        b'code = "MR"\n',
        b"no toml",
        b"\xff\xfe",
        shipped.replace(b'valid_from = "2023-07"', b"valid_from = 3"),
    ):
        assert content != shipped
        broken.write_bytes(content)
        with pytest.raises(CommandError):
            call_command("publish_form", admin.username, str(broken))
    with pytest.raises(CommandError, match="no file"):
        call_command("publish_form", admin.username, str(tmp_path / "none.toml"))
    assert not Form.objects.exists()


def test_legal_settings_are_loaded_once_and_kept() -> None:
    call_command("load_legal_settings")
    LegalSetting.objects.filter(key="vat_rate").update(value=1)
    count = LegalSetting.objects.count()
    call_command("load_legal_settings")
    assert (LegalSetting.objects.count(), LegalSetting.objects.get(key="vat_rate").value) == (count, 1)
    assert count > 5
