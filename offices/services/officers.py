"""Writing officers: inviting them, their one-time passwords, closing and reopening their accounts.

A one-time password is made here, handed back once for the slip, and kept only as its hash. Whatever an officer sets
afterwards nobody else ever learns: a superior can only replace it by a new one-time password, which is recorded.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.activity import record_activity
from core.errors import UserError
from core.text import clean_text
from offices.choices import Post
from offices.models import Office, Officer, Posting
from offices.rights import require_right
from offices.services.postings import write_posting
from offices.subordinates import MANAGE, may_manage

#: No letters that a reader takes for one another; 12 of them carry 58 bits.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{2,59}")


@dataclass(frozen=True)
class Invitation:
    """A new or reset account with the one-time password of its slip. It exists only in memory."""

    officer: Officer
    password: str
    posting: Posting | None = None


@transaction.atomic
def create_officer(
    *,
    username: str,
    name_bn: str,
    name_en: str,
    by: Officer | None,
    at: datetime,
    password: str | None = None,
    is_demo: bool = False,
    is_staff: bool = False,
) -> Officer:
    """Make an officer without any posting, which only who manages the whole tree may (None: the command line)."""
    if by is not None:
        require_right(by, MANAGE, Office.objects.get(parent=None))
    return _create(username, name_bn, name_en, by=by, at=at, password=password, is_demo=is_demo, is_staff=is_staff)


def _create(username: str, name_bn: str, name_en: str, *, by: Officer | None, at: datetime, **fields: Any) -> Officer:
    login = check_login(username)
    names = {"name_bn": clean_text(name_bn), "name_en": clean_text(name_en)}
    try:
        with transaction.atomic():
            officer = Officer.objects.create_user(login, **names, **fields)
    except IntegrityError as error:  # another invited the same in this moment
        raise _taken(login) from error
    record_activity("offices.create_officer", officer, by=by or officer, at=at)
    return officer


def check_login(username: str) -> str:
    """A free log-in name as it is kept; `UserError` if it cannot be one, or is taken."""
    login = login_of(username)
    if Officer.objects.filter(username=login).exists():
        raise _taken(login)
    return login


def _taken(login: str) -> UserError:
    return UserError(_("The log-in name “%(login)s” is taken. Choose another.") % {"login": login}, cell="username")


def login_of(username: str) -> str:
    """A log-in name as it is kept; `UserError` if it cannot be one."""
    login = username.strip().lower()
    if not _LOGIN.fullmatch(login):
        raise UserError(
            _("“%(login)s” cannot be a log-in name. Use 3 to 60 English letters, digits, dots or dashes.")
            % {"login": login},
            cell="username",
        )
    return login


@transaction.atomic
def invite_officer(
    *,
    username: str,
    name_bn: str,
    name_en: str,
    office: Office,
    post: Post,
    starts_on: date,
    by: Officer,
    at: datetime,
    is_acting: bool = False,
    phone: str = "",
) -> Invitation:
    """Make an officer with their first posting and a one-time password."""
    password = _one_time_password()
    officer = _create(username, name_bn, name_en, by=by, at=at, password=password, phone=clean_text(phone))
    posting = write_posting(officer, office, Post(post), starts_on, None, is_acting=is_acting, by=by, at=at)
    _mark_issued(officer, by, at)
    return Invitation(officer, password, posting)


@transaction.atomic
def update_officer(*, officer: Officer, fields: list[str], by: Officer, at: datetime) -> Officer:
    """Keep the officer's changed ``fields`` (names, phone, e-mail)."""
    _guard(by, officer)
    before = Officer.objects.select_for_update().values(*fields).get(pk=officer.pk) if fields else {}
    officer.save(update_fields=fields)
    after = {name: getattr(officer, name) for name in fields}
    record_activity("offices.update_officer", officer, by=by, at=at, before=before, after=after)
    return officer


@transaction.atomic
def reset_password(*, officer: Officer, by: Officer, at: datetime, drops_second_factor: bool = False) -> Invitation:
    """Replace the password by a one-time one. The officer's sessions end; the second factor goes only where asked."""
    officer = Officer.objects.select_for_update(of=("self",)).get(pk=officer.pk)
    _guard(by, officer)
    if not officer.is_active:
        raise UserError(_("This account is closed. Open it again first."))
    password = _one_time_password()
    # Sessions carry a hash over the password: with a new one they are nobody's.
    officer.set_password(password)
    officer.save(update_fields=["password"])
    _mark_issued(officer, by, at)
    dropped = 0
    if drops_second_factor:
        dropped, _rows = Authenticator.objects.filter(user=officer).delete()
    record_activity("offices.reset_password", officer, by=by, at=at, after={"second_factor_dropped": bool(dropped)})
    return Invitation(officer, password)


@transaction.atomic
def change_own_password(*, officer: Officer, password: str, at: datetime) -> Officer:
    """Keep a password that the officer has chosen; a one-time one is used up."""
    officer.set_password(password)
    officer.password_issued_at = officer.password_issued_by = None
    officer.save(update_fields=["password", "password_issued_at", "password_issued_by"])
    record_activity("offices.change_own_password", officer, by=officer, at=at)
    return officer


@transaction.atomic
def close_officer(*, officer: Officer, by: Officer, at: datetime) -> Officer:
    """Close an account: nobody logs in with it, its sessions end, and its password is gone. Its postings stay."""
    officer = Officer.objects.select_for_update(of=("self",)).get(pk=officer.pk)
    _guard(by, officer)
    officer.is_active = False
    officer.set_unusable_password()
    officer.save(update_fields=["is_active", "password"])
    record_activity("offices.close_officer", officer, by=by, at=at)
    return officer


@transaction.atomic
def reopen_officer(*, officer: Officer, by: Officer, at: datetime) -> Invitation:
    """Open a closed account again, with a one-time password."""
    officer = Officer.objects.select_for_update(of=("self",)).get(pk=officer.pk)
    _guard(by, officer)
    officer.is_active = True
    officer.save(update_fields=["is_active"])
    record_activity("offices.reopen_officer", officer, by=by, at=at)
    return reset_password(officer=officer, by=by, at=at)


def _guard(by: Officer, officer: Officer) -> None:
    if not may_manage(by, officer):
        raise PermissionDenied(MANAGE)


def _one_time_password() -> str:
    letters = [secrets.choice(_LETTERS) for _n in range(12)]
    return "-".join("".join(letters[start : start + 4]) for start in (0, 4, 8))


def _mark_issued(officer: Officer, by: Officer, at: datetime) -> None:
    officer.password_issued_at, officer.password_issued_by = at, by
    officer.save(update_fields=["password_issued_at", "password_issued_by"])
