"""Our scripts: for Chrome 109 and Firefox ESR 115, where Windows 7 and 8.1 stop, and for pages served without TLS."""

from __future__ import annotations

import re

import pytest

from tests.architecture.house import files, text_of

# Not in Chrome 109 or not in Firefox ESR 115 (caniuse.com), or only in a secure context.
NEWER = {
    "arrays by copy": r"\.(toSorted|toReversed|toSpliced)\(|\.with\(",
    "grouping": r"\b(Object|Map)\.groupBy\b",
    "Array.fromAsync": r"\bArray\.fromAsync\b",
    "new promises": r"\bPromise\.(withResolvers|try)\b",
    "sets as sets": r"\.(union|intersection|symmetricDifference|isSubsetOf|isSupersetOf|isDisjointFrom)\(",
    "iterator helpers": r"\bIterator\.from\b|\.(values|keys|entries)\(\)\.(map|filter|take|drop|toArray)\(",
    "regular expressions with v": r"/[^/\n]+/[dgimsuy]*v[dgimsuy]*\b(?!\w)",
    "regular expression modifiers": r"\(\?[ims]+(-[ims]+)?:",
    "RegExp.escape": r"\bRegExp\.escape\b",
    "well-formed strings": r"\.(isWellFormed|toWellFormed)\(",
    "URL.canParse, URL.parse": r"\bURL\.(canParse|parse)\b",
    "AbortSignal.any": r"\bAbortSignal\.any\b",
    "fetch with keepalive": r"\bkeepalive\b",
    "using": r"\b(await\s+)?using\s+\w+\s*=",
    "decorators": r"(?m)^\s*@\w+",
    "import attributes": r"\bwith\s*\{\s*type\b",
    "navigation": r"\bnavigation\.(navigate|addEventListener|currentEntry)\b",
    "view transitions": r"\bstartViewTransition\b",
    "scheduler": r"\bscheduler\.(yield|postTask)\b",
    "popover": r"\b(show|hide|toggle)Popover\b|\.popover\b",
    "setHTML, moveBefore": r"\.(setHTML|setHTMLUnsafe|moveBefore)\(",
    "scrollend": r"scrollend",
    "random UUID: secure contexts only": r"\brandomUUID\b",
    "clipboard: secure contexts only": r"\bnavigator\.clipboard\b",
    "subtle crypto: secure contexts only": r"\bcrypto\.subtle\b",
    "service worker: secure contexts only": r"\bserviceWorker\b",
}
# What a strict content policy would refuse, or what fetches from elsewhere.
REFUSED = {
    "code from text": r"\beval\(|\bnew Function\b|set(Timeout|Interval)\(\s*[\"'`]",
    "inline style": r"\.style\b|setAttribute\(\s*[\"']style",
    "other hosts": r"https?://",
}


def without_comments(script: str) -> str:
    return re.sub(r"/\*.*?\*/|(?m:(^|\s)//.*$)", " ", script, flags=re.S)


def scripts() -> dict[str, str]:
    return {str(path): without_comments(text_of(path)) for path in files(".js", below="static")}


def test_there_are_scripts_to_look_at() -> None:
    assert len(scripts()) >= 3


@pytest.mark.parametrize("name", [*NEWER, *REFUSED])
def test_no_script_needs_a_newer_browser_or_a_looser_policy(name: str) -> None:
    pattern = (NEWER | REFUSED)[name]
    wrong = [f"{path}: {found[0]}" for path, text in scripts().items() for found in re.finditer(pattern, text)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("arrays by copy", "rows.toSorted()"),
        ("regular expressions with v", "const r = /[a-z]/v;"),
        ("fetch with keepalive", "fetch(a, { keepalive: true })"),
        ("random UUID: secure contexts only", "crypto.randomUUID()"),
        ("code from text", "eval(text)"),
    ],
)
def test_the_search_finds_what_it_looks_for(name: str, code: str) -> None:
    assert re.search((NEWER | REFUSED)[name], code)


def test_every_script_is_strict_and_deferred() -> None:
    assert not [path for path, text in scripts().items() if '"use strict";' not in text]
    tags = [tag for path in files(".html", below="templates") for tag in re.findall(r"<script[^>]*>", text_of(path))]
    assert tags and not [
        tag for tag in tags if not re.fullmatch(r"""<script defer src="{% static 'js/[a-z]+\.js' %}">""", tag)
    ]
