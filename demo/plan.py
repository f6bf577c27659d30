"""What happens in an upazila month by month: a seeded, pure simulation that obeys the form's rules.

It says which societies are registered, change their state and are audited, and which figures the officer types. The
registers' own figures are not here: they come back from the rows that the portal makes of this plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random

from core.periods import Period
from demo.profiles import TAKA, Profile

PARTS = ("GP", "GC", "BP", "BC")
SCHEME = "ASHRAYAN"
LOAN_CEILING = 15_000 * TAKA
#: Share of the year's audits planned for each month, July first; officers finish most in the second half.
AUDIT_PACE = (2, 4, 7, 8, 9, 10, 10, 11, 11, 11, 10, 7)
#: Share of the year's audit target that is reached; the first year comes close to all.
AUDIT_REACH = 0.975


class Standing(StrEnum):
    FUNCTIONAL = "functional"
    NON_FUNCTIONAL = "non_functional"
    LIQUIDATION = "under_liquidation"
    CANCELLED = "cancelled"


@dataclass
class PlannedSociety:
    """A society by its number in the upazila's list."""

    number: int
    part: str
    standing: Standing


@dataclass(frozen=True)
class Change:
    """A society's state changes on a day of the month: ``kind`` is a status event of the register."""

    number: int
    kind: str
    day: int


@dataclass(frozen=True)
class PlannedAudit:
    """An audit finished on a day; ``profit`` in poisha (a loss below 0); paid ``paid_after`` days later, or never."""

    number: int
    day: int
    profit: int
    paid_after: int | None


@dataclass(frozen=True)
class MonthPlan:
    """One month of one upazila. ``typed`` holds the cells the officer fills by hand; all other blank flows are zero."""

    period: Period
    registered: tuple[PlannedSociety, ...]
    changes: tuple[Change, ...]
    audits: tuple[PlannedAudit, ...]
    typed: dict[str, int]


@dataclass(frozen=True)
class Told:
    """What is published of a month's general primary societies, and so is not left to chance. ``audited`` None: it
    is."""

    registered: int = 0
    cancelled: int = 0
    audited: int | None = None


@dataclass
class Simulation:
    """An upazila under way. ``targets`` is the audit target by part of the current fiscal year."""

    profile: Profile
    rng: Random
    societies: list[PlannedSociety] = field(default_factory=list)
    targets: dict[str, int] = field(default_factory=dict)
    due: list[int] = field(default_factory=list)
    audits_before: dict[str, int] = field(default_factory=dict)
    statements_before: dict[str, int] = field(default_factory=dict)
    men: int = 0
    women: int = 0
    outstanding: int = 0
    recovered: int = 0
    cases: int = 3
    grievances: int = 1
    meetings_before: int = 0
    months_passed: int = 0

    @classmethod
    def start(cls, profile: Profile, seed: int) -> Simulation:
        """The upazila at its baseline."""
        self = cls(profile, Random(f"{seed}:{profile.office}"))  # noqa: S311
        for part in PARTS:
            for _ in range(profile.societies[part]):
                self.societies.append(PlannedSociety(len(self.societies), part, self._first_standing(part)))
        self.men, self.women = profile.men, profile.women
        self.outstanding, self.recovered = profile.loan_outstanding, profile.loan_recovered
        return self

    def _first_standing(self, part: str) -> Standing:
        chance = 1.0 if part in ("GC", "BC") else self.rng.random()
        liquidation = self.profile.liquidation_share
        if chance < liquidation:
            return Standing.LIQUIDATION
        idle = chance < liquidation + self.profile.non_functional_share
        return Standing.NON_FUNCTIONAL if idle else Standing.FUNCTIONAL

    def stock(self, part: str = "", *standings: Standing) -> int:
        """Societies on the register now, of a part and of some standings (all that are not cancelled if none given)."""
        wanted = standings or (Standing.FUNCTIONAL, Standing.NON_FUNCTIONAL, Standing.LIQUIDATION)
        return sum(1 for s in self.societies if part in ("", s.part) and s.standing in wanted)

    def closing(self) -> dict[str, int]:
        """Closing figures for the baseline, by cell."""
        cells: dict[str, int] = {}
        for part in PARTS:
            cells[f"A07.{part}"] = self.stock(part)
            cells[f"A08.{part}"] = self.stock(part, Standing.FUNCTIONAL)
            cells[f"A09.{part}"] = self.stock(part, Standing.NON_FUNCTIONAL)
            cells[f"A10.{part}"] = self.stock(part, Standing.LIQUIDATION)
        p = self.profile
        return cells | {
            "B07": self.men,
            "B08": self.women,
            "C04": p.share,
            "C08": p.savings,
            "C09": p.reserve,
            "C10": p.borrowed,
            "E04": p.fee_arrears,
            "E10": p.fund_arrears,
            "F05": 12,
            "H05": self.stock("", Standing.LIQUIDATION),
            f"J08.{SCHEME}": self.outstanding,
            f"J10.{SCHEME}": self._recoverable(),
            f"J11.{SCHEME}": self.recovered,
            "K04": self.cases,
            "K08": self.grievances,
        }

    def yearly_targets(self, *, everyone: bool) -> dict[str, int]:
        """The audit target of each part and the elections due, set when a year begins; fixes who is to be audited."""
        pool = [s for s in self.societies if s.standing is not Standing.CANCELLED]
        if not everyone:
            pool = [s for s in pool if s.standing is Standing.FUNCTIONAL]
        self.targets = {part: sum(1 for s in pool if s.part == part) for part in PARTS}
        self.due = [s.number for s in pool]
        self.rng.shuffle(self.due)
        self.due = self.due[: round(len(self.due) * AUDIT_REACH)]
        self.audits_before = dict.fromkeys(PARTS, 0)
        self.statements_before = dict.fromkeys(PARTS, 0)
        self.meetings_before = 0
        return {f"D01.{part}": count for part, count in self.targets.items()} | {"F01": len(pool) // 3}

    def months(self, first: Period, last: Period) -> Iterator[MonthPlan]:
        """The plan of each month. Call `yearly_targets` before each July."""
        for period in first.until(last):
            yield self.month(period)

    def month(self, period: Period, told: Told | None = None) -> MonthPlan:
        """One month; moves the upazila on. What was ``told`` of it happens just so."""
        registered = self._register(told)
        changes = self._change(told)
        audits = self._audit(period, told)
        typed = self._members(len(registered)) | self._capital() | self._audit_papers(period, audits)
        typed |= self._governance() | self._field_work() | self._liquidation(changes)
        typed |= self._training() | self._loans() | self._cases()
        typed["E11"] = sum(300 * TAKA for s in registered)
        typed["E12"] = typed["E11"] * 15 // 100
        typed["A13"] = 1 if self.rng.random() < 0.25 else 0
        return MonthPlan(period, registered, changes, audits, typed)

    def before_the_portal(self, period: Period) -> MonthPlan:
        """A month of which only its flows are wanted: the stocks stay those of the baseline."""
        stocks = (self.men, self.women, self.outstanding, self.recovered, self.cases, self.grievances)
        plan = self.month(period, Told())
        self.men, self.women, self.outstanding, self.recovered, self.cases, self.grievances = stocks
        self.months_passed = 0
        return plan

    def catch_up_audits(self, part: str, wanted: int) -> int:
        """Bring the year's finished audits of a part up to a number; returns how many that took."""
        missing = max(wanted - self.audits_before[part], 0)
        numbers = [n for n in self.due if self.societies[n].part == part][:missing]
        done = set(numbers)
        self.due = [n for n in self.due if n not in done]
        self.audits_before[part] += len(numbers)
        return len(numbers)

    def _register(self, told: Told | None) -> tuple[PlannedSociety, ...]:
        count = told.registered if told else self.rng.choices((0, 1, 2), (74, 23, 3))[0]
        new = []
        for _ in range(count):
            part = "GP" if told or self.rng.random() < 0.75 else "BP"
            new.append(PlannedSociety(len(self.societies), part, Standing.FUNCTIONAL))
            self.societies.append(new[-1])
        return tuple(new)

    def _change(self, told: Told | None) -> tuple[Change, ...]:
        """At most one society a month for each kind of event, in the order in which a life can go."""
        if told:
            return self._cancel(told.cancelled)
        steps = (
            ("reactivated", Standing.NON_FUNCTIONAL, Standing.FUNCTIONAL, 0.30),
            ("cancelled", Standing.LIQUIDATION, Standing.CANCELLED, 0.16),
            ("placed_under_liquidation", Standing.NON_FUNCTIONAL, Standing.LIQUIDATION, 0.17),
            ("made_non_functional", Standing.FUNCTIONAL, Standing.NON_FUNCTIONAL, 0.26),
        )
        changes: list[Change] = []
        touched: set[int] = set()
        for kind, before, after, chance in steps:
            pool = [s for s in self.societies if s.standing is before and s.part in ("GP", "BP")]
            pool = [s for s in pool if s.number not in touched and s.number < self._first_new()]
            if pool and self.rng.random() < chance:
                society = self.rng.choice(pool)
                society.standing = after
                touched.add(society.number)
                changes.append(Change(society.number, kind, self.rng.randint(3, 26)))
        return tuple(changes)

    def _cancel(self, count: int) -> tuple[Change, ...]:
        """General primary societies whose liquidation ends."""
        pool = [s for s in self.societies if s.standing is Standing.LIQUIDATION and s.part == "GP"][:count]
        for society in pool:
            society.standing = Standing.CANCELLED
        return tuple(Change(society.number, "cancelled", self.rng.randint(3, 26)) for society in pool)

    def _first_new(self) -> int:
        """Only societies of the baseline change their state, so that nothing happens before its registration."""
        return self.profile.total

    def _audit(self, period: Period, told: Told | None) -> tuple[PlannedAudit, ...]:
        index = (period.first.month - 7) % 12
        share = AUDIT_PACE[index] / sum(AUDIT_PACE[index:])
        count = len(self.due) if index == 11 else round(len(self.due) * share)
        chosen = self.due[:count]
        if told and told.audited is not None:
            ours = [n for n in self.due if self.societies[n].part == "GP"][: told.audited]
            chosen = ours + [n for n in chosen if self.societies[n].part != "GP"]
        done = set(chosen)
        self.due = [n for n in self.due if n not in done]
        audits = []
        for number in chosen:
            society = self.societies[number]
            if society.standing is Standing.CANCELLED:
                continue
            self.audits_before[society.part] += 1
            audits.append(PlannedAudit(number, self.rng.randint(2, 27), self._profit(), self._paid_after()))
        return tuple(audits)

    def _profit(self) -> int:
        if self.rng.random() < 0.28:
            return -self.rng.randrange(0, 40_000) * TAKA
        return int(self.rng.lognormvariate(9.6, 0.9)) * TAKA

    def _paid_after(self) -> int | None:
        return None if self.rng.random() < 0.04 else self.rng.choice((0, 0, 0, 5, 9))

    def _members(self, new_societies: int) -> dict[str, int]:
        joined = 22 * new_societies + self.rng.randint(14, 46)
        women = joined * self.rng.randint(38, 52) // 100
        left_men, left_women = self.rng.randint(2, 14), self.rng.randint(1, 9)
        self.men += joined - women - left_men
        self.women += women - left_women
        return {"B03": joined - women, "B04": women, "B05": left_men, "B06": left_women}

    def _capital(self) -> dict[str, int]:
        """Stocks in poisha, growing by a third to one and a half per cent a month, in whole hundredths of a lakh."""
        step = 100_000
        self.months_passed += 1
        p = self.profile
        grown = {"C04": p.share, "C08": p.savings, "C09": p.reserve, "C10": p.borrowed}
        return {
            cell: round(start * (1 + 0.006 * self.months_passed) * self.rng.uniform(0.998, 1.002)) // step * step
            for cell, start in grown.items()
        }

    def _audit_papers(self, period: Period, audits: tuple[PlannedAudit, ...]) -> dict[str, int]:
        """Accounts statements (most by the end of August) and rectification reports (after audits)."""
        cells: dict[str, int] = {}
        share = {7: 0.24, 8: 0.33, 9: 0.14}.get(period.first.month, 0.03)
        for part in PARTS:
            left = self.targets[part] - self.statements_before[part]
            count = min(left, round(self.targets[part] * share * self.rng.uniform(0.9, 1.1)))
            self.statements_before[part] += count
            cells[f"D02.{part}"] = count
        audited: dict[str, int] = dict.fromkeys(PARTS, 0)
        for audit in audits:
            audited[self.societies[audit.number].part] += 1
        for part in PARTS:
            cells[f"D07.{part}"] = round(audited[part] * 0.88)
        return cells

    def _governance(self) -> dict[str, int]:
        due = self.rng.randint(1, 4)
        held = due if self.rng.random() < 0.86 else due - 1
        room = sum(self.audits_before.values()) - self.meetings_before
        meetings = max(0, min(room, round(room * 0.8)))
        self.meetings_before += meetings
        interim = 1 if held < due and self.rng.random() < 0.7 else 0
        return {"F02": due, "F03": held, "F04": interim, "F05": self.rng.randint(10, 13), "F08": meetings}

    def _field_work(self) -> dict[str, int]:
        return {"G02": self.rng.randint(1, 2), "G03": self.rng.choice((0, 1, 1)), "G06": self.rng.choice((0, 0, 0, 1))}

    def _liquidation(self, changes: tuple[Change, ...]) -> dict[str, int]:
        kinds = [change.kind for change in changes]
        return {
            "H02": kinds.count("placed_under_liquidation"),
            "H03": kinds.count("cancelled"),
            "H04": kinds.count("liquidation_withdrawn"),
        }

    def _training(self) -> dict[str, int]:
        courses = 1 if self.rng.random() < 0.175 else 0
        iga = 1 if self.rng.random() < 0.06 else 0
        women = self.rng.randint(9, 13) * courses
        iga_women = self.rng.randint(10, 14) * iga
        employed = self.rng.randint(3, 10)
        employed_women = employed * self.rng.randint(35, 55) // 100
        return {
            "I01": courses, "I02": 25 * courses - women, "I03": women,
            "I04": iga, "I05": 25 * iga - iga_women, "I06": iga_women,
            "I07": self.rng.choice((0, 0, 1)), "I08": self.rng.choice((0, 0, 1)),
            "I10": employed - employed_women, "I11": employed_women,
        }  # fmt: skip

    def _loans(self) -> dict[str, int]:
        """Ashrayan: lent in round thousands below the ceiling; about four fifths of what falls due comes back."""
        borrowers = self.rng.choice((0, 0, 2, 3, 4))
        lent = borrowers * self.rng.choice((10, 12, 15)) * 1000 * TAKA
        back = min(self.outstanding, self.rng.randint(38, 74) * 1000 * TAKA)
        charge = back * 8 // 100
        self.outstanding += lent - back
        self.recovered += back + charge
        cells = {"J04": lent, "J05": borrowers, "J07": back, "J09": charge, "J10": self._recoverable()}
        return {f"{line}.{SCHEME}": amount for line, amount in cells.items()}

    def _recoverable(self) -> int:
        """What should have come back by now, so that the rate stands where the profile has it."""
        return self.recovered * 100 // self.profile.recovery // TAKA * TAKA

    def _cases(self) -> dict[str, int]:
        new, settled = self.rng.choice((0, 0, 0, 1)), 1 if self.cases > 1 and self.rng.random() < 0.2 else 0
        heard, answered = self.rng.choice((0, 0, 1)), 1 if self.grievances and self.rng.random() < 0.8 else 0
        self.cases += new - settled
        self.grievances += heard - answered
        return {"K02": new, "K03": settled, "K06": heard, "K07": answered}
