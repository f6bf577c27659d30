"""Whether what is stored still is what it should be: totals against a sum over the returns themselves, and versions
against one another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from core.periods import Period
from offices.models import Office
from returns.choices import LineKind, ReturnState, VersionKind
from returns.models import ReturnVersion, Total, Value
from returns.published import catalogue_of
from returns.rollup import NOTHING, bases_of, cells_of_total, sums_by_cell, verified_versions


@dataclass(frozen=True)
class CheckedTotal:
    """A stored total beside a recomputation from the values of the returns, whatever the levels between.

    ``is_stale``: it waits to be added up anew, and its figures are not compared. ``wrong`` names the cells that differ.
    """

    office: str
    period: str
    is_stale: bool
    wrong: tuple[str, ...] = ()


def check_totals() -> Iterator[CheckedTotal]:
    """Every stored total, office by office."""
    for office in Office.objects.filter(totals__isnull=False).distinct().order_by("path"):
        totals = list(Total.objects.filter(office=office).order_by("period").select_related("form"))
        bases = bases_of(office, [total.period for total in totals])
        for total in totals:
            stale = not bases.get(total.period, NOTHING).is_that_of(total)
            wrong = () if stale else _wrong_cells(total)
            yield CheckedTotal(office.code, total.period.key, stale, wrong)


def _wrong_cells(total: Total) -> tuple[str, ...]:
    versions = verified_versions(total.office, [total.period]).values("pk")
    expected = cells_of_total(catalogue_of(total.form), sums_by_cell(Value.objects.filter(version__in=versions)))
    stored = dict(total.values.values_list("cell", "amount"))
    return tuple(sorted(cell for cell in stored.keys() | expected.keys() if stored.get(cell) != expected.get(cell)))


@dataclass(frozen=True)
class VersionFault:
    """What is wrong with a return's versions; ``cell`` where it is a figure."""

    office: str
    period: str
    fault: str
    cell: str = ""


def check_versions() -> Iterator[VersionFault]:
    """Every office's versions: numbers without a gap, each superseded one followed by what replaced it, openings that
    are the verified closings before them, and no typed figure changed by a version that nobody typed."""
    for office in Office.objects.filter(returns__isnull=False).distinct().order_by("path"):
        rows = ReturnVersion.objects.filter(ret__office=office).select_related("ret__form")
        versions: dict[Period, list[ReturnVersion]] = {}
        for version in rows.defer("ret__form__catalogue").order_by("ret__period", "number"):
            versions.setdefault(version.ret.period, []).append(version)
        for period, own in versions.items():
            yield from (VersionFault(office.code, period.key, fault) for fault in _broken_rows(own))
            yield from (VersionFault(office.code, period.key, "typed", cell) for cell in _retyped_cells(office, own))
        yield from _moved_openings(office, versions)


def _broken_rows(versions: list[ReturnVersion]) -> Iterator[str]:
    if [version.number for version in versions] != list(range(1, len(versions) + 1)):
        yield "numbers"
    for old, new in zip(versions, [*versions[1:], None], strict=True):
        made = new if new is not None and new.kind != VersionKind.ENTERED else None
        is_superseded = old.state == ReturnState.SUPERSEDED
        if is_superseded != (made is not None) or (made is not None and made.opened_at != old.superseded_at):
            yield "succession"


def _retyped_cells(office: Office, versions: list[ReturnVersion]) -> Iterator[str]:
    """Cells typed by an officer in which a carried version differs from the one it replaced."""
    for old, new in pairwise(versions):
        if new.kind == VersionKind.CARRIED:
            typed = [cell.key for cell in catalogue_of(new.ret.form).entered_cells(office.kind)]
            figures = [
                dict(Value.objects.filter(version=one, cell__in=typed).values_list("cell", "amount"))
                for one in (old, new)
            ]
            yield from sorted(cell for cell in typed if figures[0].get(cell) != figures[1].get(cell))


def _moved_openings(office: Office, versions: dict[Period, list[ReturnVersion]]) -> Iterator[VersionFault]:
    """Openings of verified months that are not the closing of the verified month before."""
    live = {period: one for period, own in versions.items() for one in own if one.state == ReturnState.VERIFIED}
    pairs = [
        (period, version, live[period.previous()]) for period, version in live.items() if period.previous() in live
    ]
    wanted = {period: _openings(version) for period, version, _before in pairs}
    cells = {cell for openings in wanted.values() for pair in openings.items() for cell in pair}
    rows = Value.objects.filter(version__in=list(live.values()), cell__in=cells)
    figures = {(pk, cell): amount for pk, cell, amount in rows.values_list("version", "cell", "amount")}
    for period, version, before in pairs:
        for opening, closing in wanted[period].items():
            if (version.pk, opening) in figures and figures[version.pk, opening] != figures.get((before.pk, closing)):
                yield VersionFault(office.code, period.key, "opening", opening)


def _openings(version: ReturnVersion) -> dict[str, str]:
    """Each opening cell of a version's form with the closing it copies."""
    return {
        cell.key: cell.key.replace(cell.line.code, cell.line.opening_of, 1)
        for cell in catalogue_of(version.ret.form).cells
        if cell.line.kind is LineKind.OPENING
    }
