"""The scale: published vectors, and what must hold for every scale."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.scoring import (
    Between,
    Blanks,
    Direction,
    Policy,
    Rule,
    ScaleError,
    composite,
    day_number,
    equal_neighbours,
    half_up,
    next_step,
    score,
    stated_score,
)
from contracts.values import parse_day

POLICY = Policy()
AUDIT = "566 509 453 396 340"
MARCH = "11-03-2020 18-03-2020 25-03-2020 01-04-2020 08-04-2020"
WINTER = "31-12-2022 10-01-2023 20-01-2023 31-01-2023 –"


def number(text: str) -> Fraction | None:
    if text == "–":
        return None
    return day_number(parse_day(text)) if text.count("-") == 2 else Fraction(text)


def raw(targets: str, achieved: str, policy: Policy = POLICY) -> str:
    scale = [number(t) for t in targets.split()]
    return half_up(score(scale, number(achieved), policy, is_date=achieved.count("-") == 2).raw)


@pytest.mark.parametrize(
    ("targets", "achieved", "expected"),
    [
        ("30 25 20 10 5", "15", "75.00"),
        ("20 18 16 14 12", "18", "90.00"),
        ("500 450 400 300 250", "600", "100.00"),
        (AUDIT, "340", "60.00"),
        (AUDIT, "339", "0.00"),
        (AUDIT, "551", "97.37"),
        ("30.00 29.95 29.90 29.85 29.80", "29.97", "94.00"),
        ("11.13 11.12 11.11 11.10 11.09", "11.13", "100.00"),
        (MARCH, "09-04-2020", "0.00"),
        (MARCH, "08-04-2020", "60.00"),
        (MARCH, "14-03-2020", "95.71"),
        (MARCH, "01-03-2020", "100.00"),
        (WINTER, "31-01-2023", "70.00"),
        (WINTER, "01-02-2023", "0.00"),
        ("100 90 80 – –", "85", "85.00"),
        ("100 90 80 – –", "79.99", "0.00"),
        ("3 – 2 – 1", "2", "80.00"),
        ("2 – – – 1", "1", "60.00"),
        ("1 – – – –", "1", "100.00"),
        ("1 – – – –", "0", "0.00"),
        ("10 12 14 16 18", "8", "100.00"),
        ("10 12 14 16 18", "13", "85.00"),
        ("10 12 14 16 18", "18.01", "0.00"),
        ("80 70 60 50 –", "80", "100.00"),
        ("5 5 4 3 2", "5", "100.00"),
        ("5 4 4 3 2", "4", "90.00"),
    ],
)
def test_a_published_case_scores_as_published(targets: str, achieved: str, expected: str) -> None:
    assert raw(targets, achieved) == expected


def test_the_composite_of_the_first_example_is_its_published_total() -> None:
    rows = [("30 25 20 10 5", "15", "50"), ("20 18 16 14 12", "18", "30"), ("500 450 400 300 250", "600", "20")]
    scores = [(score([number(t) for t in ts.split()], number(a), POLICY), Fraction(m)) for ts, a, m in rows]
    assert half_up(composite(scores)) == "84.50"


def test_the_composite_is_rounded_once() -> None:
    third = score([Fraction(3), None, None, None, Fraction(0)], Fraction(1), POLICY)
    assert third.raw == Fraction(220, 3)
    assert half_up(composite([(third, Fraction(1))] * 3)) == "2.20"


def test_step_down_gives_the_level_reached() -> None:
    policy = Policy(between=Between.STEP_DOWN)
    assert raw(AUDIT, "565", policy) == "90.00"
    assert score([Fraction(n) for n in (566, 509, 453, 396, 340)], Fraction(565), policy).how.rule is Rule.STEP_DOWN


def test_extrapolation_draws_the_line_to_the_lowest_level_only() -> None:
    policy = Policy(blanks=Blanks.EXTRAPOLATE)
    assert raw("100 90 80 – –", "65", policy) == "65.00"
    assert raw("100 90 80 – –", "60", policy) == "60.00"
    assert raw("100 90 80 – –", "59.9", policy) == "0.00"


def test_the_arithmetic_names_the_neighbouring_targets() -> None:
    how = score([Fraction(n) for n in (566, 509, 453, 396, 340)], Fraction(551), POLICY).how
    assert how.rule is Rule.BETWEEN
    assert how.upper is not None and how.lower is not None
    assert [how.upper.percent, how.upper.target, how.lower.percent, how.lower.target] == [100, 566, 90, 509]


def test_nothing_achieved_earns_nothing_and_says_so() -> None:
    answer = score([Fraction(1), None, None, None, None], None, POLICY)
    assert answer.raw == 0
    assert answer.how.rule is Rule.ABSENT


@pytest.mark.parametrize(
    ("targets", "level"), [("10 9 11 7 6", 2), ("10 12 11 13 14", 2), ("1 2 3 4 0", 1), ("– – – – –", None)]
)
def test_a_broken_scale_names_its_level(targets: str, level: int | None) -> None:
    with pytest.raises(ScaleError) as caught:
        score([number(t) for t in targets.split()], Fraction(1), POLICY)
    assert caught.value.level == level


def test_equal_neighbours_are_found_across_blanks() -> None:
    assert equal_neighbours([number(t) for t in ["5", "–", "5", "3", "3"]]) == [2, 4]


def test_a_stated_direction_rules_a_single_target() -> None:
    single = [Fraction(5), None, None, None, None]
    assert score(single, Fraction(4), POLICY).raw == 0
    assert score(single, Fraction(4), POLICY, direction=Direction.DOWN).raw == 100


def test_a_stated_per_cent_is_kept_within_bounds() -> None:
    assert stated_score(Fraction(97)).raw == 97
    assert stated_score(Fraction(120)).raw == 100
    assert stated_score(None).how.rule is Rule.ABSENT


def test_the_next_step_is_the_nearest_better_level_and_its_gain() -> None:
    scale = [Fraction(n) for n in (566, 509, 453, 396, 340)]
    step = next_step(scale, Fraction(551), POLICY)
    assert step is not None
    assert [step.percent, step.distance, step.gain] == [100, 15, 100 - (90 + Fraction(420, 57))]
    step = next_step(scale, Fraction(100), POLICY)
    assert step is not None and [step.percent, step.distance, step.gain] == [60, 240, 60]
    assert next_step(scale, Fraction(566), POLICY) is None


def test_rounding_is_half_up_and_knows_no_negative_zero() -> None:
    assert [half_up(Fraction(n, 1000)) for n in (5, 15, 994, 995, -5, -4, 97375)] == [
        "0.01",
        "0.02",
        "0.99",
        "1.00",
        "-0.01",
        "0.00",
        "97.38",
    ]


numbers = st.fractions(min_value=0, max_value=1000, max_denominator=100)


@st.composite
def scales(draw: st.DrawFn) -> list[Fraction | None]:
    """Five targets, best first, more is better, blanks and equal neighbours among them, T100 always given."""
    count = draw(st.integers(1, 5))
    values = sorted(draw(st.lists(numbers, min_size=count, max_size=count)), reverse=True)
    places = sorted({0, *draw(st.permutations(range(1, 5)))[: count - 1]})
    scale: list[Fraction | None] = [None] * 5
    for place, value in zip(places, values, strict=True):
        scale[place] = value
    return scale


policies = st.builds(Policy, between=st.sampled_from(Between), blanks=st.sampled_from(Blanks))


@given(scales(), numbers, numbers, policies)
def test_better_never_scores_less(scale: list[Fraction | None], one: Fraction, two: Fraction, policy: Policy) -> None:
    worse, better = sorted((one, two))
    assert score(scale, worse, policy, direction=Direction.UP).raw <= (
        score(scale, better, policy, direction=Direction.UP).raw
    )


@given(scales(), numbers, policies)
def test_a_raw_score_stays_within_bounds(scale: list[Fraction | None], achieved: Fraction, policy: Policy) -> None:
    assert 0 <= score(scale, achieved, policy).raw <= 100


@given(scales(), policies)
def test_a_target_reached_scores_its_level_or_a_better_equal_one(scale: list[Fraction | None], policy: Policy) -> None:
    for percent, target in zip(policy.levels, scale, strict=True):
        if target is not None:
            best = next(p for p, t in zip(policy.levels, scale, strict=True) if t == target)
            assert best >= percent
            assert score(scale, target, policy).raw == best


@given(scales(), numbers, policies)
def test_mirrored_scales_score_alike(scale: list[Fraction | None], achieved: Fraction, policy: Policy) -> None:
    mirrored = [None if t is None else 2000 - t for t in scale]
    up = score(scale, achieved, policy, direction=Direction.UP)
    down = score(mirrored, 2000 - achieved, policy, direction=Direction.DOWN)
    assert (up.raw, up.how.rule) == (down.raw, down.how.rule)


@given(scales(), numbers)
def test_taking_the_next_step_gains_what_it_promised(scale: list[Fraction | None], achieved: Fraction) -> None:
    step = next_step(scale, achieved, POLICY, direction=Direction.UP)
    if step is not None:
        now = score(scale, achieved, POLICY, direction=Direction.UP).raw
        there = score(scale, achieved + step.distance, POLICY, direction=Direction.UP).raw
        assert there == now + step.gain
