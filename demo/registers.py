"""Makes the demonstration's register rows: societies, what happens to them, and their audits, at their own instants."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from audits.choices import Charge
from audits.models import Audit
from audits.services import allot_audits, collect, complete_audit, plan_audits
from core.numbers import to_bangla_digits
from core.periods import DHAKA, FiscalYear, Period
from demo.names import invent_name
from demo.plan import MonthPlan, PlannedAudit, PlannedSociety, Standing
from demo.profiles import Profile
from offices.models import Office, Officer
from societies.choices import EventKind, Sponsor, Tier
from societies.models import Society
from societies.services import change_status, register_society

TIER = {"GP": Tier.PRIMARY, "GC": Tier.CENTRAL, "BP": Tier.PRIMARY, "BC": Tier.CENTRAL}
SPONSOR = {"GP": Sponsor.GENERAL, "GC": Sponsor.GENERAL, "BP": Sponsor.BRDB, "BC": Sponsor.BRDB}


def instant(day: date, hour: int, minute: int = 0) -> datetime:
    """An instant of office hours in Dhaka."""
    return datetime.combine(day, time(hour, minute), DHAKA)


@dataclass(frozen=True)
class Payment:
    """A charge that will be paid on a day."""

    audit: int
    on: date


@dataclass
class Registers:
    """The register rows of one upazila, by the numbers of its plan."""

    profile: Profile
    office: Office
    clerk: Officer
    seed: int
    rows: dict[int, Society] = field(default_factory=dict)
    payments: list[Payment] = field(default_factory=list)

    def found(self, societies: list[PlannedSociety], baseline: Period) -> None:
        """Enter the societies that stood at the baseline, with the events that led there."""
        rng = Random(f"{self.seed}:{self.office.code}:societies")  # noqa: S311
        at = instant(baseline.next().first, 10)
        for planned in societies:
            year = rng.randint(1985, baseline.first.year - 1)
            registered = date(year, rng.randint(1, 12), rng.randint(1, 28))
            society = self.register(planned, registered, at, rng)
            if planned.standing is Standing.FUNCTIONAL:
                continue
            since = date(rng.randint(max(year + 1, 2019), baseline.first.year), rng.randint(1, 6), rng.randint(1, 28))
            change_status(society=society, kind=EventKind.MADE_NON_FUNCTIONAL, on=since, by=self.clerk, at=at)
            if planned.standing is Standing.LIQUIDATION:
                change_status(society=society, kind=EventKind.PLACED_UNDER_LIQUIDATION, on=since, by=self.clerk, at=at)

    def register(self, planned: PlannedSociety, on: date, at: datetime, rng: Random) -> Society:
        """One society into the register, under its planned number."""
        code, name = invent_name(planned.part, self.profile.name_stems, rng)
        number = to_bangla_digits(f"{self.office.path[-3:]}-{planned.number + 1:04d}")
        society = register_society(
            office=self.office,
            name_bn=name,
            reg_no=number,
            reg_on=on,
            class_code=code,
            tier=TIER[planned.part],
            sponsor=SPONSOR[planned.part],
            union=rng.choice(self.profile.name_stems),
            by=self.clerk,
            at=at,
        )
        self.rows[planned.number] = society
        return society

    def recall(self) -> None:
        """Find the rows of an earlier call again, by their registration numbers."""
        societies = Society.objects.filter(office=self.office).only("pk", "reg_key", "office", "status")
        self.rows = {int(society.reg_key[-4:]) - 1: society for society in societies}

    def begin_year(self, year: FiscalYear, everyone: bool) -> None:
        """Plan the year's audits: of every society not cancelled, or of the functional ones."""
        chosen = Society.objects.filter(office=self.office) if everyone else None
        plan_audits(
            office=self.office, audit_year=year, by=self.clerk, at=instant(year.first_day, 12), societies=chosen
        )

    def live(self, plan: MonthPlan) -> None:
        """What happens in the register during a month."""
        first = plan.period.first
        rng = Random(f"{self.seed}:{self.office.code}:{plan.period}")  # noqa: S311
        for planned in plan.registered:
            day = first.replace(day=rng.randint(2, 26))
            self.register(planned, day, instant(day, 11), rng)
        for change in plan.changes:
            day = first.replace(day=change.day)
            kind = EventKind(change.kind)
            order = to_bangla_digits(f"৪৭.৬১.{self.office.path[-3:]}.{change.number:04d}")
            change_status(
                society=self.rows[change.number], kind=kind, on=day, order_number=order, by=self.clerk,
                at=instant(day, 12),
            )  # fmt: skip
        self._audit(plan)
        self._collect(plan.period)

    def remember(self, plan: MonthPlan) -> None:
        """Go past a month that stands already, keeping in mind what will still be paid."""
        numbers = [audit.number for audit in plan.audits if audit.paid_after is not None]
        audits = self._audits_of(plan, numbers)
        for planned in plan.audits:
            if planned.number in audits:
                self._promise(plan, planned, audits[planned.number])
        self.payments = [payment for payment in self.payments if payment.on > plan.period.last]

    def _audits_of(self, plan: MonthPlan, numbers: list[int]) -> dict[int, Audit]:
        """Audits of the month's fiscal year by planned number."""
        keys = {self.rows[number].pk: number for number in numbers}
        rows = Audit.objects.filter(society__in=keys, audit_year=plan.period.fiscal_year)
        return {keys[audit.society_id]: audit for audit in rows}

    def _audit(self, plan: MonthPlan) -> None:
        audits = self._audits_of(plan, [audit.number for audit in plan.audits])
        first = plan.period.first
        keys = [audit.pk for audit in audits.values()]
        allot_audits(
            audits=Audit.objects.filter(pk__in=keys), auditor=self.clerk.name_bn, on=first, by=self.clerk,
            at=instant(first, 10),
        )  # fmt: skip
        for planned in plan.audits:
            day = first.replace(day=planned.day)
            audit = audits[planned.number]
            done = complete_audit(audit=audit, on=day, net_profit=planned.profit, by=self.clerk, at=instant(day, 15))
            self._promise(plan, planned, done)

    def _promise(self, plan: MonthPlan, planned: PlannedAudit, audit: Audit) -> None:
        if planned.paid_after is not None and audit.fee_assessed:
            day = plan.period.first.replace(day=planned.day) + timedelta(days=planned.paid_after)
            self.payments.append(Payment(audit.pk, day))

    def _collect(self, period: Period) -> None:
        """Pay what falls into this month; the rest waits."""
        due = [payment for payment in self.payments if payment.on <= period.last]
        self.payments = [payment for payment in self.payments if payment.on > period.last]
        audits = Audit.objects.in_bulk([payment.audit for payment in due])
        for payment in due:
            audit = audits[payment.audit]
            for kind, amount in ((Charge.FEE, audit.fee_assessed), (Charge.FUND, audit.fund_assessed)):
                if amount:
                    challan = to_bangla_digits(f"টি-{payment.audit:05d}")
                    collect(
                        audit=audit, kind=kind, amount=amount, on=payment.on, challan=challan, by=self.clerk,
                        at=instant(payment.on, 16),
                    )  # fmt: skip
