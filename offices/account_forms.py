"""The forms of log-in and second factor with our own labels and hints; allauth keeps the checks."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.numbers import to_ascii_digits


def name_field(form: forms.Form, name: str, label: str | Promise, hint: str | Promise = "") -> None:
    """Give a field our words; a placeholder would only repeat its label."""
    field = form.fields[name]
    field.label, field.help_text = str(label), str(hint)
    field.widget.attrs.pop("placeholder", None)


class LoginForm(account.LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_field(self, "login", _("Log-in name"))
        name_field(self, "password", _("Password"))
        self.fields["login"].widget.attrs.update(autocapitalize="none", spellcheck="false")


class ReauthenticateForm(account.ReauthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_field(self, "password", _("Password"))


class ChangePasswordForm(account.ChangePasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_field(self, "oldpassword", _("Present password"))
        name_field(self, "password1", _("New password"), _("At least ten characters, no name, no common word."))
        name_field(self, "password2", _("New password once more"))

    def clean_password1(self) -> str:
        """A one-time password must not stay: whoever printed its slip knows it."""
        password = str(self.cleaned_data["password1"])
        if self.user.check_password(password):
            raise forms.ValidationError(_("This is your present password. Choose another."))
        return password


class _CodeForm(forms.Form):
    """A code as people type it: in Bangla digits, with spaces."""

    code_label: str | Promise = _("Code from the app, or a recovery code")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_field(self, "code", self.code_label)
        self.fields["code"].widget.attrs.update({"class": "code-input", "autocapitalize": "none"})

    def clean_code(self) -> str:
        self.cleaned_data["code"] = to_ascii_digits(self.cleaned_data["code"]).replace(" ", "")
        return str(super().clean_code())  # type: ignore[misc]


class AuthenticateForm(_CodeForm, mfa.AuthenticateForm):  # type: ignore[misc]
    pass


class MFAReauthenticateForm(_CodeForm, mfa.ReauthenticateForm):  # type: ignore[misc]
    pass


class ActivateTOTPForm(_CodeForm, totp.ActivateTOTPForm):  # type: ignore[misc]
    code_label = _("Six-digit code that the app shows")
