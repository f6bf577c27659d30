"""Filling a draft by one button: the registers' figures, explicit zeros, or "nothing happened"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import UserError
from core.evidence import Figure
from core.language import reader_wants_bangla
from offices.models import Officer
from returns.catalogue import Catalogue, Cell
from returns.choices import LineKind, Origin
from returns.history import past_of, periods_read, versions_of
from returns.models import Return, ReturnVersion, Value
from returns.published import catalogue_of
from returns.services.entry import CellChange, SaveResult, value_row, write_values
from returns.services.locking import lock_draft
from returns.sheet import baseline_of
from returns.sources import proposals_for


@transaction.atomic
def confirm_proposals(ret: Return, *, section: str | None = None, by: Officer, at: datetime) -> SaveResult:
    """Take the registers' figures of a section (or of the whole return). A figure overridden with a reason that
    answers what they say now stays as it is."""
    ret, version, posting = lock_draft(ret, by=by, at=at)
    catalogue = catalogue_of(ret.form)
    cells = list(_of_section(catalogue, ret, section))
    proposals = proposals_for(cells, ret.office, ret.period)
    values = {value.cell: value for value in Value.objects.filter(version=version)}
    rows = []
    for cell in cells:
        figure, value = proposals.get(cell.key), values.get(cell.key)
        if figure and not _stands(value, figure):
            rows.append(value_row(version, CellChange(cell.key, figure.amount), value, figure, by, at))
    write_values(ret, version, rows, values, verb="confirm_proposals", by=by, at=at, post=posting.post)
    return SaveResult(tuple(row.cell for row in rows))


def _stands(value: Value | None, figure: Figure) -> bool:
    """Whether a value needs no confirming: it says what the registers say, or overrides just that with a reason."""
    if value is None or value.amount is None:
        return False
    if value.amount == figure.amount:
        return value.origin == Origin.REGISTER and value.rows_hash == figure.digest
    return bool(value.reason) and value.proposed == figure.amount


def _of_section(catalogue: Catalogue, ret: Return, section: str | None) -> Iterable[Cell]:
    if section is not None and section not in catalogue.sections_by_code:
        raise UserError(_("The form has no section %(section)s.") % {"section": section})
    return [cell for cell in catalogue.entered_cells(ret.office.kind) if section in (None, cell.line.section)]


@transaction.atomic
def fill_zeros(ret: Return, *, section: str | None = None, by: Officer, at: datetime) -> SaveResult:
    """Write explicit zeros into the blank flows of a section (or of all), except where the registers count more."""
    ret, version, posting = lock_draft(ret, by=by, at=at)
    catalogue = catalogue_of(ret.form)
    values = {value.cell: value for value in Value.objects.filter(version=version)}
    blank = [
        cell
        for cell in _of_section(catalogue, ret, section)
        if cell.line.kind is LineKind.FLOW and _is_blank(values.get(cell.key))
    ]
    proposals = proposals_for(blank, ret.office, ret.period)
    rows = [
        zero_row(version, cell, values.get(cell.key), proposals.get(cell.key), by, at)
        for cell in blank
        if not (figure := proposals.get(cell.key)) or figure.amount == 0
    ]
    write_values(ret, version, rows, values, verb="fill_zeros", by=by, at=at, post=posting.post)
    return SaveResult(tuple(row.cell for row in rows))


def _is_blank(value: Value | None) -> bool:
    return value is None or value.amount is None


def zero_row(
    version: ReturnVersion, cell: Cell, value: Value | None, figure: Figure | None, by: Officer, at: datetime
) -> Value:
    """An explicit zero in a cell, which the registers confirm where they propose it."""
    row = value_row(version, CellChange(cell.key, 0), value, figure, by, at)
    row.origin = Origin.REGISTER if figure else Origin.ZERO
    return row


@transaction.atomic
def make_nil(ret: Return, *, by: Officer, at: datetime) -> SaveResult:
    """Say that nothing happened: flows become zero, stocks stay as in the month before.

    Refused (`UserError`) while a flow is filled, while the registers count something, or without a month before.
    """
    ret, version, posting = lock_draft(ret, by=by, at=at)
    catalogue = catalogue_of(ret.form)
    values = {value.cell: value for value in Value.objects.filter(version=version)}
    cells = catalogue.entered_cells(ret.office.kind)
    proposals = proposals_for(cells, ret.office, ret.period)
    _check_nil(catalogue, cells, values, proposals)
    past = past_of(ret.office, ret.period, versions_of(ret.office, periods_read(ret.period)), baseline_of(ret.office))
    rows = []
    for cell in cells:
        value, figure = values.get(cell.key), proposals.get(cell.key)
        if cell.line.kind is LineKind.FLOW:
            rows.append(zero_row(version, cell, value, figure, by, at))
        elif past.context.previous.get(cell.key) is not None:
            reason = _("Nil return: as in the month before.")
            change = CellChange(cell.key, past.context.previous[cell.key], reason=reason)
            rows.append(value_row(version, change, value, figure, by, at))
    version.is_nil = True
    version.save(update_fields=["is_nil"])
    write_values(ret, version, rows, values, verb="make_nil", by=by, at=at, post=posting.post)
    return SaveResult(tuple(row.cell for row in rows))


def _check_nil(
    catalogue: Catalogue, cells: Iterable[Cell], values: Mapping[str, Value], proposals: Mapping[str, Figure]
) -> None:
    for cell in cells:
        if cell.line.kind is not LineKind.FLOW:
            continue
        name = catalogue.code_of(cell.key, bangla=reader_wants_bangla())
        value, figure = values.get(cell.key), proposals.get(cell.key)
        if value is not None and value.amount is not None and (value.amount or value.origin != Origin.ZERO):
            raise UserError(
                _("%(cell)s is filled, so this is no nil return. Clear it first.") % {"cell": name}, cell=cell.key
            )
        if figure is not None and figure.amount:
            raise UserError(
                _("The registers count something in %(cell)s, so this is no nil return.") % {"cell": name},
                cell=cell.key,
            )
