"""Every page in both languages and widths: no WCAG A or AA violation, no sideways scrolling at 320 px, few bytes.

Without --all every tenth page is visited, in Bangla at 360 px. With ``PORTAL_SCREENS`` set to a folder, each visit
leaves its pictures there.
"""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.urls import path
from playwright.sync_api import Page
from pytest_django import Settings

from apa_portal.urls import urlpatterns
from core.views import look
from offices.models import Officer
from tests.browser.pages import Visit, visits
from tests.matrix import World

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
    "resultTypes": ["violations"],  # what passes need not be told node by node
}
SCREENS = os.environ.get("PORTAL_SCREENS")
ALL = os.environ.get("PORTAL_TEST_ALL")
HTML_BUDGET = 30 * 1024
OpenPage = Callable[..., Page]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.logs_errors("visits a 404")]


def violations(page: Page) -> list[str]:
    """What axe finds, one line each: rule, how many, the first place."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("async rules => (await axe.run(document, rules)).violations", RULES)
    return [f"{v['id']} ×{len(v['nodes'])}: {v['nodes'][0]['target'][0]} ({v['help']})" for v in found]


def too_wide(page: Page) -> list[str]:
    """Whether the page scrolls sideways at 320 px, and through what."""
    page.set_viewport_size({"width": 320, "height": 640})
    if page.evaluate("document.documentElement.scrollWidth") <= 320:
        return []
    culprit = page.evaluate(
        "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > 321)"
        ".map(e => e.tagName + '.' + e.className).slice(0, 3).join(', ')"
    )
    return [f"scrolls sideways at 320 px: {culprit}"]


def examine(page: Page, widths: tuple[int, ...], name: str) -> list[str]:
    found: list[str] = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        if SCREENS:
            page.screenshot(path=Path(SCREENS, f"{name}.{width}.png"), full_page=True)
        found += [f"{width} px: {line}" for line in violations(page)]
    return found + too_wide(page)


def visit(page: Page, there: Visit, language: str, widths: tuple[int, ...]) -> list[str]:
    answer = page.goto(there.address)
    assert answer
    found = examine(page, widths, f"{there.name}.{language}".replace(":", "-"))
    size = len(gzip.compress(answer.body(), 6))
    if size > HTML_BUDGET:
        found.append(f"{size} bytes of compressed HTML")
    if page.locator("h1").count() != 1:
        found.append(f"{page.locator('h1').count()} headings of the first order")
    return [f"{there.name} ({language}) {line}" for line in found]


@pytest.mark.parametrize(
    ("language", "widths"),
    [("bn", (1280, 360) if ALL else (360,)), pytest.param("en", (1280, 360), marks=pytest.mark.full)],
)
def test_every_page_is_open_to_everyone(
    open_page: OpenPage, settings: Settings, language: str, widths: tuple[int, ...]
) -> None:
    world = World()
    settings.PORTAL_CLOCK = world.now
    pages: dict[Officer | None, Page] = {}
    found = []
    for there in visits(world, every=1 if ALL else 10):
        if there.officer not in pages:
            pages[there.officer] = open_page(there.officer, language=language)
        found += visit(pages[there.officer], there, language, widths)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("language", ["bn", "en"])
def test_every_component_is_open_to_everyone(open_page: OpenPage, settings: Settings, language: str) -> None:
    settings.ROOT_URLCONF = (path("look/", look), *urlpatterns)
    found = visit(open_page(language=language), Visit("look", "/look/", None), language, (1280, 360))
    assert not found, "\n".join(found)


def test_the_page_without_a_script_is_the_same(open_page: OpenPage) -> None:
    texts: list[Any] = []
    for javascript in (True, False):
        page = open_page(javascript=javascript)
        page.goto("/accounts/login/")
        texts.append(page.inner_text("main"))
    assert texts[0] == texts[1]
