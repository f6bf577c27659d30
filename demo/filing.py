"""Files returns in bulk: the same rows as the officers' services write, composed in memory and written at once.

`returns.services` take some twenty statements a return; a country's history would take a quarter of an hour. What is
computed, asked and frozen is computed, asked and frozen by the same pure rules, and a test compares every row with what
the services make of the same figures. Only for offices whose registers hold nothing: their proposals are zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from core.activity import subject_of
from core.evidence import Figure
from core.models import Activity
from core.periods import FiscalYear, Period
from offices.choices import HEAD_OF_KIND, OfficeKind
from offices.models import Office, Officer
from returns.catalogue import Catalogue, Cell
from returns.choices import LineKind, Origin, ReturnState
from returns.history import june_before
from returns.models import Remark, Return, ReturnVersion, Value
from returns.published import catalogue_of, form_for
from returns.rules import Amounts, Context, Finding, blanks, check, compute
from returns.sheet import typed_origin
from returns.sources import proposals_for

REMARK = "প্রদর্শনীর তথ্য: সূত্র বানানো পরিকল্পনা, প্রকৃত কার্যালয়ের নয়।"
REASON = "প্রদর্শনীর বানানো তথ্য: এ কার্যালয়ের রেজিস্টার এখনো তোলা হয়নি।"


@dataclass(frozen=True)
class Filing:
    """A month as it was filed: the figures typed, and when. Without ``submitted_at`` it stays an untouched draft."""

    period: Period
    figures: Mapping[str, int]
    opened_at: datetime
    entered_at: datetime
    submitted_at: datetime | None
    verified_at: datetime | None


@dataclass(frozen=True)
class Hands:
    """Who enters and submits for an office, and who verifies."""

    office: Office
    head: Officer
    superior: Officer


@dataclass(frozen=True)
class Beginning:
    """What an office brings: the baseline's closings and flows since July by cell, and targets by fiscal year."""

    period: Period
    closing: Amounts
    cumulative: Amounts
    targets: Mapping[FiscalYear, Mapping[str, int]]


def empty_proposals(office: Office, period: Period) -> dict[str, Figure]:
    """What the registers propose for an office of which they know nothing, the same each month."""
    proposals = proposals_for(catalogue_of(form_for(period), [office.kind]).cells, office, period)
    if any(figure.keys for figure in proposals.values()):
        raise AssertionError(f"{office.code} has registers; its returns come from them")
    return proposals


@dataclass
class Composed:
    """The rows of one return. An activity's subject is known once the return is written."""

    ret: Return
    version: ReturnVersion
    values: list[Value] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)


@dataclass
class Book:
    """An office's returns one after another, with the figures that the next ones read.

    ``proposals`` are what registers that hold nothing propose.
    """

    hands: Hands
    beginning: Beginning
    proposals: Mapping[str, Figure]
    closings: dict[Period, Amounts] = field(default_factory=dict)

    def compose(self, filing: Filing) -> Composed:
        """The rows of the next month. A figure that breaks a blocking rule is a fault of the plan."""
        office, form = self.hands.office, form_for(filing.period)
        version = ReturnVersion(number=1, opened_at=filing.opened_at)
        ret = Return(office=office, office_path=office.path, period=filing.period, form=form)
        made = Composed(ret, version)
        version.ret = ret
        self._act(made, "open_return", self.hands.head, filing.opened_at)
        if filing.submitted_at is not None:
            self._enter(made, filing, catalogue_of(form, [office.kind]))
            self._submit(made, filing.submitted_at)
        if filing.verified_at is not None:
            self._verify(made, filing.verified_at)
        return made

    def _enter(self, made: Composed, filing: Filing, catalogue: Catalogue) -> None:
        typed = filing.figures
        entered = catalogue.entered_cells(self.hands.office.kind)
        zeros = {cell.key: 0 for cell in entered if cell.line.kind is LineKind.FLOW and cell.key not in typed}
        context = self._context(filing.period)
        amounts = compute(catalogue, {**typed, **zeros}, context)
        self._answer(made, [*blanks(catalogue, amounts), *check(catalogue, amounts, context)], filing.entered_at)
        made.values = [self._value(made.version, cell, amounts, filing, cell.key in typed) for cell in catalogue.cells]
        head = self.hands.head
        self._act(made, "save_cells", head, filing.entered_at, after=dict(typed))
        self._act(made, "fill_zeros", head, filing.entered_at, after=zeros)
        for remark in made.remarks:
            after = {"rule": remark.rule, "cell": remark.cell, "text": remark.text}
            self._act(made, "write_remark", head, filing.entered_at, after=after)
        self.closings[filing.period] = amounts

    def _value(self, version: ReturnVersion, cell: Cell, amounts: Amounts, filing: Filing, is_typed: bool) -> Value:
        """A cell as submission freezes it."""
        amount = amounts[cell.key]
        assert filing.submitted_at is not None
        if not cell.is_entered:
            return Value(
                version=version, cell=cell.key, amount=amount, origin=_origin(cell), entered_at=filing.submitted_at
            )
        figure = self.proposals.get(cell.key)
        origin = typed_origin(amount, figure) if is_typed or figure else Origin.ZERO
        return Value(
            version=version,
            cell=cell.key,
            amount=amount,
            origin=origin,
            proposed=figure.amount if figure else None,
            reason=REASON if origin is Origin.OVERRIDE else "",
            entered_by=self.hands.head,
            entered_at=filing.entered_at,
            rows_model=figure.model if figure else "",
            rows_hash=figure.digest if figure else "",
        )

    def _answer(self, made: Composed, findings: Iterable[Finding], at: datetime) -> None:
        for finding in findings:
            if finding.is_block:
                raise AssertionError(f"the plan of {made.ret} breaks {finding}")
            made.remarks.append(
                Remark(
                    version=made.version, rule=finding.rule, cell=finding.cell, text=REMARK, by=self.hands.head, at=at
                )
            )

    def _submit(self, made: Composed, at: datetime) -> None:
        ret, version = made.ret, made.version
        ret.state = version.state = ReturnState.SUBMITTED
        ret.first_submitted_at = version.submitted_at = at
        version.submitted_by = self.hands.head
        self._act(made, "submit_return", self.hands.head, at, after={"version": 1})

    def _verify(self, made: Composed, at: datetime) -> None:
        ret, version = made.ret, made.version
        ret.state = version.state = ReturnState.VERIFIED
        version.decided_at, version.decided_by = at, self.hands.superior
        self._act(made, "verify_return", self.hands.superior, at, after={"version": 1})

    def _act(
        self, made: Composed, verb: str, by: Officer, at: datetime, after: Mapping[str, object] | None = None
    ) -> None:
        office = self.hands.office
        kind = office.kind if by == self.hands.head else OfficeKind.DISTRICT
        made.activities.append(
            Activity(
                verb=f"returns.{verb}",
                actor=by.get_username(),
                at=at,
                office_path=office.path,
                post=HEAD_OF_KIND[OfficeKind(kind)],
                before={},
                after=dict(after or {}),
            )
        )

    def _context(self, period: Period) -> Context:
        """What the month knows of its past (`returns.history`), from what this book holds."""
        begun, closings = self.beginning, {self.beginning.period: self.beginning.closing} | self.closings
        year = period.year_before()
        before: dict[str, int | None] = {}
        for month in year:
            flows = begun.cumulative if month == begun.period else self.closings.get(month, {})
            for cell, amount in flows.items():
                before[cell] = (before.get(cell) or 0) + (amount or 0)
        return Context(
            month=period.first.month,
            previous=closings[period.previous()],
            before=before,
            june=closings.get(june_before(period), {}),
            targets=begun.targets.get(period.fiscal_year, {}),
        )


def _origin(cell: Cell) -> Origin:
    if cell.is_total:
        return Origin.COMPUTED
    return {LineKind.OPENING: Origin.OPENING, LineKind.TARGET: Origin.TARGET}.get(cell.line.kind, Origin.COMPUTED)


@transaction.atomic
def store_returns(composed: Sequence[Composed]) -> int:
    """Write the rows, each table in one go. Returns how many values."""
    Return.objects.bulk_create([one.ret for one in composed])
    for one in composed:
        one.version.ret = one.ret
        for activity in one.activities:
            activity.subject = subject_of(one.ret)
    ReturnVersion.objects.bulk_create([one.version for one in composed])
    for one in composed:
        for value in one.values:
            value.version = one.version
        for remark in one.remarks:
            remark.version = one.version
    _insert_values([value for one in composed for value in one.values])
    Remark.objects.bulk_create([remark for one in composed for remark in one.remarks])
    Activity.objects.bulk_create([activity for one in composed for activity in one.activities])
    return sum(len(one.values) for one in composed)


def _insert_values(values: Sequence[Value]) -> None:
    """What ``bulk_create`` does, without preparing each field of each row anew: a fifth of its time.

    A field takes few different values but for the amounts, so that each is prepared once.
    """
    fields = [field for field in Value._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    known: list[dict[Any, Any]] = [{} for _field in fields]
    rows: list[list[Any]] = []
    for value in values:
        row: list[Any] = []
        for column, prepared in zip(fields, known, strict=True):
            given = getattr(value, column.attname)
            key = tuple(given) if isinstance(given, list) else given
            if key not in prepared:
                prepared[key] = column.get_db_prep_save(given, connection)
            row.append(prepared[key])
        rows.append(row)
    table = connection.ops.quote_name(Value._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)  # noqa: S608  names of our own
