"""What a society owes after its audit, exact and with its arithmetic."""

from __future__ import annotations

from dataclasses import dataclass

TAKA = 100
PER_CENT = 10_000


@dataclass(frozen=True)
class Rates:
    """Rates in hundredths of a per cent, the cap of the society's tier in poisha, as of a day."""

    fee_rate: int
    fee_cap: int
    fund_rate: int


@dataclass(frozen=True)
class Assessment:
    """Proposed charges in poisha. ``fee_uncapped`` is the fee before the cap of the tier."""

    net_profit: int
    fee: int
    fund: int
    fee_uncapped: int
    rates: Rates

    @property
    def is_capped(self) -> bool:
        return self.fee < self.fee_uncapped


def whole_taka(amount: int, divisor: int = 1) -> int:
    """``amount / divisor`` poisha rounded half up to whole taka; ``amount`` not negative."""
    step = TAKA * divisor
    return (2 * amount + step) // (2 * step) * TAKA


def assess(net_profit: int, rates: Rates) -> Assessment:
    """Audit fee (Rules, rule 108: a share of the net profit, capped by tier) and fund (Act, section 34).

    A loss or a zero profit owes nothing.
    """
    profit = max(net_profit, 0)
    uncapped = whole_taka(profit * rates.fee_rate, PER_CENT)
    fund = whole_taka(profit * rates.fund_rate, PER_CENT)
    return Assessment(net_profit, min(uncapped, rates.fee_cap), fund, uncapped, rates)
