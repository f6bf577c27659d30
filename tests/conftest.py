"""What every test shares: no network, no unnoticed error in the log, a browser for those that ask."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable, Generator, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django import Settings

from offices.models import Officer
from tests.chromium import find_chromium, log_in, new_page

# Tests judge results, never how busy the machine is.
hypothesis_settings.register_profile(
    "house",
    hypothesis_settings.default,
    max_examples=100 if os.environ.get("PORTAL_TEST_ALL") else 40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
hypothesis_settings.load_profile("house")

OPEN_HOSTS = ("127.", "localhost", "::1")


@pytest.fixture(scope="session", autouse=True)
def _only_this_machine() -> Iterator[None]:
    """Sockets reach this machine alone; a test that asks the outside world fails and says whom it asked."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def refuse_strangers(sock: socket.socket, address: Any) -> None:
        if sock.family in (socket.AF_INET, socket.AF_INET6) and not str(address[0]).startswith(OPEN_HOSTS):
            raise AssertionError(f"a test tried to reach {address[0]}")

    def guarded(self: socket.socket, address: Any) -> None:
        refuse_strangers(self, address)
        connect(self, address)

    def guarded_ex(self: socket.socket, address: Any) -> int:
        refuse_strangers(self, address)
        return connect_ex(self, address)

    socket.socket.connect, socket.socket.connect_ex = guarded, guarded_ex  # type: ignore[method-assign, assignment]
    yield
    socket.socket.connect, socket.socket.connect_ex = connect, connect_ex  # type: ignore[method-assign]


class _ErrorCollector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        line = f"{record.name}: {record.getMessage()}"
        if record.exc_info and record.exc_info[1] is not None:
            line += f" ({record.exc_info[1]!r})"
        self.lines.append(line)


@pytest.fixture(autouse=True)
def logged_errors(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """Errors logged so far. Any of them fails the test, unless ``@pytest.mark.logs_errors("why")`` stands on it."""
    collector = _ErrorCollector()
    logging.getLogger().addHandler(collector)
    yield collector.lines
    logging.getLogger().removeHandler(collector)
    if collector.lines and not request.node.get_closest_marker("logs_errors"):
        pytest.fail("errors were logged:\n" + "\n".join(collector.lines), pytrace=False)


@pytest.fixture(autouse=True)
def _fresh_start() -> None:
    """Rate limits start anew in each test, and so does the language."""
    cache.clear()
    translation.deactivate()


@pytest.fixture
def clock(settings: Settings) -> Callable[[datetime], None]:
    """``clock(at)``: the portal's clock stands at an instant (aware)."""

    def stand_at(at: datetime) -> None:
        assert at.tzinfo is not None
        settings.PORTAL_CLOCK = at

    return stand_at


@pytest.fixture(scope="session")
def chromium() -> Generator[Browser, None, None]:
    """Debian's Chromium, headless; the test is skipped where it is not installed."""
    path = find_chromium()
    if path is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(path), args=["--no-sandbox"])
        yield browser
        browser.close()


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(chromium: Browser, live_server: Any) -> Iterator[OpenPage]:
    """``open_page(officer=None, language="bn", width=1280, javascript=True)`` → a page whose addresses may be relative.

    Its officer is logged in by session, without the log-in form. A message on the browser's console (a breach of the
    content security policy is one) fails the test.
    """
    opened: list[tuple[Page, list[str]]] = []

    def open_one(
        officer: Officer | None = None, *, language: str = "bn", width: int = 1280, javascript: bool = True
    ) -> Page:
        page, complaints = new_page(chromium, live_server.url, language=language, width=width, javascript=javascript)
        if officer is not None:
            log_in(page, live_server.url, officer)
        opened.append((page, complaints))
        return page

    yield open_one
    for page, _ in opened:
        page.context.close()
    complaints = [line for _, lines in opened for line in lines]
    assert not complaints, "\n".join(complaints)


NEEDS: dict[str, Callable[[], bool]] = {
    "full": lambda: bool(os.environ.get("PORTAL_TEST_ALL")),
    "browser": lambda: find_chromium() is not None,
    "postgres": lambda: _answers(5432),
    "redis": lambda: _answers(6379),
}
WHY = {
    "full": "runs under bin/test --all",
    "browser": "Chromium is not installed",
    "postgres": "no PostgreSQL on 127.0.0.1:5432",
    "redis": "no Redis on 127.0.0.1:6379",
}


def _answers(port: int) -> bool:
    with socket.socket() as sock:
        sock.settimeout(0.5)
        return sock.connect_ex(("127.0.0.1", port)) == 0


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip, by name, what this machine cannot run; ``bin/test --all`` turns a skip into a failure."""
    missing = {marker for marker, is_there in NEEDS.items() if not is_there()}
    if "postgres" in os.environ.get("DATABASE_URL", ""):
        again = [item for item in items if _asks_the_database(item)]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(again)])
        items[:] = again
    for item in items:
        for marker in sorted(missing & {mark.name for mark in item.iter_markers()}):
            item.add_marker(pytest.mark.skip(reason=WHY[marker]))


def _asks_the_database(item: pytest.Item) -> bool:
    """Whether a test may end otherwise on PostgreSQL; browser tests and tests without this run's database do not."""
    marks = {mark.name for mark in item.iter_markers()}
    asks = "django_db" in marks or {"db", "transactional_db"} & set(getattr(item, "fixturenames", ()))
    return bool(asks) and not marks & {"browser", "sqlite"}


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, None]:
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get("PORTAL_TEST_ALL") and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid}: nothing may be skipped under --all ({reason})"


@pytest.fixture
def project_root() -> Path:
    """The folder of the working copy."""
    return Path(__file__).resolve().parent.parent
