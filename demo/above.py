"""The upper offices of the demonstration: what they do themselves, and the consolidated returns they send upward.

Of the last months before the last one: the district's and the division's own lines are verified, their consolidated
returns go up. In the month before the last one upazila's return comes in after the district's consolidated return was
verified, so that this one is out of date and its page says whose return came later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random

from django.db import transaction

from core.periods import Period
from demo.country import past
from demo.months import Desk, open_month, submit_month, verify_month
from demo.people import DEPARTMENT, DISTRICT, DIVISION
from demo.plan import MonthPlan
from demo.profiles import FIRST
from demo.registers import instant
from offices.models import Office, Officer
from returns.choices import ReturnState
from returns.consolidation_models import Consolidation
from returns.models import Return
from returns.services.consolidation import submit_consolidation, verify_consolidation

#: How many months before the last one upper offices have filed for.
MONTHS = 3
#: The upazila whose return of the month before the last comes late, and by how many days.
LATE_UPAZILA, LATE_BY = "patgram", 8
HEAD = {DISTRICT: "do.lalmonirhat", DIVISION: "jr.rangpur", DEPARTMENT: "registrar.bd"}
WHY_DISTRICT = "পাটগ্রামের রিটার্ন এখনো আসেনি; উপজেলাটি বিলম্বের কারণ জানিয়েছে। এলে নতুন নম্বরে জমা দেওয়া হবে।"
WHY_DIVISION = "লালমনিরহাট ছাড়া অন্য জেলার সমন্বিত রিটার্ন পোর্টালে আসেনি; তাদের উপজেলার যাচাই করা রিটার্ন এতে আছে।"


@dataclass(frozen=True)
class Upper:
    """An upper office that reports, with its head and the head of the office above."""

    office: Office
    head: Officer
    superior: Officer

    @classmethod
    def of(cls, code: str) -> Upper:
        office = Office.objects.select_related("parent").get(code=code)
        assert office.parent is not None
        people = Officer.objects.in_bulk([HEAD[code], HEAD[office.parent.code]], field_name="username")
        return cls(office, people[HEAD[code]], people[HEAD[office.parent.code]])

    def file_own(self, period: Period, *, verified: bool) -> None:
        """The office's own lines of a month, submitted and, if wanted, verified; what stands is left as it is."""
        desk, plan = Desk(self.office, self.head, self.head, self.superior), self._plan(period)
        ret = Return.objects.filter(office=self.office, period=period).select_related("office", "form").first()
        if ret is None:
            ret = open_month(desk, plan)
        if ret.state == ReturnState.DRAFT:
            submit_month(desk, plan, ret, days_after=3)
            ret.refresh_from_db(fields=["state"])
        if verified and ret.state == ReturnState.SUBMITTED:
            verify_month(desk, plan, ret, days_after=5)

    def consolidate(self, period: Period, *, day: int, why: str = "", verified: bool) -> None:
        """The first number of a month, submitted on a day of the next and, if wanted, verified two days later."""
        if Consolidation.objects.filter(office=self.office, period=period).exists():
            return
        at = past(instant(period.last + timedelta(days=day), 11))
        made = submit_consolidation(self.office, period, explanation=why, by=self.head, at=at)
        if verified:
            at = past(instant(period.last + timedelta(days=day + 2), 15))
            verify_consolidation(made, despite_later=True, by=self.superior, at=at)

    def _plan(self, period: Period) -> MonthPlan:
        rng = Random(f"{self.office.code}:{period}:own")  # noqa: S311
        courses = rng.choice((0, 0, 1))
        women = rng.randint(9, 14) * courses
        heard = rng.choice((0, 1))
        typed = {"A13": rng.randint(0, 2), "G02": rng.randint(2, 5), "G06": rng.randint(0, 1), "G10": 0}
        typed |= {"I01": courses, "I02": 25 * courses - women, "I03": women}
        typed |= {"K02": 0, "K03": 0, "K06": heard, "K07": heard}
        return MonthPlan(period, (), (), (), typed)


def months_above(office: str, until: Period) -> list[Period]:
    """The months of which an upper office has filed once ``until`` stands, the last one not among them: they go on
    from its own last one without a gap."""
    own = Return.objects.filter(office__code=office).order_by("period").values_list("period", flat=True).first()
    first = own or max(until.shift(-MONTHS), FIRST)
    return list(first.until(until.previous())) if first < until else []


@transaction.atomic
def file_district(period: Period, until: Period) -> None:
    """The first district's month: its own lines, and once ``until`` is later its consolidated return."""
    upper = Upper.of(DISTRICT)
    upper.file_own(period, verified=period < until)
    if period < until:
        why = WHY_DISTRICT if period == until.previous() else ""
        upper.consolidate(period, day=8, why=why, verified=True)


def file_division(until: Period) -> None:
    """The first district's division: own lines and consolidated returns; the last one waits for its verdict."""
    upper = Upper.of(DIVISION)
    for period in months_above(DIVISION, until):
        with transaction.atomic():
            upper.file_own(period, verified=True)
            upper.consolidate(period, day=13, why=WHY_DIVISION, verified=period != until.previous())
