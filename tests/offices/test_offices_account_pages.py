"""Log-in, password and second factor as an officer meets them: in their language, with errors that say what to do."""

from __future__ import annotations

import re
from html import unescape

import pytest
from allauth.mfa.totp.internal import auth
from django.test import Client
from django.urls import reverse

from core.numbers import to_bangla_digits
from offices.choices import Post
from offices.models import Officer
from tests.factories import PASSWORD, make_officer, make_tree

pytestmark = pytest.mark.django_db
CLOSED = (
    "account_signup",
    "account_email",
    "account_email_verification_sent",
    "account_set_password",
    "account_reset_password",
    "account_confirm_login_code",
)


@pytest.fixture
def officer() -> Officer:
    return make_officer(Post.UPAZILA_OFFICER, make_tree().upazila)


@pytest.fixture
def logged_in(client: Client, officer: Officer) -> Client:
    client.post(reverse("account_login"), {"login": officer.username, "password": PASSWORD})
    return client


def words(html: str) -> str:
    """What a reader sees of the page's own part."""
    main = "<" + html.split("<main", 1)[1].split("</main>", 1)[0]
    return unescape(re.sub(r"<[^>]+>", " ", main))


def test_logging_in_leads_home_without_noise(client: Client, officer: Officer) -> None:
    response = client.post(reverse("account_login"), {"login": officer.username, "password": PASSWORD}, follow=True)
    assert response.wsgi_request.user == officer
    assert officer.name in response.content.decode()
    assert "notice" not in response.content.decode()


def test_a_wrong_password_is_said_in_bangla_and_nothing_of_it_is_kept(client: Client, officer: Officer) -> None:
    response = client.post(reverse("account_login"), {"login": officer.username, "password": "not this one"})
    html = response.content.decode()
    assert "লগইন নাম বা পাসওয়ার্ড ঠিক নয়।" in html
    assert 'role="alert"' in html and "not this one" not in html


@pytest.mark.parametrize("name", ["account_login", "account_change_password", "mfa_index", "account_logout"])
def test_pages_are_wholly_bangla(logged_in: Client, client: Client, name: str) -> None:
    visitor = Client() if name == "account_login" else logged_in
    text = words(visitor.get(reverse(name), follow=True).content.decode())
    assert not re.findall(r"[A-Za-z]{2,}", text), text


def test_a_short_password_is_refused_in_bangla_digits(logged_in: Client) -> None:
    answer = logged_in.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": "abc", "password2": "abc"}
    )
    assert "অন্তত ১০ অক্ষর লিখুন" in answer.content.decode()


@pytest.mark.parametrize("name", CLOSED)
def test_pages_nobody_needs_are_not_found(client: Client, name: str) -> None:
    assert client.get(reverse(name)).status_code == 404


def test_the_second_factor_is_set_up_with_a_code_in_bangla_digits_and_asked_for(
    logged_in: Client, officer: Officer
) -> None:
    asked = logged_in.get(reverse("mfa_activate_totp"), follow=True)
    assert "আপনিই কি?" in asked.content.decode()
    again = logged_in.post(asked.redirect_chain[-1][0], {"password": PASSWORD}, follow=True)
    page = again.content.decode()
    (secret,) = re.findall(r'<code class="secret">([A-Z2-7]+)</code>', page)
    assert 'src="data:image/svg+xml' in page
    wrong = logged_in.post(reverse("mfa_activate_totp"), {"code": "000000"}).content.decode()
    assert "কোডটি ঠিক নয়" in wrong and secret in wrong
    done = logged_in.post(reverse("mfa_activate_totp"), {"code": spaced_bangla(code_of(secret))}, follow=True)
    assert done.redirect_chain[-1][0] == reverse("mfa_view_recovery_codes")
    assert "১০টির মধ্যে ১০টি কোড বাকি আছে।" in done.content.decode()

    stranger = Client()
    stage = stranger.post(reverse("account_login"), {"login": officer.username, "password": PASSWORD}, follow=True)
    assert stage.redirect_chain[-1][0] == reverse("mfa_authenticate")
    assert not stage.wsgi_request.user.is_authenticated
    (first, *_rest) = recovery_codes(logged_in)
    entered = stranger.post(reverse("mfa_authenticate"), {"code": f" {first} "}, follow=True)
    assert entered.wsgi_request.user == officer


def code_of(secret: str) -> str:
    counter = next(iter(auth.yield_hotp_counters_from_time()))
    return str(auth.format_hotp_value(auth.hotp_value(secret, counter)))


def spaced_bangla(code: str) -> str:
    return to_bangla_digits(f"{code[:3]} {code[3:]}")


def recovery_codes(client: Client) -> list[str]:
    page = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    return re.findall(r"<li><code>([^<]+)</code></li>", page)
