"""The page that verifies and the page of keys, in a browser without JavaScript, and under axe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from pytest_django import Settings

from documents import authority
from tests.conftest import OpenPage
from tests.documents.factories_documents_signing import make_hand, make_second_factor, signed_pdf
from tests.factories import make_head, make_tree

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
HAND = make_hand()


@pytest.fixture(autouse=True)
def homes(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    settings.PORTAL_HOME = tmp_path / "home"
    settings.PORTAL_SECRETS_DIR = tmp_path / "secrets"
    (tmp_path / "home").mkdir()
    yield tmp_path
    authority._kept.cache_clear()


@pytest.fixture
def pdf(homes: Path) -> Path:
    authority.ca_path().write_bytes(HAND.ca)
    path = homes / "agreement.pdf"
    path.write_bytes(signed_pdf(HAND))
    return path


def complaints_of(page: Any) -> list[str]:
    return [violation["id"] for violation in Axe().run(page, options=RULES).response["violations"]]


def hand_in(page: Any, path: Path) -> str:
    page.goto("/verify/")
    page.set_input_files("input[type=file]", str(path))
    page.click("form[enctype] button")
    return str(page.inner_text(".verdict"))


def test_a_stranger_verifies_without_javascript_and_an_altered_copy_is_refused(open_page: OpenPage, pdf: Path) -> None:
    page = open_page(language="bn", width=360, javascript=False)
    said = hand_in(page, pdf)
    assert "মোঃ রহিম উদ্দিন" in said and "০৫/০৭/২০২৩" in said
    changed = bytearray(pdf.read_bytes())
    changed[3000] ^= 1
    pdf.write_bytes(bytes(changed))
    assert "মোঃ রহিম উদ্দিন" in hand_in(page, pdf)
    assert page.query_selector(".verdict--invalid") is not None


@pytest.mark.parametrize(("language", "width"), [("bn", 360), ("en", 1280)])
def test_verifying_has_no_barrier(open_page: OpenPage, pdf: Path, language: str, width: int) -> None:
    page = open_page(language=language, width=width)
    page.goto("/verify/")
    assert complaints_of(page) == []
    hand_in(page, pdf)
    assert complaints_of(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("language", "width"), [("bn", 360), ("en", 1280)])
def test_keys_have_no_barrier(open_page: OpenPage, language: str, width: int) -> None:
    head = make_head(make_tree().district)
    make_second_factor(head)
    page = open_page(head, language=language, width=width)
    for _round in range(2):  # the second makes an earlier key
        page.goto("/keys/")
        page.click("form[action*='/make/'] button")
        assert complaints_of(page) == []
    page.goto("/keys/")
    assert complaints_of(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
