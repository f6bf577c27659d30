"""The second factor at signing: a code of the officer's own authenticator, each code good for one signature."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.db import models
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from core.errors import UserError
from core.numbers import to_ascii_digits
from offices.models import Officer


class NoSecondFactorError(UserError):
    """The officer has no authenticator yet; ``address`` is where it is set up."""

    def __init__(self) -> None:
        super().__init__(
            _("Signing needs a second step and you have none. First set up an authenticator app under your account."),
            cell="code",
        )
        self.address = reverse("mfa_activate_totp")


def has_second_factor(officer: Officer) -> bool:
    return _authenticators(officer).exists()


def matched_step(officer: Officer, code: str, *, at: datetime) -> int | None:
    """The 30-second step whose code this is, the step of ``at`` or one beside it; None if it is no such code.

    Raise `NoSecondFactorError`. Whether the step was used before is the caller's question.
    """
    authenticator = _authenticators(officer).first()
    if authenticator is None:
        raise NoSecondFactorError
    secret = decrypt(authenticator.data["secret"])
    typed = to_ascii_digits("".join(code.split()))
    steps = range(-app_settings.TOTP_TOLERANCE, app_settings.TOTP_TOLERANCE + 1)
    now = step_of(at)
    return next((now + s for s in steps if constant_time_compare(code_of_step(secret, now + s), typed)), None)


def step_of(at: datetime) -> int:
    return int(at.timestamp()) // int(app_settings.TOTP_PERIOD)


def code_of_step(secret: str, step: int) -> str:
    """What an authenticator app shows during a step."""
    return str(format_hotp_value(hotp_value(secret, step)))


def _authenticators(officer: Officer) -> models.QuerySet[Any]:
    rows: models.QuerySet[Any] = Authenticator.objects.filter(user=officer, type=Authenticator.Type.TOTP)
    return rows
