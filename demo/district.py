"""Builds the demonstration's district month by month through the same services as officers use.

Every month of every upazila is one transaction, so that a stopped build continues where it stopped: months that stand
are only remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.db import transaction

from core.legal import load_legal_settings
from core.periods import FiscalYear, Period
from demo.above import LATE_BY, LATE_UPAZILA, file_district, months_above
from demo.accounts import make_people
from demo.months import Desk, open_month, submit_month, verify_month
from demo.people import DISTRICT
from demo.plan import MonthPlan, Simulation
from demo.profiles import BASELINE, FIRST, PROFILES, Profile
from demo.registers import Registers, instant
from offices.models import Office, Officer
from offices.tree import load_offices
from returns.choices import ReturnState
from returns.models import Baseline, LineTarget, Return
from returns.services import enter_baseline, publish_form, set_line_targets, verify_baseline
from returns.services.forms import FORM_FILE

SEED = 2023
#: How the last month is left, so that there is something to do: an untouched draft, and one that waits for a verdict.
LAST_MONTH = {"hatibandha": ReturnState.DRAFT, "patgram": ReturnState.SUBMITTED}
ACCOUNT = {"lalmonirhat-sadar": "sadar", "kaliganj-lalmonirhat": "kaliganj"}


@dataclass
class Upazila:
    """One upazila under way."""

    desk: Desk
    simulation: Simulation
    registers: Registers


@dataclass
class District:
    """The district and its people, from an empty database up to a month. ``say`` hears what is being done."""

    until: Period
    say: Callable[[str], None]
    last_month: Mapping[str, ReturnState] = field(default_factory=lambda: LAST_MONTH)
    people: dict[str, Officer] = field(default_factory=dict)
    upazilas: list[Upazila] = field(default_factory=list)

    def build(self) -> None:
        """Everything up to ``until``; safe to call again."""
        self.prepare()
        above = [*months_above(DISTRICT, self.until), self.until]
        for period in FIRST.until(self.until):
            if period.begins_year:
                self.begin_year(period.fiscal_year)
            self.say(period.label())
            for upazila in self.upazilas:
                if period in above and upazila.desk.office.code == LATE_UPAZILA and period == self.until.previous():
                    file_district(period, self.until)
                with transaction.atomic():
                    self.live(upazila, upazila.simulation.month(period))
            if period in above:
                file_district(period, self.until)

    def prepare(self) -> None:
        """Offices, law, people, form, and each upazila's baseline with its societies."""
        load_offices()
        load_legal_settings()
        with transaction.atomic():
            self.people = make_people()
        publish_form(FORM_FILE, by=self.people["cell.bd"], at=instant(BASELINE.first, 10))
        offices = Office.objects.select_related("parent").in_bulk([p.office for p in PROFILES], field_name="code")
        for profile in PROFILES:
            with transaction.atomic():
                self.upazilas.append(self._found(profile, offices[profile.office]))

    def begin_year(self, year: FiscalYear) -> None:
        """Targets and the audit plan of each upazila; in the first year every society is to be audited."""
        everyone = year == FIRST.fiscal_year
        at = instant(year.first_day, 11)
        for upazila in self.upazilas:
            targets = upazila.simulation.yearly_targets(everyone=everyone)
            office = upazila.desk.office
            if LineTarget.objects.filter(office=office, fiscal_year=year, cell__in=targets).exists():
                continue
            with transaction.atomic():
                set_line_targets(office, year, amounts=targets, by=upazila.desk.superior, at=at)
                upazila.registers.begin_year(year, everyone)

    def live(self, upazila: Upazila, plan: MonthPlan) -> None:
        """One month of one upazila: what happens, then the return as far as the story wants it."""
        desk = upazila.desk
        ret = Return.objects.filter(office=desk.office, period=plan.period).select_related("office", "form").first()
        if ret is None:
            upazila.registers.live(plan)
            ret = open_month(desk, plan)
        else:
            upazila.registers.remember(plan)
        wanted = self._wanted(desk.office, plan.period)
        late = self._late(desk.office, plan.period)
        if ret.state == ReturnState.DRAFT and wanted is not ReturnState.DRAFT:
            submit_month(desk, plan, ret, days_after=3 + late)
            ret.refresh_from_db(fields=["state"])
        if ret.state == ReturnState.SUBMITTED and wanted is not ReturnState.SUBMITTED:
            verify_month(desk, plan, ret, days_after=4 + late)

    def _late(self, office: Office, period: Period) -> int:
        """By how many days a return comes after those of the others."""
        if office.code != LATE_UPAZILA:
            return 0
        return LATE_BY if period == self.until.previous() else 5 if period.first.month in (2, 9) else 0

    def _wanted(self, office: Office, period: Period) -> ReturnState:
        """How far a return of the story goes."""
        last = self.last_month.get(office.code, ReturnState.VERIFIED)
        return last if period == self.until else ReturnState.VERIFIED

    def _found(self, profile: Profile, office: Office) -> Upazila:
        short = ACCOUNT.get(profile.office, profile.office)
        clerk, head = self.people[f"ai.{short}"], self.people[f"uo.{short}"]
        superior = self.people[f"do.{DISTRICT}"]
        simulation = Simulation.start(profile, SEED)
        registers = Registers(profile, office, clerk, SEED)
        if Baseline.objects.filter(office=office).exists():
            registers.recall()
        else:
            registers.found(simulation.societies, BASELINE)
            at = instant(FIRST.first, 14)
            baseline = enter_baseline(office, BASELINE, closings=simulation.closing(), by=head, at=at, is_demo=True)
            verify_baseline(baseline, by=superior, at=instant(FIRST.first, 16))
        return Upazila(Desk(office, clerk, head, superior), simulation, registers)
