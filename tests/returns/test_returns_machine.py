"""Four upazilas under three levels, acts in whatever order, each tried twice: what must always hold, holds."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Max, Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from core.errors import UserError
from core.periods import FiscalYear, Period
from offices.choices import OfficeKind, Post
from offices.models import Office, Officer
from offices.places import Tree
from offices.services import move_office
from returns import services
from returns.amendment_models import Amendment
from returns.choices import AmendmentState, ReturnState
from returns.integrity import check_versions
from returns.known import total_as_known
from returns.models import Return, ReturnVersion, TotalValue, Value
from returns.rollup import fresh_totals
from returns.services import CellChange
from tests.factories import make_office, make_officer
from tests.returns.factories_returns import on
from tests.returns.factories_rollup import line

LONG = bool(os.environ.get("PORTAL_TEST_LONG"))
JUNE = Period.month(2023, 6)
MONTHS = (JUNE.shift(1), JUNE.shift(2), JUNE.shift(3))
CELLS = ("E02", "E03", "D04")

#: A form in which an opening, a cumulative and a target stand beside what is typed, and a rule can break.
FORM: dict[str, Any] = {
    "code": "MR",
    "number": 1,
    "valid_from": "2023-07",
    "due_day": 5,
    "breakdowns": {},
    "sections": [
        {
            "code": "D",
            "letter": "ঘ",
            "bn": "নিরীক্ষা",
            "en": "Audit",
            "lines": [
                line("D01", "target"),
                line("D04", "flow", target="D01"),
                line("D05", "computed", formula="cum(D04)"),
            ],
        },
        {
            "code": "E",
            "letter": "ঙ",
            "bn": "রাজস্ব",
            "en": "Revenue",
            "lines": [
                line("E01", "opening", opening_of="E04"),
                line("E02", "flow"),
                line("E03", "flow"),
                line("E04", "computed", formula="E01 + E02 - E03"),
            ],
        },
    ],
    "rules": [
        {
            "code": "R1",
            "severity": "block",
            "cell": "E03",
            "condition": "E03 <= E01 + E02",
            "bn": "{#E03}-এ {E03}।",
            "en": "{#E03} has {E03}.",
        }
    ],
}


class Country:
    """A department, a division, two districts with two upazilas each, and everybody in their posts."""

    def __init__(self) -> None:
        self.department = make_office("bd", OfficeKind.DEPARTMENT)
        self.division = make_office("rangpur-division", OfficeKind.DIVISION, self.department)
        self.districts = [make_office(code, OfficeKind.DISTRICT, self.division) for code in ("lalmonirhat", "kurigram")]
        self.upazilas = [make_office(f"u{n}", parent=self.districts[n // 2]) for n in range(4)]
        self.clerks = {o.pk: make_officer(Post.ASSISTANT_INSPECTOR, o) for o in self.upazilas}
        self.heads = {o.pk: make_officer(Post.UPAZILA_OFFICER, o) for o in self.upazilas}
        self.judges = {o.pk: make_officer(Post.DISTRICT_OFFICER, o) for o in self.districts}
        self.admin = make_officer(Post.SYSTEM_ADMIN, self.department)
        services.publish_form(FORM, by=self.admin, at=on(2023, 6, 1))
        for office in self.upazilas:
            self._begin(office)

    def judge_of(self, office: Office) -> Officer:
        """The district officer over an upazila."""
        assert office.parent_id is not None
        return self.judges[office.parent_id]

    def _begin(self, office: Office) -> None:
        judge = self.judge_of(office)
        made = services.enter_baseline(office, JUNE, closings={"E04": 5}, by=self.heads[office.pk], at=on(2023, 7, 1))
        services.verify_baseline(made, by=judge, at=on(2023, 7, 2))
        services.set_line_targets(office, FiscalYear(2023), amounts={"D01": 20}, by=judge, at=on(2023, 7, 2))


def fingerprint() -> list[Any]:
    """Stands for every version, figure and amendment."""
    versions = ReturnVersion.objects.order_by("pk").values_list("pk", "state", "number", "superseded_at")
    values = Value.objects.aggregate(Count("pk"), Sum("amount"), Max("pk"))
    amendments = Amendment.objects.order_by("pk").values_list("pk", "state", "base_version")
    return [list(versions), values, list(amendments)]


class Returns(RuleBasedStateMachine):
    """One run: acts of officers on returns of three months, at instants that only grow."""

    country: Country

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.now = on(2023, 11, 5)
        self.known: dict[tuple[int, Period, datetime], Mapping[str, int]] = {}

    def teardown(self) -> None:
        try:
            self.old_totals_are_as_they_were()
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def office(self, number: int) -> Office:
        return Office.objects.select_related("parent").get(pk=self.country.upazilas[number].pk)

    def judge(self, ret: Return) -> Officer:
        """The officer of the district that had the office in that month."""
        ret.refresh_from_db()
        return self.country.judges[Tree(ret.period).superiors(ret.office_path)[0].pk]

    def ret(self, number: int, month: int) -> Return | None:
        return Return.objects.filter(office=self.country.upazilas[number], period=MONTHS[month]).first()

    def act(self, do: Callable[[], Any]) -> bool:
        """Do it and do it again: refused, it changed nothing; the second time changes nothing either."""
        self.now += timedelta(minutes=1)
        before = fingerprint()
        try:
            do()
            done = True
        except UserError:
            assert fingerprint() == before, "refused, and yet something changed"
            done = False
        after = fingerprint()
        with suppress(UserError, PermissionDenied):
            do()
        assert fingerprint() == after, "the same act twice is done once"
        return done

    @rule(number=st.integers(0, 3), amounts=st.tuples(*[st.integers(0, 9)] * 3))
    def enter(self, number: int, amounts: tuple[int, int, int]) -> None:
        """Fill the next month, or the one sent back; submit it if it holds."""
        office = self.office(number)
        rows = Return.objects.filter(office=office, state__in=["submitted", "verified"])
        done = set(rows.values_list("period", flat=True))
        month = next((month for month in MONTHS if month not in done), None)
        if month is None:
            return
        clerk, head = self.country.clerks[office.pk], self.country.heads[office.pk]
        self.now += timedelta(minutes=1)
        ret = services.open_return(office, month, by=clerk, at=self.now)
        revision = dict(Value.objects.filter(version__ret=ret, version__state="draft").values_list("cell", "revision"))
        changes = [CellChange(c, n, revision.get(c, 0)) for c, n in zip(CELLS, amounts, strict=True)]
        key, at = f"{ret.pk}-{self.now:%H%M}", self.now
        self.act(lambda: services.save_cells(ret, changes, key=key, by=clerk, at=at))
        self.act(lambda: services.submit_return(ret, by=head, at=self.now))

    @rule(number=st.integers(0, 3), month=st.integers(0, 2), back=st.booleans())
    def decide(self, number: int, month: int, back: bool) -> None:
        ret = self.ret(number, month)
        if ret is None:
            return
        judge = self.judge(ret)
        if back:
            self.act(lambda: services.send_back_return(ret, reason="Look again.", by=judge, at=self.now))
        else:
            self.act(lambda: services.verify_return(ret, by=judge, at=self.now))

    @rule(number=st.integers(0, 3))
    def verify_all(self, number: int) -> None:
        """Verify whatever an office has submitted, the oldest first."""
        for month in range(len(MONTHS)):
            self.decide(number=number, month=month, back=False)

    @rule(number=st.integers(0, 3), month=st.integers(0, 2), cell=st.sampled_from(CELLS), amount=st.integers(0, 9))
    def amend(self, number: int, month: int, cell: str, amount: int) -> None:
        ret, office = self.ret(number, month), self.office(number)
        if ret is None:
            return
        head = self.country.heads[office.pk]
        at = self.now
        try:
            with transaction.atomic():
                written = services.write_amendment(ret, figures={cell: amount}, reason="Mended.", by=head, at=at)
        except UserError:
            return
        self.act(lambda: services.propose_amendment(written, by=head, at=self.now))

    @precondition(lambda self: Amendment.objects.open().exists())
    @rule(data=st.data(), do=st.sampled_from(["approve", "approve", "approve", "refuse", "withdraw", "renew"]))
    def close(self, data: st.DataObject, do: str) -> None:
        amendment = data.draw(st.sampled_from(list(Amendment.objects.open().select_related("ret__office__parent"))))
        office = amendment.ret.office
        head, judge = self.country.heads[office.pk], self.judge(amendment.ret)
        acts: dict[str, Callable[[], Any]] = {
            "approve": lambda: services.approve_amendment(amendment, by=judge, at=self.now),
            "refuse": lambda: services.refuse_amendment(amendment, reason="No paper.", by=judge, at=self.now),
            "withdraw": lambda: services.withdraw_amendment(amendment, by=head, at=self.now),
            "renew": lambda: services.renew_amendment(amendment, by=head, at=self.now),
        }
        self.act(acts[do])

    @rule(number=st.integers(0, 3), first=st.sampled_from(MONTHS))
    def transfer(self, number: int, first: Period) -> None:
        """The upazila goes to the other district from a month on, unless something of it is verified there."""
        office = self.office(number)
        other = next(one for one in self.country.districts if one.pk != office.parent_id)
        self.act(lambda: move_office(office=office, parent=other, first=first, by=self.country.admin, at=self.now))

    @invariant()
    def totals_are_the_sum_of_what_is_verified(self) -> None:
        """Added up in plain Python from the figures, whatever the levels between."""
        live = Value.objects.filter(version__state=ReturnState.VERIFIED, amount__isnull=False)
        sums: dict[tuple[str, Period], dict[str, int]] = defaultdict(lambda: defaultdict(int))
        rows = live.values_list("version__ret__office_path", "version__ret__period", "cell", "amount")
        for path, period, cell, amount in rows:
            for end in range(3, len(path), 3):
                sums[path[:end], period][cell] += amount or 0
        above = [self.country.department, self.country.division, *self.country.districts]
        for office in above:
            totals = fresh_totals(office, MONTHS, at=self.now)
            stored: dict[Period, dict[str, int]] = {period: {} for period in MONTHS}
            found = TotalValue.objects.filter(total__in=[total.pk for total in totals.values()])
            for period, cell, amount in found.values_list("total__period", "cell", "amount"):
                stored[period][cell] = amount or 0
            for period in MONTHS:
                assert stored[period] == dict(sums.get((office.path, period), {}))
                if period in totals:
                    self.known[office.pk, period, self.now] = stored[period]

    @invariant()
    def versions_hold_together(self) -> None:
        """Numbers without a gap, openings are closings, carried versions change nothing that was typed."""
        assert list(check_versions()) == []

    @invariant()
    def nobody_skips_a_level(self) -> None:
        judges = {officer.pk for officer in self.country.judges.values()}
        heads = {pk: officer.pk for pk, officer in self.country.heads.items()}
        rows = ReturnVersion.objects.filter(decided_at__isnull=False)
        for office, submitter, decider in rows.values_list("ret__office", "submitted_by", "decided_by"):
            assert submitter == heads[office] and decider in judges
        approved = Amendment.objects.filter(state__in=[AmendmentState.APPROVED, AmendmentState.REFUSED])
        assert all(pk in judges for pk in approved.values_list("decided_by", flat=True))

    def old_totals_are_as_they_were(self) -> None:
        """Every total that was ever right answers the same for its own instant."""
        offices = Office.objects.in_bulk()
        for (office, period, at), amounts in list(self.known.items())[-60:]:
            assert total_as_known(offices[office], period, at).amounts == amounts


@pytest.mark.django_db
def test_whatever_is_done_in_whatever_order() -> None:
    Returns.country = Country()
    run_state_machine_as_test(
        Returns,
        settings=settings(
            max_examples=200 if LONG else 6,
            stateful_step_count=40 if LONG else 16,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
