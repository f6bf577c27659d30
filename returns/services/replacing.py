"""Writing the versions that an approved amendment makes: the amended return's, and those of the later months."""

from __future__ import annotations

from datetime import datetime

from core.evidence import Figure
from offices.models import Officer
from returns.amending import Hypothesis
from returns.amendment_models import Amendment
from returns.annexes import annex_cells
from returns.cascade import MovedMonth
from returns.choices import Origin, ReturnState, VersionKind
from returns.models import Remark, ReturnVersion, Value
from returns.rollup import request_totals
from returns.services.annexes import keep_annex_rows
from returns.sheet import typed_origin
from returns.sources import proposals_for


def replace_versions(amendment: Amendment, hypothesis: Hypothesis, *, by: Officer, at: datetime) -> list[ReturnVersion]:
    """Supersede every version that moves, write its successor, and ask for the totals above the verified ones.

    A month that was submitted and not yet verified stays submitted, by the same hand and at the same instant.
    """
    made = []
    for month in hypothesis.months:
        old = hypothesis.versions[month.period]
        was_verified = old.state == ReturnState.VERIFIED
        typed = set(hypothesis.changes.get(month.period, ()))
        new = _succeed(amendment, old, is_amended=bool(typed), by=by, at=at)
        _copy_values(amendment, month, old, new, typed, at=at)
        _copy_remarks(amendment, month, old, new)
        if was_verified:
            request_totals(old.ret, by=by, at=at)
        made.append(new)
    return made


def _succeed(amendment: Amendment, old: ReturnVersion, *, is_amended: bool, by: Officer, at: datetime) -> ReturnVersion:
    """The next version, in the state of the one it replaces."""
    state = old.state
    ReturnVersion.objects.filter(pk=old.pk).update(state=ReturnState.SUPERSEDED, superseded_at=at)
    new = ReturnVersion(
        ret=old.ret,
        number=old.number + 1,
        state=state,
        opened_at=at,
        submitted_at=old.submitted_at,
        submitted_by=old.submitted_by,
        kind=VersionKind.AMENDED if is_amended else VersionKind.CARRIED,
        amendment=amendment,
        is_nil=old.is_nil and not is_amended,
        imported_by=old.imported_by,
    )
    if state == ReturnState.VERIFIED:
        new.submitted_at, new.submitted_by = amendment.proposed_at, amendment.requested_by
        new.decided_at, new.decided_by = at, by
    new.save()
    return new


def _copy_values(
    amendment: Amendment, month: MovedMonth, old: ReturnVersion, new: ReturnVersion, typed: set[str], *, at: datetime
) -> None:
    """Every figure as it was, but for those that move; origins and register rows stay with what was not typed anew."""
    moved = {cell.cell for cell in month.cells}
    cells = [month.catalogue.cells_by_key[cell] for cell in typed]
    figures = proposals_for(cells, old.ret.office, month.period)
    rows = []
    for value in Value.objects.filter(version=old):
        value.pk, value.version = None, new
        if value.cell in moved:
            value.amount = month.amounts[value.cell]
            value.revision += 1
            value.entered_at = at
        if value.cell in typed:
            _retype(amendment, value, figures.get(value.cell))
        rows.append(value)
    Value.objects.bulk_create(rows)
    listed = {cell.key for cell in annex_cells(month.catalogue)}
    keep_annex_rows(new, (row for row in rows if row.cell in listed), successor_of=old)


def _retype(amendment: Amendment, value: Value, figure: Figure | None) -> None:
    """A figure that the office typed anew, beside what the registers say now."""
    value.entered_by, value.entered_at = amendment.requested_by, amendment.requested_at
    value.origin = typed_origin(value.amount, figure)
    value.reason = amendment.reason if value.origin == Origin.OVERRIDE else ""
    value.proposed = figure.amount if figure else None
    value.rows_model, value.rows, value.rows_hash = "", [], ""
    if figure is not None:
        value.rows_model, value.rows, value.rows_hash = figure.model, list(figure.keys), figure.digest


def _copy_remarks(amendment: Amendment, month: MovedMonth, old: ReturnVersion, new: ReturnVersion) -> None:
    """The remarks there were; a warning that the amendment raises is answered by its reason."""
    remarks = list(Remark.objects.filter(version=old))
    answered = {(remark.rule, remark.cell) for remark in remarks}
    for remark in remarks:
        remark.pk, remark.version = None, new
    said_at = amendment.proposed_at or amendment.requested_at
    remarks += [
        Remark(
            version=new,
            rule=finding.rule,
            cell=finding.cell,
            text=amendment.reason,
            by=amendment.requested_by,
            at=said_at,
        )
        for finding in month.doubts
        if (finding.rule, finding.cell) not in answered
    ]
    Remark.objects.bulk_create(remarks)
