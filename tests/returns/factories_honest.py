"""Returns of 58 upazilas as honest officers make them, in memory, and errors planted into them by a seed.

The demonstration's simulation tells each upazila's months; what its registers would say is worked out here. On top come
oddities of true life, so that the checks are not measured on smooth figures alone: drives, leaps, quiet months, whole
months typed over the registers with a reason.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from random import Random

from audits.rules import Rates, assess
from core.numbers import Unit
from core.periods import FiscalYear, Period
from demo.plan import PARTS, SCHEME, MonthPlan, Simulation, Standing
from demo.profiles import PROFILES, Profile
from returns.catalogue import Catalogue
from returns.checks.dossier import MONTHS, Dossier, MovedOpening, Override, Peer
from returns.choices import LineKind
from returns.reading import read_catalogue
from returns.rules import Context, compute
from returns.services.forms import FORM_FILE

#: Upazilas of Rangpur division.
OFFICES = 58
FIRST = Period.month(2023, 7)
RATES = Rates(fee_rate=1_000, fee_cap=1_000_000, fund_rate=300)
REASONS = (
    "নিবন্ধন সনদ মাসের শেষ দিনে দেওয়া হয়েছে, রেজিস্টারে এখনো ওঠেনি।",
    "দুটি চালান ব্যাংক থেকে দেরিতে এসেছে, পরের মাসে রেজিস্টারে উঠবে।",
    "কাগজের রেজিস্টার অনুযায়ী, সমিতির আবেদন যাচাই শেষ হয়েছে।",
)
Figures = dict[str, int]


@cache
def catalogue() -> Catalogue:
    return read_catalogue(tomllib.loads(FORM_FILE.read_text(encoding="utf-8")))


@dataclass
class Upazila:
    """One upazila under way: its simulation, and what has been computed so far."""

    simulation: Simulation
    months: list[dict[str, int | None]]
    registers: Figures
    context: Context


def profile_of(number: int, rng: Random) -> Profile:
    """An upazila like one of the demonstration's, half to twice and a half its size."""
    like, scale = PROFILES[number % len(PROFILES)], rng.uniform(0.5, 2.5)

    def of(amount: int) -> int:
        return max(round(amount * scale), 1)

    return replace(
        like,
        office=f"upazila-{number}",
        societies={part: of(count) for part, count in like.societies.items()},
        men=of(like.men),
        women=of(like.women),
        share=of(like.share) // 100_000 * 100_000,
        savings=of(like.savings) // 100_000 * 100_000,
        reserve=of(like.reserve) // 100_000 * 100_000,
        borrowed=of(like.borrowed) // 100_000 * 100_000,
        loan_outstanding=of(like.loan_outstanding),
        loan_recovered=of(like.loan_recovered),
    )


def registers_of(simulation: Simulation, plan: MonthPlan) -> Figures:
    """What the registers would propose for a month."""
    figures: Figures = {}
    of_part = {society.number: society.part for society in simulation.societies}
    new = Counter(society.part for society in plan.registered)
    kinds = Counter((change.kind, of_part[change.number]) for change in plan.changes)
    audited = Counter(of_part[audit.number] for audit in plan.audits)
    for part in PARTS:
        figures |= {
            f"A02.{part}": new[part],
            f"A04.{part}": kinds["cancelled", part],
            f"A08.{part}": simulation.stock(part, Standing.FUNCTIONAL),
            f"A09.{part}": simulation.stock(part, Standing.NON_FUNCTIONAL),
            f"A10.{part}": simulation.stock(part, Standing.LIQUIDATION),
            f"A11.{part}": kinds["reactivated", part],
            f"D04.{part}": audited[part],
        }
    charges = [(audit, assess(audit.profit, RATES)) for audit in plan.audits]
    paid = [charge for audit, charge in charges if audit.paid_after is not None]
    return figures | {
        "E02": sum(charge.fee for _audit, charge in charges),
        "E03": sum(charge.fee for charge in paid),
        "E08": sum(charge.fund for _audit, charge in charges),
        "E09": sum(charge.fund for charge in paid),
    }


def entered_of(plan: MonthPlan, registers: Figures) -> Figures:
    """What the officer of an honest return enters: the registers' figures, the plan's, zero for the rest."""
    zeros = dict.fromkeys((cell.key for cell in catalogue().entered_cells("upazila")), 0)
    taxes = {"E05": registers["E02"] * 15 // 100, "E06": registers["E03"] * 15 // 100}
    return zeros | registers | plan.typed | taxes


def live(profile: Profile, seed: int, last: Period) -> Upazila:
    """An upazila from July 2023 to a month."""
    simulation = Simulation.start(profile, seed)
    upazila = Upazila(simulation, [simulation.closing()], {}, Context(6))  # type: ignore[list-item]
    before: dict[str, int] = {}
    targets: Figures = {}
    for period in FIRST.until(last):
        if period.begins_year:
            before = {}
            targets = simulation.yearly_targets(everyone=period.fiscal_year == FiscalYear(2023))
        plan = simulation.month(period)
        upazila.registers = registers_of(simulation, plan)
        upazila.context = Context(period.first.month, upazila.months[-1], dict(before), {}, targets)
        cells = compute(catalogue(), entered_of(plan, upazila.registers), upazila.context)
        for cell in catalogue().cells:
            if cell.line.kind is LineKind.FLOW:
                before[cell.key] = before.get(cell.key, 0) + (cells[cell.key] or 0)
        upazila.months.append(cells)
    return upazila


def dossier_of(upazila: Upazila) -> Dossier:
    """The newest month as the checks see it, without peers."""
    now = upazila.months[-1]
    return Dossier(
        catalogue=catalogue(),
        kind="upazila",
        amounts=now,
        history=tuple(upazila.months[1:-1][-MONTHS:]),
        before=upazila.context.before,
        targets=upazila.context.targets,
        registers=upazila.registers,
        size=now["A07"] or 0,
    )


def division(seed: int, last: Period) -> list[Dossier]:
    """58 honest returns of a month, oddities of true life among them, each with the others as its peers."""
    rng = Random(f"division:{seed}")  # noqa: S311
    upazilas = [live(profile_of(number, rng), seed, last) for number in range(OFFICES)]
    return with_peers([odd(dossier_of(upazila), upazila.context, rng) for upazila in upazilas])


def with_peers(dossiers: list[Dossier]) -> list[Dossier]:
    peers = [Peer(dossier.size, dossier.amounts) for dossier in dossiers]
    return [replace(d, peers=tuple(p for m, p in enumerate(peers) if m != n)) for n, d in enumerate(dossiers)]


def entered(dossier: Dossier) -> Figures:
    """The figures that the office entered."""
    return {cell.key: dossier.amounts[cell.key] or 0 for cell in catalogue().entered_cells("upazila")}


def again(dossier: Dossier, changes: Mapping[str, int]) -> Dossier:
    """The return with some figures entered otherwise, everything computed from them computed anew."""
    openings = dossier.history[-1] if dossier.history else {}
    context = Context(1, openings, dossier.before, {}, dossier.targets)
    amounts = compute(catalogue(), entered(dossier) | dict(changes), context)
    return replace(dossier, amounts=amounts)


def odd(dossier: Dossier, context: Context, rng: Random) -> Dossier:
    """What also happens in honest months, each in some offices: a members' drive, a leap of a stock, a quiet month
    without loans, training where there was none, figures typed over the registers with a reason, a late campaign."""
    changes: Figures = {}
    now = entered(dossier)
    if rng.random() < 0.10:
        changes |= {cell: now[cell] * rng.randint(2, 3) for cell in ("B03", "B04")}
    if rng.random() < 0.15:
        cell = rng.choice(("C04", "C08", "C09", "C10"))
        changes[cell] = now[cell] * rng.randint(93, 108) // 100 // 100_000 * 100_000
    if rng.random() < 0.15:
        changes |= {f"{line}.{SCHEME}": 0 for line in ("J04", "J05", "J07", "J09")}
    if rng.random() < 0.15:
        women = rng.randint(20, 30)
        changes |= {"I04": 2, "I05": 50 - women, "I06": women}
    if rng.random() < 0.10:
        changes |= {"G02": rng.randint(4, 6), "G10": 1, "F02": rng.randint(5, 8)}
    dossier = again(dossier, changes)
    return (
        over(dossier, rng.choice(("A02.GP", "E03", "E09", "D04.GP")), 1, rng.choice(REASONS))
        if (rng.random() < 0.15)
        else dossier
    )


def over(dossier: Dossier, cell: str, more: int, reason: str) -> Dossier:
    """A figure typed over the registers' one."""
    unit = 100 * 500 if catalogue().cells_by_key[cell].line.unit is Unit.TAKA else 1
    amount = dossier.registers[cell] + more * unit  # type: ignore[operator]
    told = Override(cell, amount, amount - more * unit, reason)
    return replace(again(dossier, {cell: amount}), overrides=(told,))


def lakh(dossier: Dossier, rng: Random) -> Dossier:
    """Taka typed into a field of lakh, or lakh into one of taka."""
    now = entered(dossier)
    if rng.random() < 0.7:
        cell = rng.choice(("C04", "C08", "C09", "C10"))
        return again(dossier, {cell: now[cell] * 100_000})
    return again(dossier, {f"J10.{SCHEME}": now[f"J10.{SCHEME}"] // 100_000})


def swapped(dossier: Dossier, rng: Random) -> Dossier:
    """Two neighbouring digits of a stock, or of a figure that the registers know, in the wrong order; by a twentieth
    of the figure at least."""
    cells = ["C04", "C08", "C09", "C10", "A08.GP", "A08.BP", "E02", "E08", f"J10.{SCHEME}"]
    rng.shuffle(cells)
    for cell in cells:
        amount = entered(dossier)[cell]
        grain = {Unit.LAKH: 100_000, Unit.TAKA: 100}.get(catalogue().cells_by_key[cell].line.unit, 1)
        digits = str(amount // grain)
        for n in rng.sample(range(len(digits) - 1), len(digits) - 1):
            wrong = int(digits[:n] + digits[n + 1] + digits[n] + digits[n + 2 :]) * grain
            keeps_its_length = len(str(wrong // grain)) == len(digits)
            if keeps_its_length and 20 * abs(wrong - amount) >= amount:  # less than that it moves by itself
                return _typed(dossier, cell, wrong, rng)
    raise AssertionError("nothing to swap")


def repeated(dossier: Dossier, rng: Random) -> Dossier:
    """A digit typed twice."""
    cells = ["C04", "C08", "C09", "C10", "B03", "B04", f"J07.{SCHEME}", f"J10.{SCHEME}", "A08.GP", "E02"]
    rng.shuffle(cells)
    cell = next(cell for cell in cells if entered(dossier)[cell])
    amount = entered(dossier)[cell]
    grain = {Unit.LAKH: 100_000, Unit.TAKA: 100}.get(catalogue().cells_by_key[cell].line.unit, 1)
    digits = str(amount // grain)
    n = rng.randrange(len(digits))
    return _typed(dossier, cell, int(digits[: n + 1] + digits[n:]) * grain, rng)


def _typed(dossier: Dossier, cell: str, amount: int, rng: Random) -> Dossier:
    """A wrong figure; over the registers it carries a reason, as the portal demands."""
    told = dossier.overrides
    if cell in dossier.registers:
        told = (Override(cell, amount, dossier.registers[cell] or 0, rng.choice(REASONS)),)
    return replace(again(dossier, {cell: amount}), overrides=told)


def copied(dossier: Dossier, rng: Random) -> Dossier:
    """The typed flows of the month before, handed in again."""
    last = dossier.history[-1]
    cells = [c.key for c in catalogue().entered_cells("upazila") if c.line.kind is LineKind.FLOW]
    return again(dossier, {cell: last[cell] or 0 for cell in cells if cell not in dossier.registers})


def grown(dossier: Dossier, rng: Random) -> Dossier:
    """A stock half as much again or more, or a flow many times its usual."""
    now = entered(dossier)
    if rng.random() < 0.5:
        cell = rng.choice(("C04", "C08", "C09", "C10", f"J10.{SCHEME}"))
        return again(dossier, {cell: now[cell] * rng.randint(150, 400) // 100 // 100_000 * 100_000})
    cell = rng.choice(("B03", "B04", "I10", f"J07.{SCHEME}"))
    return again(dossier, {cell: (now[cell] or 10) * rng.randint(12, 30)})


def overridden(dossier: Dossier, rng: Random) -> Dossier:
    """A figure typed over the registers with nothing that explains it."""
    return over(
        dossier, rng.choice(("A02.GP", "D04.GP", "E03", "E09")), rng.randint(2, 9), rng.choice(("", "ঠিক আছে", "-"))
    )


def stale(dossier: Dossier, rng: Random) -> Dossier:
    """An opening that was changed, or unverified, since."""
    if rng.random() < 0.5:
        return replace(dossier, opening_is_verified=False)
    closing = dossier.history[-1]["B07"] or 0
    return replace(dossier, moved=(MovedOpening("B01", closing, closing + rng.randint(1, 40)),))


KINDS: tuple[Callable[[Dossier, Random], Dossier], ...] = (lakh, swapped, repeated, copied, grown, overridden, stale)


def plant(dossiers: list[Dossier], seed: int, count: int = 10) -> tuple[list[Dossier], dict[int, str]]:
    """The same returns with errors in ``count`` of them: every kind once, then kinds by chance; and where they are."""
    rng = Random(f"errors:{seed}")  # noqa: S311
    kinds = [*KINDS, *rng.choices(KINDS, k=count - len(KINDS))]
    where = dict(zip(rng.sample(range(len(dossiers)), count), kinds, strict=True))
    planted = [where[n](dossier, rng) if n in where else dossier for n, dossier in enumerate(dossiers)]
    return with_peers(planted), {n: kind.__name__ for n, kind in where.items()}
