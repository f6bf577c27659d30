"""How allauth meets officers: accounts are made by administrators, never by signing up; errors are in our words."""

from __future__ import annotations

import base64
import logging
from functools import cache
from hashlib import sha256

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.translation import gettext_lazy as _

from core.clock import now
from offices.models import Officer
from offices.services import change_own_password

logger = logging.getLogger(__name__)

_CODE_ERRORS = {
    "incorrect_code": _("This code is not right, or its half minute is over. Type the code that the app shows now."),
    "too_many_login_attempts": _("Too many wrong attempts. Wait five minutes, then try again."),
    "rate_limited": _("Too many attempts. Wait a little, then try again."),
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        **_CODE_ERRORS,
        "account_inactive": _("This account is closed. Ask your system administrator."),
        "invalid_login": _("The log-in name or the password is not right."),
        "username_password_mismatch": _("The log-in name or the password is not right."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_password": _("This is not your present password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def set_password(self, user: Officer, password: str) -> None:
        change_own_password(officer=user, password=password, at=now())

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url(settings.LOGIN_REDIRECT_URL)


@cache
def _cipher(secret: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(sha256(b"second factor:" + secret.encode()).digest()))


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors stand encrypted in the database: a copy of it alone gives nobody a code."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        **_CODE_ERRORS,
        "cannot_delete_authenticator": _("The second factor cannot be switched off now."),
        "cannot_generate_recovery_codes": _("Recovery codes need a second factor. Set up the app first."),
    }

    def encrypt(self, text: str) -> str:
        return _cipher(settings.MFA_SECRET).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The text; of one encrypted under another secret, which was lost, a random one: no code is right for it."""
        try:
            return _cipher(settings.MFA_SECRET).decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            logger.error("a second factor was made under other secrets; put those back, or have the superior reset it")
            return str(generate_totp_secret())
