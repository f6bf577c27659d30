"""Submitting a return: everything computed afresh, every rule asked, every figure frozen with its rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.activity import record_activity
from core.errors import UserError
from core.evidence import Figure
from core.periods import Period, dhaka_date
from offices.models import Officer
from returns.annexes import annex_cells
from returns.catalogue import Cell
from returns.choices import LineKind, Origin, ReturnState
from returns.models import Return, ReturnVersion, Value
from returns.rules import Finding
from returns.services.annexes import keep_annex_rows
from returns.services.locking import lock_draft
from returns.sheet import Sheet, load_sheet


class SubmissionRefusedError(UserError):
    """The return cannot be submitted yet; ``findings`` say what stands in the way, worst first."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(_("The return cannot be submitted yet. Mend what is listed first."), cell=findings[0].cell)
        self.findings = findings


@transaction.atomic
def submit_return(ret: Return, *, by: Officer, at: datetime, right: str = "returns.submit_return") -> ReturnVersion:
    """Submit a draft to the immediate superior and freeze its figures.

    `UserError` before the month has ended, while the month before stands sent back, or if the return is no draft;
    `SubmissionRefusedError` with the findings while a rule blocks or a warning has no remark.
    """
    ret, version, posting = lock_draft(ret, by=by, at=at, right=right)
    check_month_over(ret.period, at=at)
    sheet = load_sheet(ret, version)
    check_month_before(sheet)
    if obstacles := sheet.obstacles:
        raise SubmissionRefusedError(obstacles)
    _freeze(sheet, at=at)
    version.state, version.submitted_at, version.submitted_by = ReturnState.SUBMITTED, at, by
    version.save(update_fields=["state", "submitted_at", "submitted_by"])
    ret.state = ReturnState.SUBMITTED
    ret.first_submitted_at = ret.first_submitted_at or at
    ret.save(update_fields=["state", "first_submitted_at"])
    record_activity(
        "returns.submit_return",
        ret,
        by=by,
        at=at,
        office_path=ret.office_path,
        post=posting.post,
        after={"version": version.number},
    )
    return version


def check_month_over(period: Period, *, at: datetime) -> None:
    """Raise `UserError` before the month has ended."""
    if dhaka_date(at) <= period.last:
        raise UserError(
            _("%(period)s is not over yet. The return can be submitted from the first day of the next month.")
            % {"period": period.label()}
        )


def check_month_before(sheet: Sheet) -> None:
    """A month whose predecessor stands sent back would open with figures that are known to be wrong."""
    opening = sheet.past.opening
    if opening.version is not None and opening.version.state == ReturnState.RETURNED:
        raise UserError(
            _("The return of %(previous)s was sent back. Submit that one first; its closings open this one.")
            % {"previous": opening.period.label()}
        )


def _freeze(sheet: Sheet, *, at: datetime) -> None:
    rows = frozen_rows(sheet, at=at)
    Value.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["version", "cell"],
        update_fields=["amount", "origin", "proposed", "rows_model", "rows", "rows_hash"],
    )
    keep_annex_rows(sheet.version, listed_rows(sheet, rows))


def frozen_rows(sheet: Sheet, *, at: datetime) -> list[Value]:
    """Every cell of a draft as its submission freezes it."""
    return [_frozen(sheet, cell, at) for cell in sheet.catalogue.cells]


def listed_rows(sheet: Sheet, rows: Iterable[Value]) -> list[Value]:
    """Those of a version's rows whose register rows its annexes list."""
    listed = {cell.key for cell in annex_cells(sheet.catalogue)}
    return [row for row in rows if row.cell in listed]


def _frozen(sheet: Sheet, cell: Cell, at: datetime) -> Value:
    """A cell as it is submitted: entered ones keep their hand, the others get the instant of submission."""
    figure = sheet.proposals.get(cell.key)
    value = sheet.values.get(cell.key)
    if cell.is_entered and value is not None:
        return _with_rows(value, figure)
    origin = {LineKind.OPENING: Origin.OPENING, LineKind.TARGET: Origin.TARGET}.get(cell.line.kind, Origin.COMPUTED)
    return Value(
        version=sheet.version,
        cell=cell.key,
        amount=sheet.amounts[cell.key],
        origin=Origin.COMPUTED if cell.is_total else origin,
        entered_at=at,
    )


def _with_rows(value: Value, figure: Figure | None) -> Value:
    """The registers' side of a figure at submission: what they said, by which rows, and the hash of those."""
    value.pk = None
    if figure is not None:
        value.proposed = figure.amount
        value.origin = Origin.REGISTER if value.amount == figure.amount else Origin.OVERRIDE
        value.rows_model, value.rows, value.rows_hash = figure.model, list(figure.keys), figure.digest
    return value
