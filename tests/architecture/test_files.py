"""What holds for every file: its length, its name, and what may not stand in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.house import files, own_apps, project, text_of
from tests.exemptions import LONG_FILES

MOST_LINES = 500
NO_NAMES = re.compile(r"^(utils?|helpers?|common|managers?|misc)$")
STYLE_OR_SCRIPT = re.compile(r"<style\b|<script\b(?![^>]*\bsrc=)|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:", re.I)
# Not in Chrome 109 or not in Firefox ESR 115, where Windows 7 and 8.1 stop.
NEWER_CSS = {
    ":has()": r":has\(",
    "@scope": r"@scope\b",
    "@starting-style": r"@starting-style\b",
    "@property": r"@property\b",
    "@view-transition": r"@view-transition\b",
    "light-dark()": r"\blight-dark\(",
    "oklch(), oklab(), lch(), lab()": r"\b(ok)?(lch|lab)\(",
    "color-mix()": r"\bcolor-mix\(",
    "relative colour": r"\b(rgb|hsl|hwb)a?\(\s*from\b",
    "subgrid": r"\bsubgrid\b",
    ":dir()": r":dir\(",
    ":nth-child(of)": r":nth-(last-)?child\([^)]*\bof\b",
    ":user-invalid": r":user-(in)?valid\b",
    "lh unit": r"\d(r?lh)\b",
    "unprefixed mask": r"(?<![\w-])mask(-image|-size|-position|-repeat)?\s*:",
    "anchor positioning": r"\banchor(-name|-size)?\s*[:(]",
    "scroll-driven animation": r"\banimation-timeline\b",
    "field-sizing": r"\bfield-sizing\b",
    "scripting query": r"\(\s*scripting\b",
    "nesting": r"&",
}
NEWER_HTML = {"popover": r"\spopover(target)?\b", "dialog commands": r"\scommandfor\b"}


def without_comments(css: str) -> str:
    return re.sub(r"/\*.*?\*/", "", css, flags=re.S)


def nested_rules(css: str) -> list[str]:
    """Selectors of rules inside rules (inside @media and the like they are in place)."""
    nested: list[str] = []
    open_blocks: list[bool] = []
    for head, brace in re.findall(r"([^{};]*)([{};])", without_comments(css)):
        if brace == "{":
            is_at_rule = head.strip().startswith("@")
            if open_blocks and open_blocks[-1] and not is_at_rule:
                nested.append(head.strip())
            open_blocks.append(not is_at_rule or head.strip().startswith(("@page", "@font-face")))
        elif brace == "}" and open_blocks:
            open_blocks.pop()
    return nested


def test_the_search_for_nested_rules_finds_them() -> None:
    assert nested_rules("a { color: red; b { color: blue; } }") == ["b"]
    assert not nested_rules("@media print { a { color: red; } b { top: 0 } } /* a { b { */ c { top: 0 }")


def test_no_file_is_longer_than_500_lines() -> None:
    long = {
        str(path): count
        for path in files(".py", ".js", ".css", ".html")
        if "migrations" not in path.parts and (count := text_of(path).count("\n")) > MOST_LINES
    }
    assert not {path: count for path, count in long.items() if path not in LONG_FILES}
    assert not set(LONG_FILES) - set(long), "exemptions that nobody needs any more"


def test_names_say_what_a_module_is_for() -> None:
    names = [path for config in own_apps() for path in files(".py", below=config.name)]
    assert not [str(path) for path in names if NO_NAMES.match(path.stem) or NO_NAMES.match(path.parent.name)]


def test_no_script_or_style_stands_in_a_template() -> None:
    """The content security policy would refuse it. No policy meets printed pages: they may carry computed widths."""
    wrong = []
    for path in files(".html", below="templates"):
        for number, line in enumerate(text_of(path).splitlines(), 1):
            found = STYLE_OR_SCRIPT.search(line)
            if found and not ("pdf" in path.parts and "style" in found[0].lower()):
                wrong.append(f"{path}:{number}: {found[0]}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", NEWER_CSS)
def test_no_css_is_newer_than_the_oldest_browsers(name: str) -> None:
    wrong = [
        f"{path}: {found[0]}"
        for path in files(".css", below="static")
        if path.name != "pdf.css"
        for found in re.finditer(NEWER_CSS[name], without_comments(text_of(path)))
    ]
    assert not wrong, "\n".join(wrong)


def test_no_css_rule_is_nested() -> None:
    wrong = [f"{path}: {head}" for path in files(".css", below="static") for head in nested_rules(text_of(path))]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", NEWER_HTML)
def test_no_html_is_newer_than_the_oldest_browsers(name: str) -> None:
    found = [str(path) for path in files(".html", below="templates") if re.search(NEWER_HTML[name], text_of(path))]
    assert not found


# In parts, so that this file does not hold what it looks for.
REGISTRIES = re.compile(
    "|".join(("pypi" + r"\.org", "python" + "hosted", "npm" + r"js\.(org|com)", "jsdel" + "ivr", "unp" + "kg"))
)
INDEX_LINE = re.compile(r"^\s*(--(extra-)?index-url|--find-links|--trusted-host|-i\s+http|registry\s*=\s*http)", re.M)


def test_no_file_names_a_package_registry() -> None:
    wrong = []
    for path in files():
        if path.suffix in (".png", ".ico", ".xlsx", ".pdf", ".woff2"):
            continue
        text = text_of(path)
        if REGISTRIES.search(text) or INDEX_LINE.search(text):
            wrong.append(str(path))
    assert not wrong, "\n".join(wrong)


def pinned(path: str) -> dict[str, str]:
    """The pins of a requirements file, by name."""
    pins = re.split(r"\n(?=[A-Za-z0-9])", text_of(Path(path)))
    return {pin.split("==")[0].lower().replace("_", "-"): pin for pin in pins if "==" in pin}


def names_of(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=~ ;]", line)[0].lower().replace("_", "-") for line in requirements}


def test_direct_dependencies_are_few_and_pinned_with_hashes() -> None:
    runtime = project()["project"]["dependencies"]
    tests = project()["project"]["optional-dependencies"]["test"]
    assert len(runtime) <= 24
    base, test = pinned("requirements/base.txt"), pinned("requirements/test.txt")
    assert names_of(runtime) <= set(base)
    assert names_of(tests) <= set(base) | set(test)
    assert not set(base) & set(test)
    assert not [name for name, pin in {**base, **test}.items() if "--hash=sha256:" not in pin]
