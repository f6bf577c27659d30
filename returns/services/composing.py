"""Returns composed in memory and written together: row for row what the services write act by act.

The services take some forty statements a return, which a country's month multiplies by five hundred. What is computed,
asked and frozen is computed, asked and frozen here by the same pure functions; whoever composes has judged already that
each act is allowed. Tests compare every row with what the services make of the same figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from core.activity import subject_of
from core.bulk import insert_rows
from core.models import Activity
from core.periods import Period
from offices.models import Office, Officer
from returns.annex_models import AnnexRows
from returns.choices import ReturnState
from returns.models import Form, Remark, Return, ReturnVersion, SaveReceipt, Value
from returns.rules import Finding
from returns.services.annexes import annex_rows_of
from returns.services.entry import SaveResult
from returns.services.submission import frozen_rows, listed_rows
from returns.sheet import Sheet


@dataclass(frozen=True)
class Hand:
    """Who acts, in which post, at which instant."""

    by: Officer
    post: str
    at: datetime


@dataclass
class Composed:
    """The rows of one return from its opening on. An activity's subject is known once the return is written."""

    ret: Return
    version: ReturnVersion
    values: dict[str, Value] = field(default_factory=dict)
    listed: list[Value] = field(default_factory=list)
    remarks: dict[tuple[str, str], Remark] = field(default_factory=dict)
    receipts: list[SaveReceipt] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)

    @classmethod
    def open(cls, office: Office, path: str, period: Period, form: Form, hand: Hand) -> Composed:
        """A new return of an office that stood at a path in the month."""
        ret = Return(office=office, office_path=path, period=period, form=form)
        made = cls(ret, ReturnVersion(ret=ret, number=1, opened_at=hand.at))
        made.act("open_return", hand, path=office.path)
        return made

    def save(self, rows: Sequence[Value], hand: Hand, *, verb: str = "save_cells", key: str = "") -> None:
        """Figures of cells that were blank before; ``key`` is that of the save, if it leaves a receipt."""
        self.values |= {row.cell: row for row in rows}
        if rows:
            self.act(verb, hand, after={row.cell: row.amount for row in rows})
        if key:
            answer = vars(SaveResult(tuple(row.cell for row in rows)))
            self.receipts.append(SaveReceipt(version=self.version, key=key, answer=answer, by=hand.by, at=hand.at))

    def remark(self, finding: Finding, text: str, hand: Hand) -> None:
        """Settle a warning."""
        about = {"rule": finding.rule, "cell": finding.cell, "text": text}
        row = Remark(version=self.version, **about, by=hand.by, at=hand.at)
        self.remarks[row.rule, row.cell] = row
        self.act("write_remark", hand, after=about)

    def submit(self, sheet: Sheet, hand: Hand) -> None:
        """Freeze a sheet of these values, computed, and submit it."""
        rows = frozen_rows(sheet, at=hand.at)
        self.values, self.listed = {row.cell: row for row in rows}, listed_rows(sheet, rows)
        self.ret.state = self.version.state = ReturnState.SUBMITTED
        self.ret.first_submitted_at = self.version.submitted_at = hand.at
        self.version.submitted_by = hand.by
        self.act("submit_return", hand, after={"version": self.version.number})

    def verify(self, hand: Hand, *, on_import: bool = False) -> None:
        self.ret.state = self.version.state = ReturnState.VERIFIED
        self.version.decided_at, self.version.decided_by = hand.at, hand.by
        self.version.is_verified_on_import = on_import
        after = {"version": self.version.number} | ({"on_import": True} if on_import else {})
        self.act("verify_return", hand, after=after)

    def act(self, verb: str, hand: Hand, *, after: Mapping[str, Any] | None = None, path: str = "") -> None:
        """Put an act on record."""
        self.activities.append(
            Activity(
                verb=f"returns.{verb}",
                actor=hand.by.get_username(),
                at=hand.at,
                office_path=path or self.ret.office_path,
                post=hand.post,
                before={},
                after=dict(after or {}),
            )
        )


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
        rows: list[Value | Remark | SaveReceipt] = [*one.values.values(), *one.remarks.values(), *one.receipts]
        for row in rows:
            row.version = one.version
    _insert_values([value for one in composed for value in one.values.values()])
    Remark.objects.bulk_create([remark for one in composed for remark in one.remarks.values()])
    SaveReceipt.objects.bulk_create([receipt for one in composed for receipt in one.receipts])
    AnnexRows.objects.bulk_create(annex_rows_of({one.version: one.listed for one in composed}))
    Activity.objects.bulk_create([activity for one in composed for activity in one.activities])
    return sum(len(one.values) for one in composed)


def _insert_values(values: Iterable[Value]) -> None:
    """A field takes few different values but for the amounts: each is prepared once."""
    fields = [field for field in Value._meta.concrete_fields if not field.primary_key]
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
    insert_rows(Value, [str(field.column) for field in fields], rows)
