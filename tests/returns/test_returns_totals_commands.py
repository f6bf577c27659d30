"""The commands that show and check totals keep their contract."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from core.errors import UserError
from documents import registry
from documents.files import store_file
from documents.registry import Kind
from jobs.models import Job
from returns.choices import ReturnState
from returns.closing import PAPER_OF_LEAF, PAPER_OF_MONTH
from returns.models import Form, Total, TotalValue, Value
from returns.rollup import compute_total
from tests.factories import Tree, make_head, make_tree
from tests.returns.factories_amendments import approved, three_months
from tests.returns.factories_rollup import AT, JUNE, make_baseline, make_form, make_return

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


def test_closing_adds_up_prints_and_names_who_is_missing(
    tree: Tree, form: Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = make_head(tree.department)
    for office in (tree.upazila, tree.sibling):
        make_baseline(office, JUNE.previous(), form=form, by=by)
    make_return(tree.upazila, JUNE, {"D04": 4}, form=form)
    asked: list[tuple[str, str]] = []

    def builder(kind: str) -> Any:
        def build(*, office: str, period: str) -> Any:
            asked.append((kind, office))
            raise UserError(f"no printer for {office}")

        return build

    known = {kind: Kind(kind, builder(kind), kind) for kind in (PAPER_OF_LEAF, PAPER_OF_MONTH)}
    monkeypatch.setattr(registry, "_KINDS", known)
    out = StringIO()
    with pytest.raises(CommandError, match="4 of the totals and papers"):
        call_command("close_period", "bd", "2024-06", "--json", stdout=out)
    found = json.loads(out.getvalue())
    assert asked == [
        (PAPER_OF_LEAF, "hatibandha"),
        (PAPER_OF_MONTH, "lalmonirhat"),
        (PAPER_OF_MONTH, "rangpur-division"),
        (PAPER_OF_MONTH, "bd"),
    ]
    assert found["totals"] == 5
    assert found["completeness"]["missing"] == ["patgram"]
    assert Total.objects.get(office=tree.department).basis_count == 1
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}


def test_integrity_finds_a_figure_that_was_changed_behind_the_portals_back(tree: Tree, form: Form) -> None:
    make_return(tree.upazila, JUNE, {"D04": 4, "J10": 8, "J11": 2}, form=form)
    for office in (tree.district, tree.division, tree.department):
        compute_total(office, JUNE, at=AT)
    assert run("check_integrity") == {
        "totals": {"checked": 3, "stale": [], "wrong": []},
        "versions": {"checked": 1, "wrong": []},
        "files": {"checked": 0, "damaged": []},
        "ok": True,
    }
    TotalValue.objects.filter(total__office=tree.division, cell="D04").update(amount=5)
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("check_integrity", "--json", stdout=out)
    wrong = json.loads(out.getvalue())["totals"]["wrong"]
    assert wrong == [{"office": "rangpur-division", "period": "2024-06", "cells": ["D04"]}]


def test_a_total_that_waits_is_named_stale_not_wrong(tree: Tree, form: Form) -> None:
    compute_total(tree.district, JUNE, at=AT)
    make_return(tree.upazila, JUNE, {"D04": 4}, form=form)
    assert run("check_integrity")["totals"] == {"checked": 1, "stale": ["lalmonirhat 2024-06"], "wrong": []}


def of_august(rets: Any) -> Any:
    """The figures of August's carried version."""
    return Value.objects.filter(version__ret=rets[1], version__number=2)


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        (lambda rets: rets[0].versions.filter(number=2).update(number=5), "numbers"),
        (lambda rets: rets[0].versions.filter(number=1).update(superseded_at=AT), "succession"),
        (lambda rets: of_august(rets).filter(cell="K01").update(amount=99), "opening"),
        (lambda rets: of_august(rets).filter(cell="K02").update(amount=99), "typed"),
    ],
)
def test_integrity_finds_versions_that_do_not_hold_together(damage: Any, fault: str) -> None:
    world, july, august, _september = three_months()
    approved(world, july, K02=12)
    assert run("check_integrity")["versions"] == {"checked": 6, "wrong": []}
    damage((july, august))
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("check_integrity", "--json", stdout=out)
    assert fault in {one["fault"] for one in json.loads(out.getvalue())["versions"]["wrong"]}


def test_a_lost_file_is_named(tree: Tree) -> None:
    stored = store_file(b"paper", media_type="application/pdf", at=AT)
    default_storage.delete(stored.path)
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("check_integrity", "--json", stdout=out)
    assert json.loads(out.getvalue())["files"] == {"checked": 1, "damaged": [stored.sha256]}
