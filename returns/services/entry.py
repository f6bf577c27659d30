"""Entering a return: open it and save its cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.activity import record_activity
from core.errors import UserError
from core.evidence import Figure
from core.numbers import MAX_AMOUNT
from core.periods import Period, dhaka_date
from core.templatetags.figures import digits
from core.text import clean_text
from offices.models import Office, Officer
from offices.places import path_on
from offices.rights import require_right
from returns.catalogue import Catalogue, Cell
from returns.choices import Origin
from returns.models import Return, ReturnVersion, SaveReceipt, Value
from returns.published import catalogue_of, form_for
from returns.services.locking import hold_office, lock_draft
from returns.services.sequence import check_sequence
from returns.sheet import typed_origin
from returns.sources import proposals_for

MAX_REMARK = 1000


@dataclass(frozen=True)
class CellChange:
    """A figure typed into a cell (None clears it). ``base_revision`` is the revision the officer saw, 0 for a blank
    never written; ``reason`` says why it differs from the registers."""

    cell: str
    amount: int | None
    base_revision: int = 0
    reason: str = ""


@dataclass(frozen=True)
class Conflict:
    """A cell that somebody changed meanwhile: nothing of it was overwritten."""

    cell: str
    mine: int | None
    theirs: int | None
    name: str
    revision: int


@dataclass(frozen=True)
class Refusal:
    """A cell that was not saved, and why."""

    cell: str
    message: str


@dataclass(frozen=True)
class SaveResult:
    """What became of a save. ``repeated`` says that the same key had been answered before."""

    saved: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    refused: tuple[Refusal, ...] = ()
    repeated: bool = False

    @property
    def is_clean(self) -> bool:
        return not self.conflicts and not self.refused


@transaction.atomic
def open_return(
    office: Office, period: Period, *, by: Officer, at: datetime, right: str = "returns.enter_return"
) -> Return:
    """Open an office's return of a month, or give back the one that is open.

    A month opens on its first day, in sequence after the baseline, once the month before was submitted (`UserError`).
    """
    today = dhaka_date(at)
    existing = Return.objects.select_related("office", "form").filter(office=office, period=period).first()
    office = office if existing else hold_office(office)
    posting = require_right(by, right, office, on=today)
    if existing is not None:
        return existing
    check_sequence(office, period, today=Period.of(today))
    ret, is_new = Return.objects.get_or_create(
        office=office, period=period, defaults={"office_path": path_on(office, period), "form": form_for(period)}
    )
    if not is_new:  # another officer opened it in the same moment
        return ret
    ReturnVersion.objects.create(ret=ret, number=1, opened_at=at)
    record_activity("returns.open_return", ret, by=by, at=at, office_path=office.path, post=posting.post)
    return ret


@transaction.atomic
def save_cells(
    ret: Return,
    changes: Sequence[CellChange],
    *,
    key: str,
    by: Officer,
    at: datetime,
    right: str = "returns.enter_return",
) -> SaveResult:
    """Save typed cells of a draft. The same key twice is one save with one answer.

    A cell that another hand changed since ``base_revision`` is left alone and told as a conflict; a cell that differs
    from the registers without a reason is refused; all others are saved. `UserError` for cells that nobody types.
    """
    ret, version, posting = lock_draft(ret, by=by, at=at, right=right, key=key)
    answer = getattr(version, "answer", None)
    if answer is not None:
        return _from_answer(answer)
    catalogue = catalogue_of(ret.form)
    cells = enterable(catalogue, ret, changes)
    values = {value.cell: value for value in Value.objects.filter(version=version)}
    proposals = proposals_for(cells.values(), ret.office, ret.period)
    changed = [change for change in changes if _is_change(change, values.get(change.cell))]
    conflicts = _conflicts(changed, values)
    theirs = {conflict.cell for conflict in conflicts}
    refused = refusals([change for change in changed if change.cell not in theirs], proposals)
    kept = theirs | {refusal.cell for refusal in refused}
    rows = [
        value_row(version, change, values.get(change.cell), proposals.get(change.cell), by, at)
        for change in changed
        if change.cell not in kept
    ]
    result = SaveResult(tuple(row.cell for row in rows), tuple(conflicts), tuple(refused))
    write_values(ret, version, rows, values, verb="save_cells", by=by, at=at, post=posting.post)
    SaveReceipt.objects.create(version=version, key=key, answer=asdict(result), by=by, at=at)
    return result


def _from_answer(answer: Mapping[str, Any]) -> SaveResult:
    return SaveResult(
        saved=tuple(answer["saved"]),
        conflicts=tuple(Conflict(**row) for row in answer["conflicts"]),
        refused=tuple(Refusal(**row) for row in answer["refused"]),
        repeated=True,
    )


def enterable(catalogue: Catalogue, ret: Return, changes: Sequence[CellChange]) -> dict[str, Cell]:
    """The cells changed; `UserError` for one that the office does not enter, or an amount below zero."""
    mine = {cell.key: cell for cell in catalogue.entered_cells(ret.office.kind)}
    for change in changes:
        if change.cell not in mine:
            raise UserError(
                _("%(cell)s is not a figure that your office enters.") % {"cell": change.cell}, cell=change.cell
            )
        if change.amount is not None and change.amount < 0:
            raise UserError(_("%(cell)s cannot be less than zero.") % {"cell": change.cell}, cell=change.cell)
    return {change.cell: mine[change.cell] for change in changes}


def _is_change(change: CellChange, value: Value | None) -> bool:
    if value is None:
        return change.amount is not None
    return value.amount != change.amount or (bool(change.reason) and value.reason != change.reason)


def _conflicts(changed: Sequence[CellChange], values: Mapping[str, Value]) -> list[Conflict]:
    met = [
        (change, value)
        for change in changed
        if (value := values.get(change.cell)) is not None and value.revision != change.base_revision
    ]
    names = Officer.objects.in_bulk({value.entered_by_id for _change, value in met}) if met else {}
    return [
        Conflict(change.cell, change.amount, value.amount, _name(names, value), value.revision) for change, value in met
    ]


def _name(names: Mapping[Any, Officer], value: Value) -> str:
    officer = names.get(value.entered_by_id)
    return officer.name if officer else ""


def refusals(changed: Sequence[CellChange], proposals: Mapping[str, Figure]) -> list[Refusal]:
    """Changes that are not saved: too large, too long a reason, or without one against the registers."""
    refused = []
    for change in changed:
        figure = proposals.get(change.cell)
        if change.amount is not None and change.amount > MAX_AMOUNT:
            refused.append(Refusal(change.cell, _("This number is too large. Check how many digits it has.")))
        elif len(change.reason) > MAX_REMARK:
            refused.append(Refusal(change.cell, too_long(change.reason)))
        elif figure and change.amount not in (None, figure.amount) and not clean_text(change.reason):
            refused.append(Refusal(change.cell, _("The registers say otherwise. Write why your figure differs.")))
    return refused


def too_long(text: str) -> str:
    """What is said of a remark or reason beyond the limit."""
    return _("This has %(length)s characters; at most %(limit)s fit. Shorten it.") % {
        "length": digits(len(text)),
        "limit": digits(MAX_REMARK),
    }


def value_row(
    version: ReturnVersion, change: CellChange, value: Value | None, figure: Figure | None, by: Officer, at: datetime
) -> Value:
    origin = typed_origin(change.amount, figure)
    return Value(
        version=version,
        cell=change.cell,
        amount=change.amount,
        origin=origin,
        proposed=figure.amount if figure else None,
        reason=clean_text(change.reason) if origin is Origin.OVERRIDE else "",
        revision=value.revision + 1 if value else 1,
        entered_by=by,
        entered_at=at,
        rows_hash=figure.digest if figure and origin is Origin.REGISTER else "",
    )


def write_values(
    ret: Return,
    version: ReturnVersion,
    rows: Sequence[Value],
    values: Mapping[str, Value],
    *,
    verb: str,
    by: Officer,
    at: datetime,
    post: str,
) -> None:
    """Write rows of a draft in one statement, with the activity that says what they were before."""
    if not rows:
        return
    Value.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["version", "cell"],
        update_fields=[
            "amount", "origin", "proposed", "reason", "revision", "entered_by", "entered_at",
            "rows_model", "rows", "rows_hash",
        ],
    )  # fmt: skip
    if version.is_nil and verb != "make_nil":
        version.is_nil = False
        version.save(update_fields=["is_nil"])
    record_activity(
        f"returns.{verb}",
        ret,
        by=by,
        at=at,
        office_path=ret.office_path,
        post=post,
        before={row.cell: values[row.cell].amount for row in rows if row.cell in values},
        after={row.cell: row.amount for row in rows},
    )
