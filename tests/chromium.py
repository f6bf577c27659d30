"""Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import shutil
from pathlib import Path

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Browser, Page

from offices.models import Officer

HEIGHTS = {360: 740, 320: 640}


def find_chromium() -> Path | None:
    """Where Chromium is installed, or ``None``."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    return Path(found) if found else None


def new_page(browser: Browser, address: str, *, language: str, width: int, javascript: bool) -> tuple[Page, list[str]]:
    """A page of a fresh visitor, and the list its console writes errors to."""
    context = browser.new_context(
        base_url=address,
        java_script_enabled=javascript,
        viewport={"width": width, "height": HEIGHTS.get(width, 900)},
        locale="bn-BD" if language == "bn" else "en-GB",
        timezone_id="Asia/Dhaka",
        reduced_motion="reduce",
    )
    context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": address}])
    context.set_default_timeout(15_000)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on(
        "console",
        lambda message: (
            complaints.append(f"{page.url}: {message.text}")
            if message.type == "error" and "Failed to load resource" not in message.text
            else None
        ),
    )
    return page, complaints


def log_in(page: Page, address: str, officer: Officer) -> None:
    """Give the page's visitor a session of the officer."""
    session = SessionStore()
    session[SESSION_KEY] = str(officer.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = officer.get_session_auth_hash()
    session.save()
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": str(session.session_key), "url": address, "httpOnly": True}]
    )
