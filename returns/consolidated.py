"""What a consolidated return of an office's month would hold now, and how the last one stands against that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Sum

from core.language import in_reader_language
from core.periods import Period
from offices.choices import KINDS_WITHIN, OfficeKind
from offices.models import Office
from offices.paths import WIDTH
from offices.places import Tree
from returns.choices import ConsolidationState
from returns.completeness import Completeness, Standing
from returns.consolidation_models import Consolidation
from returns.models import ReturnVersion, Total
from returns.months import Column, Month, MonthSheet, flows_before, lay_out_month, month_of
from returns.published import catalogue_of
from returns.rollup import NOTHING, SUMMED_FROM_TOTALS, Basis, bases_below, bases_of, cells_of_total, verified_versions
from returns.rules import Context, Finding, check


@dataclass(frozen=True)
class Level:
    """How far an office right below is with its own consolidated return; ``number`` is 0 while it has none."""

    office: Office
    number: int
    state: str
    is_outdated: bool = False

    @property
    def is_verified(self) -> bool:
        return self.state == ConsolidationState.VERIFIED and not self.is_outdated


@dataclass(frozen=True)
class Arrivals:
    """Whose returns make the difference between a snapshot and what is verified now."""

    arrived: tuple[Office, ...] = ()
    changed: tuple[Office, ...] = ()
    gone: tuple[Office, ...] = ()

    @property
    def offices(self) -> tuple[Office, ...]:
        return (*self.arrived, *self.changed, *self.gone)


@dataclass(frozen=True)
class Prospect:
    """What would be submitted now. ``now`` are the versions verified; ``month`` may lag behind them while
    it is added up. ``before`` is Σ since 1 July without the month; ``findings`` are identities that the sums break;
    ``newest`` is the last snapshot and ``arrivals`` what differs from it."""

    month: Month
    now: Basis
    before: Mapping[str, int]
    levels: tuple[Level, ...]
    findings: tuple[Finding, ...]
    newest: Consolidation | None
    arrivals: Arrivals

    @property
    def unfinished(self) -> tuple[Level, ...]:
        """Offices right below whose own consolidated return is not verified as it should be."""
        return tuple(level for level in self.levels if not level.is_verified)

    @property
    def needs_explanation(self) -> bool:
        return bool(self.month.completeness.unverified or self.unfinished or self.findings)

    @property
    def is_outdated(self) -> bool:
        return bool(self.arrivals.offices)

    @property
    def may_be_submitted(self) -> bool:
        """Whether a new number would say anything: none stands, the last one came back, or other returns are in."""
        if not self.now.count:
            return False
        return self.newest is None or self.newest.state == ConsolidationState.RETURNED or self.is_outdated


def prospect_of(office: Office, period: Period, *, at: datetime, fresh: bool = True) -> Prospect:
    """What a consolidated return would hold now; ``fresh`` adds up first. A fixed number of queries where nothing is
    out of date."""
    month = month_of(office, period, at=at, fresh=fresh)
    newest = Consolidation.objects.filter(office=office, period=period).order_by("-number").first()
    before = flows_before(office, period) or {}
    context = Context(period.first.month, before=before)
    return Prospect(
        month=month,
        now=bases_of(office, [period]).get(period, NOTHING),
        before=before,
        levels=levels_below(month),
        findings=tuple(check(month.catalogue, month.amounts, context, of_sums=True)),
        newest=newest,
        arrivals=arrivals_since(newest) if newest else Arrivals(),
    )


def levels_below(month: Month) -> tuple[Level, ...]:
    """The offices right below that consolidate themselves, by path, and how far they are. None below a district."""
    office = month.office
    if office.kind not in SUMMED_FROM_TOTALS:
        return ()
    width = len(office.path) + WIDTH
    now, tree = bases_below(office, month.period), Tree(month.period)
    concerned = {one.path[:width] for one in month.completeness.standings} | now.keys()
    newest = Consolidation.objects.filter(tree.is_child(office, "office__"), period=month.period).newest()
    known = {one.office_id: one for one in newest}
    children = [(child, tree.path(child)) for child in tree.children(office)]
    return tuple(
        _level(child, known.get(child.pk), now.get(path, NOTHING)) for child, path in children if path in concerned
    )


def _level(office: Office, newest: Consolidation | None, now: Basis) -> Level:
    if newest is None:
        return Level(office, 0, "")
    return Level(office, newest.number, newest.state, is_outdated=not stands_on(newest, now))


def stands_on(snapshot: Consolidation | Total, basis: Basis) -> bool:
    """Whether a snapshot holds exactly these versions."""
    return (basis.count, basis.keys) == (snapshot.basis_count, snapshot.basis_sum)


def arrivals_since(snapshot: Consolidation) -> Arrivals:
    """Which returns have come, changed or gone since a snapshot was taken; one query where none has."""
    if stands_on(snapshot, bases_of(snapshot.office, [snapshot.period]).get(snapshot.period, NOTHING)):
        return Arrivals()
    now = _by_return(verified_versions(snapshot.office, [snapshot.period]).select_related("ret__office"))
    sources = snapshot.sources.select_related("version__ret__office")
    then = _by_return(source.version for source in sources)
    return Arrivals(
        arrived=_offices(now[ret] for ret in now.keys() - then.keys()),
        changed=_offices(now[ret] for ret in now.keys() & then.keys() if now[ret].pk != then[ret].pk),
        gone=_offices(then[ret] for ret in then.keys() - now.keys()),
    )


def _by_return(versions: Iterable[ReturnVersion]) -> dict[int, ReturnVersion]:
    return {version.ret_id: version for version in versions}


def _offices(versions: Iterable[ReturnVersion]) -> tuple[Office, ...]:
    return tuple(sorted((version.ret.office for version in versions), key=lambda office: office.path))


@dataclass(frozen=True)
class Kept:
    """The completeness of a snapshot as it was kept: offices by the names and places they had."""

    completeness: Completeness
    levels: tuple[Level, ...]
    findings: tuple[tuple[str, str], ...]

    @property
    def shown_findings(self) -> list[str]:
        return [in_reader_language(bn, en) for bn, en in self.findings]


def keep(prospect: Prospect) -> dict[str, Any]:
    """Who was in and who was missing, as rows for `Consolidation.completeness`."""
    return {
        "standings": [
            {**_told(one.office), "state": one.state, "late": one.is_late, "on_import": one.is_verified_on_import}
            for one in prospect.month.completeness.standings
        ],
        "levels": [
            {**_told(one.office), "number": one.number, "state": one.state, "outdated": one.is_outdated}
            for one in prospect.levels
        ],
        "findings": [[one.bn, one.en] for one in prospect.findings],
    }


def _told(office: Office) -> dict[str, str]:
    return {name: getattr(office, name) for name in ("code", "path", "kind", "name_bn", "name_en")}


def kept_of(snapshot: Consolidation) -> Kept:
    """Read `keep` back; the offices are not those of the database."""
    rows = snapshot.completeness
    names = ("code", "path", "kind", "name_bn", "name_en")

    def office(row: dict[str, Any]) -> Office:
        return Office(**{name: row[name] for name in names})

    return Kept(
        Completeness(tuple(_standing(office(row), row) for row in rows["standings"])),
        tuple(Level(office(row), row["number"], row["state"], row["outdated"]) for row in rows["levels"]),
        tuple((bn, en) for bn, en in rows["findings"]),
    )


def _standing(office: Office, row: dict[str, Any]) -> Standing:
    return Standing(office, row["state"], row["late"], is_verified_on_import=row.get("on_import", False))


def sheet_of_snapshot(snapshot: Consolidation) -> MonthSheet:
    """A snapshot as a month's sheet, out of nothing but what was frozen; yearly targets are no part of it."""
    catalogue = catalogue_of(snapshot.form, KINDS_WITHIN[OfficeKind(snapshot.office.kind)])
    values = list(snapshot.values.values_list("cell", "amount", "before"))
    month = Month(
        office=snapshot.office,
        period=snapshot.period,
        form=snapshot.form,
        catalogue=catalogue,
        amounts={cell: amount for cell, amount, _before in values},
        basis=Basis(snapshot.basis_count, snapshot.basis_sum, snapshot.data_at),
        completeness=kept_of(snapshot).completeness,
    )
    before = {cell: before for cell, _amount, before in values if before is not None}
    begins = snapshot.period.begins_year
    return lay_out_month(month, _columns(snapshot, month), None if begins else before, {})


def _columns(snapshot: Consolidation, month: Month) -> tuple[Column, ...]:
    """The offices right below as they were, with Σ of the versions that came through each; two queries."""
    sums: dict[int, dict[str, int]] = {}
    rows = snapshot.sources.values_list("below", "version__values__cell").order_by()
    for below, cell, amount in rows.annotate(Sum("version__values__amount")):
        if amount is not None:
            sums.setdefault(below, {})[cell] = amount
    figures = {
        office.path: (office, cells_of_total(month.catalogue, sums[office.pk]))
        for office in Office.objects.filter(pk__in=sums)
    }
    own = figures.pop(snapshot.office.path, None)
    width = len(snapshot.office_path) + WIDTH
    due: dict[str, tuple[Standing, ...]] = {}
    for one in month.completeness.standings:
        due[one.office.path[:width]] = (*due.get(one.office.path[:width], ()), one)
    kept = kept_of(snapshot)
    offices = [*(one.office for one in kept.levels), *(one.office for one in kept.completeness.standings)]
    named = {office.path: office for office in offices}
    columns = []
    for path in sorted({*figures, *due}):
        office, amounts = figures.get(path, (named.get(path), {}))
        if office is not None:
            columns.append(Column(office, amounts, due.get(path, ())))
    return (*columns, *([Column(snapshot.office, own[1], is_own=True)] if own else []))
