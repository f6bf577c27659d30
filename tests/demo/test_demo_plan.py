"""The demonstration's simulation obeys the form's rules by itself."""

from __future__ import annotations

from collections import Counter

import pytest

from core.periods import FiscalYear, Period
from demo.plan import LOAN_CEILING, PARTS, SCHEME, MonthPlan, Simulation, Standing
from demo.profiles import PROFILES, Profile


def run(profile: Profile, seed: int, years: int = 2) -> tuple[Simulation, list[MonthPlan]]:
    simulation = Simulation.start(profile, seed)
    plans: list[MonthPlan] = []
    for year in range(2023, 2023 + years):
        simulation.yearly_targets(everyone=year == 2023)
        plans += [simulation.month(period) for period in FiscalYear(year).months]
    return simulation, plans


def test_the_district_begins_with_its_published_societies() -> None:
    assert sum(profile.total for profile in PROFILES) == 566
    targets = [Simulation.start(p, 1).yearly_targets(everyone=True) for p in PROFILES]
    assert sum(amount for t in targets for cell, amount in t.items() if cell.startswith("D01.")) == 566


@pytest.mark.parametrize("profile", PROFILES, ids=lambda p: p.office)
def test_the_same_seed_tells_the_same_story(profile: Profile) -> None:
    assert run(profile, 7)[1] == run(profile, 7)[1]
    assert run(profile, 7)[1] != run(profile, 8)[1]


@pytest.mark.parametrize("profile", PROFILES, ids=lambda p: p.office)
def test_plans_obey_the_rules_of_the_form(profile: Profile) -> None:
    simulation, plans = run(profile, 3)
    audited: Counter[tuple[int, int]] = Counter()
    for plan in plans:
        typed = plan.typed
        assert all(amount >= 0 for amount in typed.values())
        assert typed["F03"] + typed["F04"] <= typed["F02"]
        assert 25 * typed["I01"] == typed["I02"] + typed["I03"]
        lent, borrowers = typed[f"J04.{SCHEME}"], typed[f"J05.{SCHEME}"]
        assert (lent > 0) == (borrowers > 0) and lent <= borrowers * LOAN_CEILING
        assert typed["B03"] + typed["B04"] >= 20 * len(plan.registered)
        assert typed["H03"] == sum(1 for change in plan.changes if change.kind == "cancelled")
        for audit in plan.audits:
            audited[plan.period.fiscal_year.start, audit.number] += 1
    assert set(audited.values()) == {1}
    assert simulation.men > 0 and simulation.women > 0
    assert simulation.stock("", Standing.LIQUIDATION) >= 0


def test_statements_never_exceed_the_target() -> None:
    simulation = Simulation.start(PROFILES[0], 5)
    targets = simulation.yearly_targets(everyone=True)
    plans = list(simulation.months(Period.month(2023, 7), Period.month(2024, 6)))
    for part in PARTS:
        assert sum(plan.typed[f"D02.{part}"] for plan in plans) <= targets[f"D01.{part}"]
