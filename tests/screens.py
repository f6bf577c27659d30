"""Pictures of pages, for looking at what was made: Bangla and English, 1280 and 360 px.

python -m tests.screens http://127.0.0.1:8000 / /verify/ --login NAME --password WORD --out /tmp/screens
"""

from __future__ import annotations

import argparse
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

LANGUAGES = ("bn", "en")
WIDTHS = (1280, 360)


def open_page(browser: Browser, address: str, language: str, width: int, *, javascript: bool = True) -> Page:
    """A fresh visitor's page in a language at a width."""
    context = browser.new_context(
        base_url=address,
        viewport={"width": width, "height": 800},
        java_script_enabled=javascript,
        bypass_csp=javascript,
    )
    context.add_cookies([{"name": "django_language", "value": language, "url": address}])
    return context.new_page()


def log_in(page: Page, username: str, password: str) -> None:
    """Through the real log-in page."""
    page.goto("/accounts/login/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda address: "/accounts/login/" not in address)


def become(page: Page, username: str) -> None:
    """By one click, on a demonstration."""
    page.goto("/accounts/login/")
    page.click(f"button[name=username][value='{username}']")


def picture_name(path: str, language: str, width: int) -> str:
    return f"{re.sub(r'[^a-zA-Z0-9-]+', '_', path).strip('_') or 'home'}.{language}.{width}.png"


def take(browser: Browser, options: argparse.Namespace) -> Iterator[Path]:
    for language in options.languages:
        for width in options.widths:
            page = open_page(browser, options.address, language, width)
            if options.become:
                become(page, options.become)
            elif options.login:
                log_in(page, options.login, options.password)
            for path in options.paths:
                page.goto(path)
                picture = options.out / picture_name(path, language, width)
                page.screenshot(path=picture, full_page=True)
                yield picture
            page.context.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address")
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--become", default="", help="one of the demonstration's people")
    parser.add_argument("--login", default="")
    parser.add_argument("--password", default="")
    parser.add_argument("--out", type=Path, default=Path("screens"))
    parser.add_argument("--languages", nargs="+", default=LANGUAGES)
    parser.add_argument("--widths", nargs="+", type=int, default=WIDTHS)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for picture in take(browser, options):
            print(picture)
        browser.close()


if __name__ == "__main__":
    main()
