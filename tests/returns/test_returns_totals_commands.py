"""The commands that show and check totals keep their contract."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from returns.choices import ReturnState
from returns.models import Form
from tests.factories import Tree, make_head, make_tree
from tests.returns.factories_rollup import JUNE, make_baseline, make_form, make_return

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree() -> Tree:
    return make_tree()


@pytest.fixture
def form() -> Form:
    return make_form()


def run(*words: str) -> dict[str, Any]:
    out = StringIO()
    call_command(*words, "--json", stdout=out)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def test_show_totals_gives_text_figures_and_completeness(tree: Tree, form: Form) -> None:
    by = make_head(tree.department)
    for office in (tree.upazila, tree.sibling, tree.third):
        make_baseline(office, JUNE.previous(), form=form, by=by)
    make_return(tree.upazila, JUNE, {"D04": 1344, "E02": 123456, "J10": 400, "J11": 100}, form=form)
    make_return(tree.sibling, JUNE, {"D04": 9}, form=form, state=ReturnState.SUBMITTED)
    shown = run("show_totals", "rangpur-division", "2024-06")
    assert set(shown) == {"office", "period", "form", "as_of", "lines", "completeness"}
    lines = shown["lines"]
    assert (lines["D04"], lines["E02"], lines["J12"]) == ("1344", "1234.56", "25.00")
    assert lines["E03"] is None
    assert shown["completeness"] == {"due": 3, "in": 2, "verified": 1, "late": 0, "missing": ["aditmari"]} | {
        "late": shown["completeness"]["late"]
    }


def test_where_nothing_is_verified_every_figure_is_null(tree: Tree, form: Form) -> None:
    shown = run("show_totals", "bd", "2024-06")
    assert set(shown["lines"].values()) == {None}
    assert shown["as_of"] is None


@pytest.mark.parametrize("words", [("nowhere", "2024-06"), ("bd", "june"), ("bd", "2023-24-Q1"), ("bd", "1999-01")])
def test_what_cannot_be_read_is_one_line(tree: Tree, form: Form, words: tuple[str, str]) -> None:
    with pytest.raises(CommandError) as error:
        run("show_totals", *words)
    assert "\n" not in str(error.value)
