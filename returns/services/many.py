"""Taking many deliveries at once: what `import_return` makes of each, in a fixed number of statements for all.

Only what goes through is taken here. A delivery that is refused in any way, or whose office has a return of the month
already, is left to `import_return`, which knows what to say of it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.errors import UserError
from core.periods import Period, dhaka_date
from offices.models import Office, Officer, Posting
from offices.places import path_on, remembering
from offices.rights import posting_among
from returns.catalogue import Catalogue
from returns.history import Past, pasts_of, periods_read, versions_of_all
from returns.judges import Bench, benches_at
from returns.models import Form, Return
from returns.published import catalogue_of, form_for
from returns.services.composing import Composed, Hand, store_returns
from returns.services.deliveries import (
    IMPORT,
    Taken,
    answers,
    check_delivery,
    right_to_import,
    right_to_submit,
    source_of,
    with_values,
)
from returns.services.entry import enterable, refusals, value_row
from returns.services.remarks import check_remark
from returns.services.sequence import check_sequence
from returns.services.submission import check_month_before, check_month_over
from returns.sheet import Sheet, baseline_of
from returns.sources import Figures, proposals_of
from returns.workbooks.delivery import Delivery
from returns.workbooks.verdicts import Judgement, judge


class _LeftAloneError(Exception):
    """This delivery is not for the common way."""


def import_returns(
    deliveries: Collection[Delivery],
    period: Period,
    *,
    by: Officer,
    at: datetime,
    submit: bool = False,
    verify_by: Officer | None = None,
    dry_run: bool = False,
) -> dict[str, Taken]:
    """Import those deliveries of different offices that go through, all in one transaction; by the office's code.

    What is not in the answer was left alone. Nothing is kept of a ``dry_run``.
    """
    codes = [delivery.office for delivery in deliveries]
    assert len(set(codes)) == len(codes), "one delivery an office"
    with transaction.atomic(), remembering():
        desk = _Desk.lay_out(codes, period, by=by, at=at, submit=submit, verify_by=verify_by)
        taken: dict[str, Taken] = {}
        composed = []
        for delivery in deliveries:
            try:
                made, judgement = desk.compose(delivery)
            except (_LeftAloneError, UserError, PermissionDenied):
                continue
            composed.append(made)
            taken[delivery.office] = Taken(made.ret, made.version, judgement)
        store_returns(composed)
        transaction.set_rollback(dry_run)
    return taken


@dataclass
class _Desk:
    """What is known of some offices and a month before their deliveries are judged; all of it by the office's key."""

    period: Period
    form: Form
    by: Officer
    at: datetime
    submit: bool
    verify_by: Officer | None
    offices: Mapping[str, Office]
    begun: Collection[int]
    submitted_before: Collection[int]
    pasts: Mapping[int, Past]
    proposals: Mapping[int, Figures]
    mine: list[Posting]
    judges: list[Posting]

    @classmethod
    def lay_out(
        cls,
        codes: Collection[str],
        period: Period,
        *,
        by: Officer,
        at: datetime,
        submit: bool,
        verify_by: Officer | None,
    ) -> _Desk:
        held = Office.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
        rows = held.select_related("parent", "baseline").filter(code__in=codes)
        offices = {office.code: office for office in rows if office.is_leaf}
        form = form_for(period)
        known = Return.objects.filter(office__in=offices.values())
        kinds = {office.kind for office in offices.values()}
        proposals: dict[int, Figures] = {}
        for kind in kinds:
            alike = [office for office in offices.values() if office.kind == kind]
            proposals |= proposals_of(catalogue_of(form, [kind]).cells, alike, period)
        return cls(
            period=period,
            form=form,
            by=by,
            at=at,
            submit=submit,
            verify_by=verify_by,
            offices=offices,
            begun=set(known.filter(period=period).values_list("office", flat=True)),
            submitted_before=set(
                known.filter(period=period.previous(), first_submitted_at__isnull=False).values_list(
                    "office", flat=True
                )
            ),
            pasts=pasts_of(
                {office: baseline_of(office) for office in offices.values()},
                period,
                versions_of_all(offices.values(), periods_read(period)),
            ),
            proposals=proposals,
            mine=_postings(by, at),
            judges=_postings(verify_by, at) if verify_by else [],
        )

    def compose(self, delivery: Delivery) -> tuple[Composed, Judgement]:
        """The rows of one delivery; one of the errors that `import_returns` passes over if it does not go through."""
        office = self.offices.get(delivery.office)
        if office is None or office.pk in self.begun:
            raise _LeftAloneError
        check_delivery(delivery, office, self.period, self.form)
        right = right_to_import(self.mine, office)
        made = self._open(office, right)
        sheet = self._sheet(made)
        source = source_of(delivery)
        judgement = judge(delivery, sheet, source=source)
        if judgement.refused:
            raise _LeftAloneError
        hand = self._hand(right, office)
        self._save(made, sheet, judgement, hand)
        filled = with_values(sheet, made.values)
        self._remark(made, filled, judgement, source, hand)
        self._mark(made, judgement)
        if self.submit:
            self._submit(made, filled, self._hand(right_to_submit(right), office))
        if self.submit and self.verify_by is not None:
            self._verify(made, self.verify_by)
        return made, judgement

    def _hand(self, right: str, office: Office) -> Hand:
        posting = posting_among(self.mine, right, office.path)
        if posting is None:
            raise PermissionDenied(right)
        return Hand(self.by, posting.post, self.at)

    def _open(self, office: Office, right: str) -> Composed:
        check_sequence(
            office,
            self.period,
            today=Period.of(dhaka_date(self.at)),
            was_submitted=office.pk in self.submitted_before,
        )
        return Composed.open(office, path_on(office, self.period), self.period, self.form, self._hand(right, office))

    def _sheet(self, made: Composed) -> Sheet:
        """The return as it stands before anything is written: blank, its past and the registers beside it."""
        office = made.ret.office
        return Sheet(
            ret=made.ret,
            version=made.version,
            catalogue=catalogue_of(self.form, [office.kind]),
            past=self.pasts[office.pk],
            values={},
            amounts={},
            remarks=made.remarks,
            proposals=self.proposals[office.pk],
        )

    @cached_property
    def _whole(self) -> Catalogue:
        return catalogue_of(self.form)

    def _save(self, made: Composed, sheet: Sheet, judgement: Judgement, hand: Hand) -> None:
        if not judgement.changes:
            return
        enterable(self._whole, made.ret, judgement.changes)
        changed = [change for change in judgement.changes if change.amount is not None]
        if refusals(changed, sheet.proposals):
            raise _LeftAloneError
        figures = sheet.proposals
        rows = [value_row(made.version, one, None, figures.get(one.cell), hand.by, hand.at) for one in changed]
        made.save(rows, hand, key=f"import-{uuid4().hex}")

    def _remark(self, made: Composed, sheet: Sheet, judgement: Judgement, source: str, hand: Hand) -> None:
        for finding, text in list(answers(sheet, judgement, source=source)):
            words = check_remark(self._whole, finding.rule, finding.cell, text)
            if words:
                made.remark(finding, words, hand)

    def _mark(self, made: Composed, judgement: Judgement) -> None:
        if judgement.changes:
            made.version.imported_by = self.by
            made.act("import_return", Hand(self.by, "", self.at))

    def _submit(self, made: Composed, sheet: Sheet, hand: Hand) -> None:
        check_month_over(self.period, at=self.at)
        check_month_before(sheet)
        if sheet.obstacles:
            raise _LeftAloneError
        made.submit(sheet, hand)

    def _verify(self, made: Composed, judge: Officer) -> None:
        """Nobody but the importer had a hand in it; its openings are those of this moment, and it has no flag."""
        opening = self.pasts[made.ret.office_id].opening
        if not (opening.is_beginning or opening.is_verified):
            raise _LeftAloneError
        seat = self._benches[made.ret.office_path].seat_of(judge)
        if seat is None and judge.pk != self.by.pk:
            seat = posting_among(self.judges, IMPORT, made.ret.office.path)
        if seat is None:
            raise PermissionDenied("returns.verify_return")
        made.verify(Hand(judge, seat.post, self.at), on_import=True)

    @cached_property
    def _benches(self) -> dict[str, Bench]:
        """By the path that an office had in the month."""
        paths = {path_on(office, self.period) for office in self.offices.values()}
        return benches_at(paths, self.period, {self.by.pk}, dhaka_date(self.at))


def _postings(officer: Officer, at: datetime) -> list[Posting]:
    return officer.postings_on(dhaka_date(at)) if officer.is_active else []
