"""The figures that an office without registers types for a month of its plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from audits.rules import Rates, assess
from demo.plan import PARTS, MonthPlan, Simulation, Standing
from demo.registers import TIER

#: Every flow whose sum since July a baseline brings along.
CARRIED = (
    *(f"{line}.{part}" for line in ("D02", "D04", "D07") for part in PARTS),
    *("E02", "E03", "E05", "E06", "E08", "E09", "F02", "F03", "F04", "F08", "G02", "G03", "G06"),
    *("A13", "B03", "B04", "B05", "B06", "I01", "I02", "I03", "I04", "I05", "I06", "I07", "I08", "I10", "I11"),
)
Figures = dict[str, int]


@dataclass
class Typist:
    """Turns the months of one upazila into figures, in their order; keeps in mind what will still be paid.

    ``rates`` are those of each tier, at the office's beginning.
    """

    simulation: Simulation
    rates: Mapping[str, Rates]
    owed: list[tuple[date, int, int]] = field(default_factory=list)

    def figures(self, plan: MonthPlan) -> Figures:
        """What the officer types for the month that the simulation has just lived; other flows are zero."""
        return plan.typed | self._societies(plan) | self._money(plan)

    def _societies(self, plan: MonthPlan) -> Figures:
        parts = [society.part for society in self.simulation.societies]
        counted = {
            "A02": Counter(society.part for society in plan.registered),
            "A04": Counter(parts[change.number] for change in plan.changes if change.kind == "cancelled"),
            "A11": Counter(parts[change.number] for change in plan.changes if change.kind == "reactivated"),
            "D04": Counter(parts[audit.number] for audit in plan.audits),
            "A08": self._standing(Standing.FUNCTIONAL),
            "A09": self._standing(Standing.NON_FUNCTIONAL),
            "A10": self._standing(Standing.LIQUIDATION),
        }
        return {f"{line}.{part}": counts[part] for line, counts in counted.items() for part in PARTS}

    def _standing(self, standing: Standing) -> Counter[str]:
        return Counter(society.part for society in self.simulation.societies if society.standing is standing)

    def _money(self, plan: MonthPlan) -> Figures:
        """Fee and fund charged by the month's audits, and what of those and earlier ones was paid."""
        fee = fund = 0
        for audit in plan.audits:
            charge = assess(audit.profit, self.rates[TIER[self.simulation.societies[audit.number].part]])
            fee, fund = fee + charge.fee, fund + charge.fund
            if audit.paid_after is not None:
                day = plan.period.first.replace(day=audit.day) + timedelta(days=audit.paid_after)
                self.owed.append((day, charge.fee, charge.fund))
        paid = [charge for charge in self.owed if charge[0] <= plan.period.last]
        self.owed = [charge for charge in self.owed if charge[0] > plan.period.last]
        fee_paid, fund_paid = sum(charge[1] for charge in paid), sum(charge[2] for charge in paid)
        vat = {"E05": fee * 15 // 100, "E06": fee_paid * 15 // 100}
        return {"E02": fee, "E03": fee_paid, "E08": fund, "E09": fund_paid} | vat


def sums_of(months: Iterable[Figures]) -> Figures:
    """What the flows of several months come to."""
    sums: Counter[str] = Counter(dict.fromkeys(CARRIED, 0))
    for figures in months:
        sums.update({cell: figures.get(cell, 0) for cell in CARRIED})
    return dict(sums)
