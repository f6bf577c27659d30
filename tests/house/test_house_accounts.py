"""Log-in, second factor, and allauth's pages that are closed."""

from __future__ import annotations

import time

import pytest
from allauth.account import urls as account_urls
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.conf import settings
from django.http import Http404
from django.test import Client
from django.urls import resolve, reverse

from offices.choices import Post
from offices.models import Officer
from tests.factories import PASSWORD, make_officer, make_tree

OPEN = {"account_login", "account_logout", "account_inactive", "account_reauthenticate", "account_change_password"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> Officer:
    return make_officer(Post.UPAZILA_OFFICER, make_tree().upazila)


def log_in(client: Client, officer: Officer, password: str = PASSWORD) -> str:
    """Post the log-in form; the address it leads to, or nothing."""
    response = client.post(reverse("account_login"), {"login": officer.username, "password": password})
    return response.headers.get("Location", "")


def code_of(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def test_log_in_lands_on_the_home_and_ends_with_the_browser(client: Client, officer: Officer) -> None:
    assert log_in(client, officer) == reverse(settings.LOGIN_REDIRECT_URL)
    assert client.session.get_expire_at_browser_close()
    assert client.get(reverse("reports:home")).wsgi_request.user == officer


@pytest.mark.parametrize("pattern", account_urls.urlpatterns, ids=lambda pattern: str(pattern.name))
def test_pages_without_use_here_are_not_found(client: Client, officer: Officer, pattern: object) -> None:
    """Nobody signs up, and no mail is sent: those pages answer nobody, known or not."""
    name = str(getattr(pattern, "name", ""))
    if name in OPEN:
        client.force_login(officer, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert client.get(reverse(name)).status_code in (200, 302)
        return
    route = "/accounts/" + str(getattr(pattern, "pattern", "")).lstrip("^").rstrip("$")
    address = route if "<" not in route else route.split("(?P")[0] + "abc-def/"
    for who in (None, officer):
        if who is not None:
            client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert client.get(address).status_code == 404
        assert client.post(address, {}).status_code == 404
    with pytest.raises(Http404):
        resolve(address).func(client.get("/").wsgi_request)


def test_wrong_passwords_are_limited(client: Client, officer: Officer) -> None:
    for _try in range(5):
        assert not log_in(client, officer, "wrong password")
    assert not log_in(client, officer), "the right password does not help for a while"
    assert Client().get(reverse("reports:home")).status_code == 200


def test_a_second_factor_is_asked_for_and_stands_encrypted(client: Client, officer: Officer) -> None:
    secret = generate_totp_secret()
    TOTP.activate(officer, secret)
    stored = Authenticator.objects.get(user=officer, type=Authenticator.Type.TOTP).data["secret"]
    assert secret not in stored
    assert log_in(client, officer) == reverse("mfa_authenticate")
    assert not client.get(reverse("reports:home")).wsgi_request.user.is_authenticated
    assert client.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert client.get(reverse("reports:home")).wsgi_request.user == officer


@pytest.mark.logs_errors("the secret of second factors was lost")
def test_a_second_factor_made_under_a_lost_secret_opens_nothing(
    client: Client, officer: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = generate_totp_secret()
    TOTP.activate(officer, secret)
    monkeypatch.setattr(settings, "MFA_SECRET", "another one, made when the first was lost")
    log_in(client, officer)
    for known in (secret, ""):
        assert client.post(reverse("mfa_authenticate"), {"code": code_of(known)}).status_code == 200
    assert not client.get(reverse("reports:home")).wsgi_request.user.is_authenticated


def test_a_recovery_code_opens_once(client: Client, officer: Officer) -> None:
    TOTP.activate(officer, generate_totp_secret())
    code = RecoveryCodes.activate(officer).get_unused_codes()[0]
    log_in(client, officer)
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert client.get(reverse("reports:home")).wsgi_request.user == officer
    again = Client()
    log_in(again, officer)
    again.post(reverse("mfa_authenticate"), {"code": code})
    assert not again.get(reverse("reports:home")).wsgi_request.user.is_authenticated


@pytest.mark.parametrize("name", ["mfa_index", "mfa_activate_totp"])
def test_second_factor_pages_show(client: Client, officer: Officer, name: str) -> None:
    """Setting one up asks for the password again."""
    log_in(client, officer)
    response = client.get(reverse(name), follow=True)
    assert response.status_code == 200
    if response.redirect_chain:
        client.post(response.redirect_chain[-1][0], {"password": PASSWORD})
        assert client.get(reverse(name)).status_code == 200


def test_the_administration_has_no_log_in_of_its_own(client: Client, officer: Officer) -> None:
    """Its log-in would know neither rate limits nor the second factor."""
    response = client.get("/admin/login/", follow=True)
    assert response.redirect_chain[0][0].startswith(reverse("account_login"))
    log_in(client, officer)
    assert client.get("/admin/").status_code in (302, 403)
    assert b"password" not in client.get("/admin/", follow=True).content.split(b"<main")[-1]
