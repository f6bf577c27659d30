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
from offices.models import Office, Officer, Posting
from offices.rights import require_right
from returns.catalogue import Catalogue
from returns.choices import LineKind
from returns.expressions import parse_expression
from returns.judges import bench_of_baseline
from returns.models import Baseline, BaselineValue, Form, Return
from returns.published import catalogue_of, form_for
from returns.rules import Context, compute


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
    Office.objects.select_for_update(of=("self",)).get(pk=office.pk)  # whoever comes second sees the first's
    if Baseline.objects.filter(office=office).exists():
        raise UserError(_("%(office)s has its baseline already.") % {"office": office})
    if Return.objects.filter(office=office).exists():
        raise UserError(_("%(office)s has begun its returns without a baseline.") % {"office": office})
    form = form_for(period.next())
    figures = _figures_of(office, form, closings, cumulatives or {})
    baseline = Baseline.objects.create(
        office=office, period=period, form=form, entered_by=by, entered_at=at, is_demo=is_demo
    )
    _write(baseline, figures, remarks or {})
    _record("returns.enter_baseline", baseline, posting, by=by, at=at, after=figures.closings)
    return baseline


@transaction.atomic
def correct_baseline(
    baseline: Baseline,
    *,
    closings: Mapping[str, int],
    seen_at: datetime | None,
    by: Officer,
    at: datetime,
    cumulatives: Mapping[str, int] | None = None,
    right: str = "returns.enter_baseline",
) -> Baseline:
    """Put other figures in the place of a baseline's that nobody has verified; remarks stay. Whoever entered the former
    ones is kept, and does not verify the new ones either.

    ``seen_at`` is the `entered_at` that the corrector has seen, None where none stood there. `UserError` once it is
    verified, where another hand was there since, and for figures as `enter_baseline`. The figures that stand already
    change nothing.
    """
    posting = require_right(by, right, baseline.office, on=dhaka_date(at))
    rows = Baseline.objects.select_for_update(of=("self",)).select_related("office")
    baseline = rows.get(pk=baseline.pk)
    if baseline.verified_at is not None:
        raise UserError(told_verified(baseline))
    form = form_for(baseline.period.next())
    figures, former = _figures_of(baseline.office, form, closings, cumulatives or {}), brought_of(baseline)
    remarks = dict(baseline.values.exclude(remark="").values_list("cell", "remark"))
    if figures.closings == former.closings and _happened(figures.flows) == _happened(former.flows):
        return baseline
    _check_seen(baseline, seen_at)
    baseline.values.all().delete()
    baseline.former_hands.add(baseline.entered_by)
    baseline.form, baseline.entered_by, baseline.entered_at = form, by, at
    baseline.save(update_fields=["form", "entered_by", "entered_at"])
    _write(baseline, figures, remarks)
    _record("returns.correct_baseline", baseline, posting, by=by, at=at, before=former.closings, after=figures.closings)
    return baseline


def _check_seen(baseline: Baseline, seen_at: datetime | None) -> None:
    """Raise `UserError` where another hand was there since a person looked."""
    if baseline.entered_at != seen_at:
        raise UserError(
            _("%(name)s has changed the baseline of %(office)s meanwhile. Look at it again first.")
            % {"name": baseline.entered_by.name, "office": baseline.office}
        )


def told_verified(baseline: Baseline) -> str:
    """Why a verified baseline stays, and what to do instead."""
    return _(
        "The baseline of %(office)s is verified and stays as it is. Ask for an amendment of its first return, "
        "%(month)s, and type there the figures that make up for it, with the reason."
    ) % {"office": baseline.office, "month": baseline.period.next().label()}


def brought_of(baseline: Baseline) -> Brought:
    """The figures that stand in a baseline, totals of breakdowns among them."""
    rows = list(baseline.values.values_list("cell", "closing", "cumulative"))
    closings = {cell: closing for cell, closing, _flow in rows if closing is not None}
    return Brought(closings, {cell: flow for cell, _closing, flow in rows})


def _happened(flows: Mapping[str, int]) -> dict[str, int]:
    """Flows but for those of zero, which need no row."""
    return {cell: amount for cell, amount in flows.items() if amount}


def _figures_of(office: Office, form: Form, closings: Mapping[str, int], flows: Mapping[str, int]) -> Brought:
    """Checked figures with the totals of breakdowns."""
    catalogue = catalogue_of(form, [office.kind])
    closing, cumulative = dict(closings), dict(flows)
    _check_cells(catalogue, office.kind, closing, cumulative)
    _with_totals(catalogue, closing)
    cumulative = dict.fromkeys(_parts_beside(catalogue, cumulative), 0) | cumulative
    _with_totals(catalogue, cumulative)
    return Brought(closing, cumulative | _sums_of_year(catalogue, cumulative))


def _sums_of_year(catalogue: Catalogue, flows: Mapping[str, int]) -> dict[str, int]:
    """Computed lines that add up over a year, as far as the flows that were brought make them."""
    told = {cell.key: flows.get(cell.key, 0) for cell in catalogue.cells if cell.line.kind is LineKind.FLOW}
    results = compute(catalogue, told, Context(month=7)) if flows else {}
    summed = [cell.key for cell in catalogue.cells if not cell.line.is_entered and cell.line.is_cumulative]
    return {key: amount for key in summed if (amount := results.get(key))}


def _write(baseline: Baseline, figures: Brought, remarks: Mapping[str, str]) -> None:
    BaselineValue.objects.bulk_create(
        BaselineValue(
            baseline=baseline,
            cell=cell,
            closing=figures.closings.get(cell),
            cumulative=figures.flows.get(cell, 0),
            remark=remarks.get(cell, ""),
        )
        for cell in sorted({*figures.closings, *figures.flows, *remarks})
    )


def _record(
    verb: str, baseline: Baseline, posting: Posting, *, by: Officer, at: datetime, **said: dict[str, int]
) -> None:
    path = baseline.office.path
    record_activity(verb, baseline, by=by, at=at, office_path=path, post=posting.post, **said)


@transaction.atomic
def enter_baselines(
    district: Office,
    period: Period,
    *,
    figures: Mapping[str, Brought],
    by: Officer,
    at: datetime,
    seen: Mapping[str, datetime] | None = None,
) -> list[Baseline]:
    """Keep the baselines of several offices of a district, by code: all, or none. Those in ``seen`` have one, entered
    at that instant, and it is corrected.

    `UserError` as for one, for an office that does not stand below the district, and for a baseline of another month.
    """
    rows = Office.objects.below(district).leaves().filter(code__in=figures).select_related("baseline")
    offices, seen = {office.code: office for office in rows}, seen or {}
    kept = []
    for code, brought in figures.items():
        if code not in offices:
            raise UserError(_("%(office)s does not stand below %(district)s.") % {"office": code, "district": district})
        kept.append(_keep(offices[code], period, brought, seen.get(code), by=by, at=at))
    return kept


def _keep(
    office: Office, period: Period, brought: Brought, seen_at: datetime | None, *, by: Officer, at: datetime
) -> Baseline:
    """Enter an office's baseline, or correct the one that was seen."""
    right, baseline = "returns.enter_baselines", getattr(office, "baseline", None)
    closings, flows = brought.closings, brought.flows
    if baseline is None or seen_at is None:
        return enter_baseline(office, period, closings=closings, cumulatives=flows, by=by, at=at, right=right)
    if baseline.period != period:
        raise UserError(
            _("The baseline of %(office)s is that of %(month)s.") % {"office": office, "month": baseline.period.label()}
        )
    return correct_baseline(baseline, closings=closings, cumulatives=flows, seen_at=seen_at, by=by, at=at, right=right)


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
def verify_baseline(baseline: Baseline, *, by: Officer, at: datetime, seen_at: datetime | None = None) -> Baseline:
    """The superior verifies a baseline, once; nobody verifies what they entered.

    ``seen_at`` is the `entered_at` of the figures that were looked at. `UserError` where others stand by now.
    """
    baseline = Baseline.objects.select_for_update(of=("self",)).select_related("office__parent").get(pk=baseline.pk)
    if baseline.verified_at is not None:
        raise UserError(_("This baseline is verified already."))
    seat = bench_of_baseline(baseline, dhaka_date(at)).seat_of(by)
    if seat is None:
        raise PermissionDenied("returns.verify_return")
    if seen_at is not None:
        _check_seen(baseline, seen_at)
    baseline.verified_by, baseline.verified_at = by, at
    baseline.save(update_fields=["verified_by", "verified_at"])
    path = baseline.office.path
    record_activity("returns.verify_baseline", baseline, by=by, at=at, office_path=path, post=seat.post)
    return baseline


@transaction.atomic
def verify_baselines(
    baselines: Iterable[Baseline], *, by: Officer, at: datetime, seen: Mapping[int, datetime | None] | None = None
) -> list[Baseline]:
    """Verify the baselines of several offices in one act: all, or none; each as `verify_baseline` does, with ``seen``
    by its key."""
    known = seen or {}
    return [verify_baseline(one, by=by, at=at, seen_at=known.get(one.pk)) for one in baselines]
