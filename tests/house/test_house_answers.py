"""What every answer carries, and the pages for what went wrong."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from pytest_django import DjangoAssertNumQueries, Settings

import apa_portal.urls
from core.failures import server_error
from core.logs import OneLineFormatter
from offices.access import public
from tests.factories import make_head, make_tree


@public("breaks on purpose")
def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("broken on purpose")


@public("refuses on purpose")
def refusing(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


@public("mistrusts on purpose")
def mistrusting(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation


def undecided(request: HttpRequest) -> HttpResponse:
    return HttpResponse("should not be seen")


urlpatterns = [
    path("broken/", broken),
    path("refusing/", refusing),
    path("mistrusting/", mistrusting),
    path("undecided/", undecided),
    *apa_portal.urls.urlpatterns,
]
handler400 = apa_portal.urls.handler400
handler500 = apa_portal.urls.handler500

FAILURES = {"/broken/": 500, "/refusing/": 403, "/mistrusting/": 400, "/undecided/": 403, "/nowhere/": 404}
HEADINGS = {
    ("/broken/", "bn"): "এখানে কিছু একটা ভুল হয়েছে",
    ("/broken/", "en"): "Something went wrong here",
    ("/refusing/", "bn"): "এ কাজের অধিকার আপনার নেই",
    ("/refusing/", "en"): "You have no right to this",
    ("/mistrusting/", "bn"): "অনুরোধটি পড়া যায়নি",
    ("/mistrusting/", "en"): "This request could not be read",
    ("/nowhere/", "bn"): "পাতাটি পাওয়া যায়নি",
    ("/nowhere/", "en"): "This page was not found",
}

pytestmark = [pytest.mark.urls(__name__), pytest.mark.logs_errors("provokes failures")]


def asked(address: str, language: str = "bn") -> HttpResponse:
    client = Client(raise_request_exception=False)
    client.cookies["django_language"] = language
    response = client.get(address)
    assert response.status_code
    return response  # type: ignore[return-value]


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "language"), HEADINGS)
def test_what_went_wrong_is_said_in_the_readers_language(address: str, language: str) -> None:
    response = asked(address, language)
    page = response.content.decode()
    assert response.status_code == FAILURES[address]
    assert f"<h1>{HEADINGS[address, language]}</h1>" in page
    assert f'<html lang="{language}">' in page
    assert "on purpose" not in page


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/accounts/login/", "/admin/", *FAILURES])
def test_every_answer_carries_its_policies(address: str) -> None:
    response = asked(address)
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"


def test_static_files_carry_the_policy_too(settings: Settings) -> None:
    """WhiteNoise answers before the rest, but not before the policy."""
    settings.WHITENOISE_AUTOREFRESH, settings.WHITENOISE_USE_FINDERS = True, True
    settings.MIDDLEWARE = [*settings.MIDDLEWARE]
    response = Client().get("/static/css/base.css")
    assert response.status_code == 200
    assert b"body" in b"".join(response)
    assert "default-src 'none'" in response["Content-Security-Policy"]


def test_the_page_of_an_error_asks_no_database(
    rf: RequestFactory, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Without the database fixture a query would fail the test."""
    assert server_error(rf.get("/broken/")).status_code == 500


def test_a_form_without_proof_of_origin_is_explained() -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/i18n/setlang/", {"language": "en"})
    assert response.status_code == 403
    assert "ফর্মটির মেয়াদ শেষ" in response.content.decode()


@pytest.mark.django_db
def test_a_view_without_a_decision_is_refused_even_to_the_registrar(client: Client) -> None:
    client.force_login(make_head(make_tree().department), backend="allauth.account.auth_backends.AuthenticationBackend")
    response = client.get("/undecided/")
    assert response.status_code == 403
    assert b"should not be seen" not in response.content


def test_production_cookies_are_secure(settings: Settings) -> None:
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.CSRF_COOKIE_HTTPONLY
    assert settings.LANGUAGE_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == settings.CSRF_COOKIE_SAMESITE == "Lax"


@pytest.mark.django_db
def test_the_language_is_the_cookies_not_the_browsers() -> None:
    client = Client()
    assert b'<html lang="bn">' in client.get("/", headers={"accept-language": "en-US,en"}).content
    client.cookies["django_language"] = "en"
    assert b'<html lang="en">' in client.get("/").content
    client.cookies["django_language"] = "xx"
    assert b'<html lang="bn">' in client.get("/").content


def test_a_broker_that_is_down_costs_beat_one_short_line() -> None:
    told = ("refused (111)", ["  File", "  line"])
    record = logging.LogRecord("celery.beat", logging.ERROR, "", 1, "Message Error: %s\n%s", told, None)
    assert logging.getLogger("celery.beat").filter(record)
    assert record.getMessage() == "Message Error: refused (111)"


def test_an_error_is_one_line_in_the_log() -> None:
    formatter = OneLineFormatter("%(levelname)s %(message)s")
    try:
        raise ValueError("two\nlines")
    except ValueError as error:
        record = logging.LogRecord("x", logging.ERROR, str(Path()), 1, "failed", (), (type(error), error, None))
    line = formatter.format(record)
    assert "\n" not in line
    assert line.startswith("ERROR failed ⏎ ")
    assert "two ⏎ lines" in line
