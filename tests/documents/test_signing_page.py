"""The public page and the command that verify."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from documents import authority
from documents.verification import MOST_BYTES
from tests.documents.factories_documents_signing import CODE, make_hand, signed_pdf

HAND = make_hand()
SIGNED = signed_pdf(HAND)


@pytest.fixture(autouse=True)
def ca_file(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    settings.PORTAL_HOME = tmp_path
    settings.PORTAL_SECRETS_DIR = tmp_path / "secrets"
    authority.ca_path().write_bytes(HAND.ca)
    yield authority.ca_path()
    authority._kept.cache_clear()


def upload(client: Client, data: bytes, name: str = "agreement.pdf", language: str = "en") -> str:
    client.cookies["django_language"] = language
    response = client.post("/verify/", {"file": SimpleUploadedFile(name, data, content_type="application/pdf")})
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.django_db
def test_a_stranger_reads_the_verdict_and_who_signed(client: Client) -> None:
    page = upload(client, SIGNED)
    assert 'class="sheet stack verdict verdict--valid"' in page
    assert "Md Rahim Uddin" in page and "Salma Begum" in page
    assert "demo and pilot" in page
    assert "05/07/2023, 10:30" in page


@pytest.mark.django_db
def test_the_verdict_comes_in_bangla_with_bangla_digits(client: Client) -> None:
    page = upload(client, SIGNED, language="bn")
    assert "মোঃ রহিম উদ্দিন" in page and "০৫/০৭/২০২৩, ১০:৩০" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x" * 2000,
        SIGNED[:-700],
        SIGNED + b"\n",
        SIGNED.replace(b"%PDF-1.7", b"%PDF-1.6"),
        b"%PDF-1.7\n" + b"0" * MOST_BYTES,
        signed_pdf(make_hand()),
    ],
)
def test_whatever_else_is_handed_in_gets_an_answer(client: Client, data: bytes) -> None:
    page = upload(client, data)
    assert "verdict--valid" not in page
    assert "verdict--invalid" in page or "verdict--unknown" in page


@pytest.mark.django_db
def test_nothing_handed_in_is_said_at_the_field(client: Client) -> None:
    response = client.post("/verify/", {})
    assert response.status_code == 200
    assert 'id="id_file_error"' in response.content.decode()


@pytest.mark.django_db
def test_a_hostile_file_name_and_holder_are_only_text(client: Client) -> None:
    page = upload(client, SIGNED, name="<script>alert(1)</script>.pdf")
    assert "<script>alert" not in page


@pytest.mark.django_db
def test_the_certificate_is_handed_to_everybody(client: Client) -> None:
    response = client.get("/verify/ca.pem")
    assert response.content == HAND.ca
    assert b"PRIVATE" not in response.content


def run(*words: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("verify_document", *words, stdout=out)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "F.pdf"
    path.write_bytes(SIGNED)
    return path


def test_the_command_asks_neither_database_nor_network_when_given_a_ca(file: Path, ca_file: Path) -> None:
    # No django_db mark: a query would fail the test.
    status, text = run(str(file), "--ca", str(ca_file), "--json")
    said = json.loads(text)
    assert status == 0
    assert set(said) == {"verdict", "reason", "intact", "trusted", "signatures", "document"}
    assert (said["verdict"], said["intact"], said["trusted"]) == ("valid", True, True)
    assert [set(s) for s in said["signatures"]] == [{"name", "post", "office", "at", "trust"}] * 3
    assert said["document"]["code"] == CODE and said["document"]["superseded_by"] is None


@pytest.mark.full
def test_the_command_works_with_the_database_out_of_reach(file: Path, ca_file: Path, tmp_path: Path) -> None:
    home = tmp_path / "elsewhere"
    home.mkdir()
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "apa_portal.settings",
        "PORTAL_HOME": str(home),
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
    }

    def verify(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", "verify_document", str(file), "--json", *words],
            capture_output=True,
            text=True,
            env=environment,
            cwd=Path(__file__).resolve().parents[2],
            check=False,
        )

    # A home without an authority neither makes one nor calls a stranger's paper an imitation of it.
    nobody = verify()
    assert (nobody.returncode, nobody.stdout, nobody.stderr.count("\n")) == (1, "", 1)
    assert "--ca" in nobody.stderr and not (home / "ca.pem").exists()
    (home / "ca.pem").write_bytes(make_hand().ca)
    for words, verdict in (["--ca", str(ca_file)], "valid"), ([], "invalid"):
        done = verify(*words)
        assert json.loads(done.stdout)["verdict"] == verdict, done.stderr
        assert done.returncode == (0 if words else 1)


def test_the_command_ends_with_one_line_on_a_wrong_path_or_certificate(file: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        run(str(tmp_path / "none.pdf"), "--ca", str(file))
    with pytest.raises(CommandError):
        run(str(file), "--ca", str(file))


def test_the_command_says_invalid_for_an_altered_copy(file: Path, ca_file: Path) -> None:
    changed = bytearray(SIGNED)
    changed[3000] ^= 1
    file.write_bytes(bytes(changed))
    status, text = run(str(file), "--ca", str(ca_file), "--json")
    assert (status, json.loads(text)["verdict"]) == (1, "invalid")


def test_several_roots_may_stand_in_one_file(file: Path, tmp_path: Path) -> None:
    both = tmp_path / "both.pem"
    both.write_bytes(make_hand().ca + HAND.ca)
    assert run(str(file), "--ca", str(both))[0] == 0
