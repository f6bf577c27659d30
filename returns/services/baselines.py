"""What an office brings from before the portal: closings and flows since 1 July, entered once and verified."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from core.activity import record_activity
from core.errors import UserError
from core.periods import Period, dhaka_date
from offices.choices import OfficeKind
from offices.models import Office, Officer
from offices.rights import require_right
from returns.catalogue import Catalogue
from returns.expressions import parse_expression
from returns.judges import bench_of_baseline
from returns.models import Baseline, BaselineValue, Return
from returns.published import catalogue_of, form_for


@dataclass(frozen=True)
class Brought:
    """What one office brings: closings by cell and, by flow cell, what came to pass since 1 July."""

    closings: dict[str, int] = field(default_factory=dict)
    flows: dict[str, int] = field(default_factory=dict)


@transaction.atomic
def enter_baseline(
    office: Office,
    period: Period,
    *,
    closings: Mapping[str, int],
    by: Officer,
    at: datetime,
    cumulatives: Mapping[str, int] | None = None,
    remarks: Mapping[str, str] | None = None,
    is_demo: bool = False,
    right: str = "returns.enter_baseline",
) -> Baseline:
    """Keep the closings of ``period`` by cell (counts, poisha) and, by flow cell, what came to pass since 1 July.

    Totals of breakdowns are added. `UserError` if one exists, a cell is unknown, or an opening would have no closing.
    """
    posting = require_right(by, right, office, on=dhaka_date(at))
    if Baseline.objects.filter(office=office).exists():
        raise UserError(_("%(office)s has its baseline already.") % {"office": office})
    if Return.objects.filter(office=office).exists():
        raise UserError(_("%(office)s has begun its returns without a baseline.") % {"office": office})
    form = form_for(period.next())
    catalogue = catalogue_of(form, [office.kind])
    closing, cumulative = dict(closings), dict(cumulatives or {})
    _check_cells(catalogue, office.kind, closing, cumulative)
    _with_totals(catalogue, closing)
    cumulative = dict.fromkeys(_parts_beside(catalogue, cumulative), 0) | cumulative
    _with_totals(catalogue, cumulative)
    baseline = Baseline.objects.create(
        office=office, period=period, form=form, entered_by=by, entered_at=at, is_demo=is_demo
    )
    notes = remarks or {}
    BaselineValue.objects.bulk_create(
        BaselineValue(
            baseline=baseline,
            cell=cell,
            closing=closing.get(cell),
            cumulative=cumulative.get(cell, 0),
            remark=notes.get(cell, ""),
        )
        for cell in sorted({*closing, *cumulative, *notes})
    )
    record_activity(
        "returns.enter_baseline", baseline, by=by, at=at, office_path=office.path, post=posting.post, after=closing
    )
    return baseline


@transaction.atomic
def enter_baselines(
    district: Office, period: Period, *, figures: Mapping[str, Brought], by: Officer, at: datetime
) -> list[Baseline]:
    """Keep the baselines of several offices of a district, by code: all, or none.

    `UserError` as for one, and for an office that does not stand below the district.
    """
    offices = {office.code: office for office in Office.objects.below(district).leaves().filter(code__in=figures)}
    kept = []
    for code, brought in figures.items():
        if code not in offices:
            raise UserError(_("%(office)s does not stand below %(district)s.") % {"office": code, "district": district})
        closings, flows = brought.closings, brought.flows
        kept.append(
            enter_baseline(
                offices[code],
                period,
                closings=closings,
                cumulatives=flows,
                by=by,
                at=at,
                right="returns.enter_baselines",
            )
        )
    return kept


def needed_closings(catalogue: Catalogue, kind: str = OfficeKind.UPAZILA) -> list[str]:
    """Cells whose closing the first return of an office of a kind cannot do without: openings, and what formulas carry
    forward."""
    codes = {line.opening_of for line in catalogue.lines.values() if line.opening_of}
    for line in catalogue.lines.values():
        if line.formula:
            codes |= {ref.code for ref in parse_expression(line.formula).references if ref.when == "prev"}
    return [c.key for c in catalogue.cells if c.line.code in codes and not c.is_total and kind in c.levels]


def _check_cells(catalogue: Catalogue, kind: str, closings: Mapping[str, int], cumulatives: Mapping[str, int]) -> None:
    for cell, amount in [*closings.items(), *cumulatives.items()]:
        if cell not in catalogue.cells_by_key:
            raise UserError(_("The form has no cell %(cell)s.") % {"cell": cell}, cell=cell)
        if amount < 0:
            raise UserError(_("%(cell)s cannot be less than zero.") % {"cell": cell}, cell=cell)
    missing = [cell for cell in needed_closings(catalogue, kind) if cell not in closings]
    if missing:
        raise UserError(
            _("The baseline lacks the closing of %(cells)s.") % {"cells": ", ".join(missing)}, cell=missing[0]
        )


def _parts_beside(catalogue: Catalogue, amounts: Mapping[str, int]) -> list[str]:
    """All parts of each line of which one part is told."""
    rows = ([cell.key for cell in cells if cell.part] for cells in catalogue.line_cells.values())
    return [key for keys in rows if amounts.keys() & set(keys) for key in keys]


def _with_totals(catalogue: Catalogue, amounts: dict[str, int]) -> None:
    for code, cells in catalogue.line_cells.items():
        parts = [cell.key for cell in cells if cell.part]
        if parts and all(key in amounts for key in parts):
            amounts[code] = sum(amounts[key] for key in parts)


@transaction.atomic
def verify_baseline(baseline: Baseline, *, by: Officer, at: datetime) -> Baseline:
    """The superior verifies a baseline, once; nobody verifies what they entered."""
    baseline = Baseline.objects.select_for_update(of=("self",)).select_related("office__parent").get(pk=baseline.pk)
    if baseline.verified_at is not None:
        raise UserError(_("This baseline is verified already."))
    seat = bench_of_baseline(baseline, dhaka_date(at)).seat_of(by)
    if seat is None:
        raise PermissionDenied("returns.verify_return")
    baseline.verified_by, baseline.verified_at = by, at
    baseline.save(update_fields=["verified_by", "verified_at"])
    path = baseline.office.path
    record_activity("returns.verify_baseline", baseline, by=by, at=at, office_path=path, post=seat.post)
    return baseline


@transaction.atomic
def verify_baselines(baselines: Iterable[Baseline], *, by: Officer, at: datetime) -> list[Baseline]:
    """Verify the baselines of several offices in one act: all, or none; each as `verify_baseline` does."""
    return [verify_baseline(one, by=by, at=at) for one in baselines]
