"""The checks behind verifying by exception: what each sees, what it lets be, and the useful measure of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.numbers import Unit
from core.periods import Period
from returns.checks import CHECKS, Looked, copied, digits, growth, lakh, look_at, opening, override
from returns.checks.dossier import MONTHS, Amounts, Dossier, Doubt, MovedOpening, Override, Peer
from returns.checks.usual import median, spread
from returns.choices import LineKind
from tests.returns.factories_honest import catalogue, division, plant

ENTERED = catalogue().entered_cells("upazila")
LAKHS = [cell.key for cell in ENTERED if cell.line.unit is Unit.LAKH]
FLOWS = [cell.key for cell in ENTERED if cell.line.kind is LineKind.FLOW]
GRAIN = 100_000

amounts = st.none() | st.integers(0, 10**15) | st.integers(0, 30)
months = st.dictionaries(st.sampled_from([cell.key for cell in catalogue().cells]), amounts, max_size=12)
positive = st.integers(1, 5_000)


def dossier(now: Amounts, past: Sequence[Amounts] = (), **more: Any) -> Dossier:
    return Dossier(catalogue(), "upazila", now, tuple(past), **more)


def found(check: str, looked: Looked) -> list[str]:
    return [doubt.cell for doubt in looked.doubts if doubt.check == check]


@st.composite
def dossiers(draw: st.DrawFn) -> Dossier:
    """Anything: blanks, zeros, giant figures, gaps in a short history, peers without size."""
    now = draw(months)
    registers = draw(months)
    known = [(key, had) for key, amount in now.items() if amount is not None and (had := registers.get(key))]
    return Dossier(
        catalogue(),
        "upazila",
        now,
        tuple(draw(st.lists(months, max_size=MONTHS))),
        before=draw(months),
        targets=draw(months),
        registers=registers,
        overrides=tuple(Override(key, now[key] or 0, had, draw(st.text(max_size=40))) for key, had in known),
        peers=tuple(Peer(draw(st.integers(0, 300)), draw(months)) for _ in range(draw(st.integers(0, 6)))),
        size=draw(st.integers(0, 300)),
        opening_is_verified=draw(st.booleans()),
    )


@settings(max_examples=50)
@given(dossiers())
def test_no_return_is_too_strange_to_look_at(strange: Dossier) -> None:
    looked = look_at(strange)
    assert all(1 <= doubt.strength <= 100 and doubt.bn and doubt.en for doubt in looked.doubts)
    assert all(doubt.cell in catalogue().cells_by_key for doubt in looked.doubts)
    raised = {doubt.check for doubt in looked.doubts}
    assert sorted([*looked.clean, *looked.blind, *raised]) == sorted(check.code for check in CHECKS)
    assert 0 <= looked.rank <= 1_099 and (looked.rank > 0) is not looked.is_clean


@settings(max_examples=50)
@given(dossiers(), st.randoms())
def test_the_order_of_the_peers_and_figures_nobody_typed_change_nothing(strange: Dossier, rng: Random) -> None:
    shuffled = list(strange.peers)
    rng.shuffle(shuffled)
    computed = {key: amount for key, amount in strange.amounts.items() if key in {cell.key for cell in ENTERED}}
    assert look_at(replace(strange, peers=tuple(shuffled), amounts=computed)) == look_at(strange)


@settings(max_examples=50)
@given(dossiers())
def test_figures_as_the_registers_have_them_are_no_slips_of_the_hand(strange: Dossier) -> None:
    agreed = replace(strange, registers=strange.amounts, overrides=())
    assert {doubt.check for doubt in look_at(agreed).doubts} <= {opening.CODE}


def test_of_an_empty_return_only_the_opening_is_said() -> None:
    assert look_at(dossier({})).is_clean
    assert found("opening", look_at(dossier({}, opening_is_verified=False)))


@given(st.sampled_from(LAKHS), positive)
def test_taka_in_a_field_of_lakh_are_seen_by_the_past_by_the_peers_and_by_nothing_else(cell: str, amount: int) -> None:
    typed = amount * GRAIN
    past = [{cell: typed}]
    assert found("lakh", look_at(dossier({cell: typed * 100_000}, past)))
    assert found("lakh", look_at(dossier({cell: max(typed // 100_000, 1)}, past)))
    assert not found("lakh", look_at(dossier({cell: typed * 10}, past)))
    peers = tuple(Peer(100, {cell: typed}) for _ in range(3))
    assert found("lakh", look_at(dossier({cell: 2 * typed * 100_000}, peers=peers, size=200)))
    assert "lakh" in look_at(dossier({cell: typed * 100_000})).blind


@given(st.integers(0, 10**12))
def test_a_swap_undoes_itself_and_a_repeat_is_one_digit_shorter(number: int) -> None:
    assert all(number in digits.swaps(other) for other in digits.swaps(number) if other != number)
    assert all(len(str(other)) == len(str(number)) for other in digits.swaps(number))
    for other in digits.without_repeats(number):
        assert len(str(other)) == len(str(number)) - 1 and str(other)


@given(st.sampled_from([5_510, 91_850, 12_345]), st.integers(0, 2))
def test_digits_are_doubted_where_another_order_fits(true: int, slip: int) -> None:
    wrong = list(digits.swaps(true))[slip % len(list(digits.swaps(true)))]
    past = [{"C08": true * GRAIN}] * 4
    is_far = 50 * abs(wrong - true) > true
    doubts = found("swapped", look_at(dossier({"C08": wrong * GRAIN}, past)))
    assert doubts == ["C08"] if is_far else not doubts
    assert found("swapped", look_at(dossier({"D04.GP": wrong}, registers={"D04.GP": true}))) == ["D04.GP"]
    assert not found("swapped", look_at(dossier({"C08": true * GRAIN}, past)))


def test_551_for_515_against_registers_past_and_target() -> None:
    by_registers = look_at(dossier({"D04.GP": 551}, registers={"D04.GP": 515}))
    assert "৫১৫" in by_registers.doubts[0].bn and "551" in by_registers.doubts[0].en
    assert found("swapped", look_at(dossier({"F05": 551}, [{"F05": 515}] * 5)))
    within_year: dict[str, Any] = {"before": {"D02.GP": 1_000}, "targets": {"D01.GP": 1_530, "D02.GP": 1_530}}
    assert found("swapped", look_at(dossier({"D02.GP": 551}, **within_year)))
    assert not found("swapped", look_at(dossier({"D02.GP": 515}, **within_year)))


@given(st.sampled_from(["C04", "C08", "J10.ASHRAYAN"]), st.integers(10, 9_999), st.integers(0, 3))
def test_a_digit_typed_twice_is_seen(cell: str, true: int, place: int) -> None:
    text = str(true)
    wrong = int(text[: place % len(text) + 1] + text[place % len(text) :])
    past = [{cell: true * GRAIN}] * 4
    assert found("repeated", look_at(dossier({cell: wrong * GRAIN}, past))) == [cell]
    assert not found("repeated", look_at(dossier({cell: true * GRAIN}, past)))


@given(st.dictionaries(st.sampled_from(FLOWS), st.integers(5_000, 10**6), min_size=4))
def test_a_copied_month_is_seen_and_a_month_like_it_is_not(flows: dict[str, int]) -> None:
    now = {**flows}
    assert found("copied", look_at(dossier(now, [now])))
    assert not found("copied", look_at(dossier({key: amount + 1 for key, amount in flows.items()}, [now])))
    assert not found("copied", look_at(dossier(now, [now], registers=now))), "the registers' figures are not copied"
    assert "copied" in look_at(dossier(now)).blind
    quiet = dict.fromkeys(flows, 2)
    assert not found("copied", look_at(dossier(quiet, [quiet]))), "ones and twos are the same by chance"


@given(st.lists(st.integers(20, 90), min_size=3, max_size=MONTHS), st.integers(0, 10**6), st.integers(1, 10**6))
def test_growth_is_doubted_the_more_the_greater_it_is(year: list[int], amount: int, more: int) -> None:
    past = [{"B03": had} for had in year]

    def strength(now: int) -> int:
        return max((d.strength for d in growth.ask_own(dossier({"B03": now}, past)) or ()), default=0)

    assert strength(amount) <= strength(amount + more)
    assert strength(max(year)) == 0 and strength(0) == 0
    assert strength(100 * max(year)) >= 50


@given(st.lists(st.integers(20, 90), min_size=3, max_size=MONTHS - 1), st.randoms())
def test_the_order_of_the_months_is_nothing_to_a_flow(year: list[int], rng: Random) -> None:
    past = [{"B03": had} for had in year]
    shuffled = list(past)
    rng.shuffle(shuffled)
    assert look_at(dossier({"B03": 400}, past)).rank == look_at(dossier({"B03": 400}, shuffled)).rank


def test_a_season_is_no_growth() -> None:
    quiet = [{"D02.GP": 3}] * (MONTHS - 1)
    season = [{"D02.GP": 33}, *quiet]
    assert found("growth", look_at(dossier({"D02.GP": 40}, quiet)))
    assert not found("growth", look_at(dossier({"D02.GP": 40}, season)))
    assert "growth" in look_at(dossier({"D02.GP": 40}, quiet[:2])).blind


@given(st.integers(21, 10**6), st.integers(1, 10**6))
def test_peers_are_compared_by_size(amount: int, more: int) -> None:
    peers = tuple(Peer(size, {"B03": size // 10}) for size in (50, 100, 150, 200))

    def strength(now: int, size: int) -> int:
        return max(
            (d.strength for d in growth.ask_peers(dossier({"B03": now}, peers=peers, size=size)) or ()), default=0
        )

    assert strength(amount, 100) <= strength(amount + more, 100)
    assert strength(amount, 10 * amount) == 0, "a large office has large figures"
    assert strength(51, 100) >= 50 and strength(50, 100) == 0
    own = [{"B03": 60}] * 4
    assert not found("peers", look_at(dossier({"B03": 61}, own, peers=peers, size=100))), "this office always has that"
    assert "peers" in look_at(dossier({"B03": amount}, peers=peers[:3], size=100)).blind


@pytest.mark.parametrize("reason", ["", "  ", "ok", "ঠিক আছে", "—", "12345 67890 12345", "mistake"])
def test_a_reason_that_explains_nothing_is_none(reason: str) -> None:
    told = (Override("D04.GP", 9, 5, reason),)
    assert found("override", look_at(dossier({"D04.GP": 9}, registers={"D04.GP": 5}, overrides=told))) == ["D04.GP"]


def test_a_reason_is_taken_once_not_for_everything() -> None:
    why = "নিবন্ধন সনদ মাসের শেষ দিনে দেওয়া হয়েছে।"
    told = tuple(Override(f"D04.{part}", 9, 5, why) for part in ("GP", "BP", "GC"))
    assert not override.ask(dossier({}, overrides=told[:2]))
    assert len(list(override.ask(dossier({}, overrides=told)) or ())) == 3


def test_a_moved_opening_names_both_figures() -> None:
    (doubt,) = opening.ask(dossier({}, moved=(MovedOpening("B01", 120, 132),))) or ()
    assert doubt.cell == "B01" and "১২০" in doubt.bn and "১৩২" in doubt.bn and doubt.strength == opening.CHANGED


@given(st.lists(st.integers(-(10**12), 10**12), max_size=13), st.integers(-(10**6), 10**6))
def test_medians_move_with_their_figures(values: list[int], shift: int) -> None:
    moved = [value + shift for value in values]
    assert median(moved) == median(values) + (shift if values else 0)
    assert spread(moved) == spread(values) >= 0


@given(st.lists(st.tuples(st.sampled_from(["B03", "B04", "C04"]), st.integers(1, 100)), min_size=1, max_size=8))
def test_the_rank_follows_the_strongest_doubt(held: list[tuple[str, int]]) -> None:
    doubts = tuple(Doubt("growth", cell, strength, "…", "…") for cell, strength in held)
    rank = Looked(doubts, (), ()).rank
    strongest = max(strength for _cell, strength in held)
    assert 10 * strongest <= rank <= 10 * strongest + 99
    assert Looked((*doubts, Doubt("lakh", "K02", 1, "…", "…")), (), ()).rank >= rank


def test_every_check_is_documented(project_root: Path) -> None:
    page = (project_root / "docs" / "checks.md").read_text(encoding="utf-8")
    for check in CHECKS:
        assert check.ask.__doc__ and "doubted" in check.ask.__doc__, check.code
        assert f"`{check.code}`" in page, check.code
    assert {lakh.CODE, copied.CODE} <= {check.code for check in CHECKS}


FEW = (0, 1, 12)


@pytest.mark.parametrize(
    "seed", [pytest.param(seed, marks=() if seed in FEW else pytest.mark.full) for seed in range(20)]
)
def test_planted_errors_stand_at_the_head_of_the_queue(seed: int) -> None:
    """The useful measure: of ten errors among 58 returns nine stand among the first fifteen, with six false alarms."""
    honest = division(seed, Period.month(2024, 7).shift(seed % 12))
    returns, errors = plant(honest, seed)
    looked = [look_at(one) for one in returns]
    queue = sorted(range(len(returns)), key=lambda n: -looked[n].rank)
    missed = [errors[n] for n in errors if n not in queue[:15]]
    alarms = [looked[n].doubts for n in queue if n not in errors and not looked[n].is_clean]
    assert len(missed) <= 1, missed
    assert len(alarms) <= 6, alarms
