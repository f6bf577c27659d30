"""Achievements drawn from the year's returns, and the scorecard on them."""

from __future__ import annotations

import json
from fractions import Fraction
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from contracts.achievements import Source, YearCells, drawn
from contracts.feeds import BadFeedError, Feed, Term
from contracts.models import Agreement, ScoreSnapshot
from contracts.scoring import half_up
from contracts.services import write_achievement
from contracts.snapshots import keep_score
from contracts.summaries import scorecard_of
from contracts.tasks import outdated_agreements, request_scores
from core.periods import FiscalYear, Period
from jobs.services import run_waiting_jobs
from returns.models import Form
from tests.contracts.factories_contracts import JULY, make_agreement, make_preparer
from tests.factories import Tree, make_tree
from tests.returns.factories_rollup import AT, make_form, make_return

YEAR = FiscalYear(2023)
MONTHS = YEAR.months


def cells(months: dict[int, dict[str, int]], before: dict[str, int] | None = None) -> YearCells:
    """A year by month number (0 = July)."""
    return YearCells(YEAR, {MONTHS[n]: found for n, found in months.items()}, before or {})


def feed(**parts: list[str]) -> Feed:
    return Feed.from_json(parts)


def test_a_sum_adds_the_year_and_what_came_before_the_portal() -> None:
    year = cells({0: {"I02": 10, "I03": 5}, 1: {"I02": 1, "I03": 2}}, before={"I02": 100})
    found = drawn(feed(value=["I02", "I03"]), year)
    assert found.value == 118
    assert [part.amount for part in found.parts] == [111, 7]
    assert found.source is Source.FEED


def test_a_ratio_is_of_sums_not_a_mean_of_ratios() -> None:
    year = cells({0: {"D07": 1, "D04": 1}, 1: {"D07": 0, "D04": 9}})
    assert drawn(feed(part=["D07"], whole=["D04"]), year).value == 10


def test_an_opening_counts_of_july_and_an_end_of_the_latest_month() -> None:
    year = cells({0: {"E01": 100, "E02": 50, "E03": 30}, 1: {"E01": 120, "E02": 50, "E03": 70}})
    assert drawn(feed(part=["E03"], whole=["E01@jul", "E02"]), year).value == 50
    state = cells({0: {"A09": 9, "A07": 90}, 4: {"A09": 10, "A07": 100}})
    found = drawn(feed(part=["A09@end"], whole=["A07@end"]), state)
    assert found.value == 10
    assert found.as_at == Period.month(2023, 11)
    whole_year = cells({11: {"A09": 1, "A07": 4}})
    assert drawn(feed(part=["A09@end"], whole=["A07@end"]), whole_year).as_at is None


def test_july_and_august_alone_count_where_the_feed_says_so() -> None:
    year = cells({0: {"D02": 3, "D01": 20}, 1: {"D02": 4, "D01": 20}, 2: {"D02": 9, "D01": 20}})
    assert drawn(feed(part=["D02@jul", "D02@aug"], whole=["D01@end"]), year).value == 35


def test_nothing_known_is_nothing_and_nothing_to_divide_by_is_no_case() -> None:
    assert drawn(feed(value=["D04"]), cells({})).value is None
    found = drawn(feed(part=["F03"], whole=["F02"]), cells({0: {"F03": 0, "F02": 0}}))
    assert (found.value, found.why) == (None, "no-case")


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"value": []},
        {"value": ["D04"], "part": ["D04"]},
        {"part": ["D04"]},
        {"value": ["D04@some"]},
        {"value": ["x"]},
    ],
)
def test_a_feed_that_is_not_understood_is_refused(content: dict[str, list[str]]) -> None:
    with pytest.raises(BadFeedError):
        Feed.from_json(content)


def test_a_feed_survives_its_json() -> None:
    content = {"part": ["D02@jul", "D02@aug"], "whole": ["D01@end"]}
    assert Feed.from_json(content).to_json() == content
    assert Term.parse("A07.GP").cell == "A07.GP"


@pytest.fixture
def tree() -> Tree:
    return make_tree()


@pytest.fixture
def agreement(tree: Tree) -> Agreement:
    return make_agreement(tree)


def enter_year(tree: Tree, form: Form, months: int = 12) -> None:
    """Two upazilas of the district report; each audits 25 a month of 300, and 240 thousand taka of fees."""
    for n in range(months):
        for office in (tree.upazila, tree.sibling):
            amounts = {"D01": 300, "D04": 25, "E01": 0 if n else 10_000_00, "E02": 10_000_00, "E03": 9_000_00}
            make_return(office, MONTHS[n], amounts, form=form)


@pytest.mark.django_db
def test_the_score_follows_the_returns_of_the_offices_below(tree: Tree, agreement: Agreement) -> None:
    enter_year(tree, make_form())
    card = scorecard_of(agreement, at=AT)
    audits = card.line("2.1.1")
    assert audits is not None
    assert audits.achieved.value == 600
    assert [audits.score.raw, audits.weighted] == [100, 6]
    fees = card.line("2.1.4")
    assert fees is not None
    collected, due = 24 * 9_000, 24 * 10_000 + 2 * 10_000
    assert fees.achieved.value == Fraction(100 * collected, due)
    assert [fees.achieved.numerator, fees.achieved.denominator] == [collected, due]
    assert fees.score.raw == 60 + (Fraction(100 * collected, due) - 80) / 5 * 10
    assert card.composite == sum(row.weighted for row in card.lines)
    assert card.composite == sum(area.earned for area in card.areas) == sum(block.earned for block in card.blocks)


@pytest.mark.django_db
def test_months_without_returns_are_named_with_their_offices(tree: Tree, agreement: Agreement) -> None:
    form = make_form()
    make_return(tree.upazila, MONTHS[0], {"D01": 300, "D04": 25}, form=form)
    card = scorecard_of(agreement, at=AT)
    audits = card.line("2.1.1")
    assert audits is not None and audits.achieved.value == 25 and audits.score.raw == 0
    assert card.composite == 0
    assert card.level.bn == "সর্বনিম্ন মাত্রার নিচে"


@pytest.mark.django_db
def test_typed_and_stated_achievements_count_and_the_scoreboard_speaks_json(tree: Tree, agreement: Agreement) -> None:
    preparer = make_preparer(tree)
    for code, value in [("1.2.1", "2"), ("2.2.2", "10-08-2023"), ("M.1.1", "96.5")]:
        write_achievement(line=agreement.lines.get(code=code), value=value, reason="আদেশ", by=preparer, at=JULY)
    out = StringIO()
    call_command("score_agreement", "lalmonirhat", "2023-24", "--json", stdout=out)
    found = json.loads(out.getvalue())
    rows = {row["code"]: row for row in found["indicators"]}
    assert (rows["1.2.1"]["raw"], rows["1.2.1"]["weighted"]) == ("80.00", "1.60")
    assert rows["2.2.2"]["raw"] == half_up(80 + Fraction(4 * 10, 7))
    assert rows["2.2.2"]["targets"][0] == "31-07-2023"
    assert (rows["M.1.1"]["raw"], rows["M.1.1"]["weighted"]) == ("96.50", "9.65")
    assert rows["M.1.1"]["how"]["rule"] == "stated"
    assert rows["2.1.1"]["achieved"] is None
    exact = Fraction(80 * 2, 100) + (80 + Fraction(40, 7)) / 100 + Fraction(965, 100)
    assert found["composite"] == half_up(exact)
    assert {b["code"]: b["marks"] for b in found["blocks"]} == {"core": "70", "governance": "30"}
    assert [a["marks"] for a in found["areas"]] == ["15", "35", "20", "30"]
    assert (found["office"], found["fiscal_year"], found["framework"]) == ("lalmonirhat", "2023-24", "apa-2023-24")
    with pytest.raises(CommandError):
        call_command("score_agreement", "lalmonirhat", "2031-32")
    with pytest.raises(CommandError):
        call_command("score_agreement", "lalmonirhat", "whenever")


@pytest.mark.django_db
def test_a_score_is_kept_once_a_change_and_outdated_ones_are_found(tree: Tree, agreement: Agreement) -> None:
    preparer = make_preparer(tree)
    first = keep_score(agreement, at=JULY)
    assert keep_score(agreement, at=JULY) == first
    assert outdated_agreements() == []
    write_achievement(line=agreement.lines.get(code="1.2.1"), value="3", reason="আদেশ", by=preparer, at=JULY)
    assert outdated_agreements() == [agreement]
    assert request_scores() == 1
    run_waiting_jobs()
    assert ScoreSnapshot.objects.filter(agreement=agreement).values_list("printed", flat=True)[0] == "2.00"
    assert outdated_agreements() == []


@pytest.mark.django_db
def test_seven_queries_score_an_agreement_whatever_its_months(
    tree: Tree, agreement: Agreement, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    form = make_form()
    enter_year(tree, form, months=2)
    scorecard_of(agreement, at=AT)
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        scorecard_of(agreement, at=AT)
