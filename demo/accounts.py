"""The demonstration's accounts: people in their posts, with passwords and second factors kept beside the instance."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings

from demo.people import FIRST_DAY, PEOPLE, Person
from demo.registers import instant
from offices.choices import HEAD_OF_KIND, OfficeKind, Post
from offices.models import Office, Officer
from offices.services import appoint_officer, create_officer

PASSWORD = "samabay-demo-2026"  # noqa: S105  the same for every demonstration account, printed at every start


def secrets_path() -> Path:
    return Path(settings.PORTAL_SECRETS_DIR) / "demo.json"


def read_secrets() -> dict[str, Any]:
    """What was generated for the people: ``{"totp": {username: secret}, "passphrases": {username: words}}``."""
    path = secrets_path()
    return json.loads(path.read_text()) if path.exists() else {"totp": {}, "passphrases": {}}


def keep_secrets(secrets: dict[str, Any]) -> None:
    path = secrets_path()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)
    path.write_text(json.dumps(secrets, ensure_ascii=False, indent=1))


def make_people() -> dict[str, Officer]:
    """Every person with their posting, made once; heads of offices get a second factor for signing."""
    offices = {office.code: office for office in Office.objects.filter(code__in={p.office for p in PEOPLE})}
    there = {officer.username: officer for officer in Officer.objects.filter(is_demo=True)}
    for person in PEOPLE:
        if person.username not in there:
            there[person.username] = _make(person, offices[person.office])
    return there


def _make(person: Person, office: Office) -> Officer:
    at = instant(FIRST_DAY, 9)
    officer = create_officer(
        username=person.username,
        name_bn=person.name_bn,
        name_en=person.name_en,
        password=PASSWORD,
        is_demo=True,
        is_staff=person.post == Post.SYSTEM_ADMIN,
        by=None,
        at=at,
    )
    appoint_officer(officer=officer, office=office, post=person.post, starts_on=FIRST_DAY, by=None, at=at)
    if person.post == HEAD_OF_KIND[OfficeKind(office.kind)]:
        _second_factor(officer)
    return officer


def _second_factor(officer: Officer) -> None:
    """The time-based code that a signer's telephone would show."""
    secrets = read_secrets()
    secret = secrets["totp"].setdefault(officer.username, generate_totp_secret())
    keep_secrets(secrets)
    TOTP.activate(officer, secret)
