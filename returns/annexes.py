"""The annexes of a return: the societies registered and cancelled in the month (2), and the audits done (3).

They list the register rows behind the submitted figures, as they were said at submission, and tell where the registers
say otherwise now. A figure that an officer wrote against the registers differs from its list: rule V19 of the house
asks for the reason, and the annex prints it. So annex and line agree, or the difference has its reason (V20).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from audits.summaries import AuditRow, audit_rows
from core.evidence import Figure
from core.language import in_reader_language, reader_wants_bangla
from core.links import row_url
from core.numbers import Unit
from returns.annex_models import AnnexRows
from returns.catalogue import Catalogue, Cell
from returns.choices import Origin
from returns.models import Value
from returns.sheet import Sheet
from returns.sources import proposals_for
from societies.summaries import EventRow, event_rows

EVENTS, AUDITS = "societies.statusevent", "audits.audit"
REGISTERED, CANCELLED = "societies.registered", "societies.cancelled"
COMPLETED, FEES, FUNDS = "audits.completed", "audits.fee_assessed", "audits.fund_assessed"
METRICS = (REGISTERED, CANCELLED, COMPLETED, FEES, FUNDS)

AnnexRow = EventRow | AuditRow
#: Rows by model label and key.
Kept = Mapping[str, Mapping[int, AnnexRow]]
Keys = Mapping[str, Collection[int]]

KEPT, CHANGED, GONE, LATER = "kept", "changed", "gone", "later"


@dataclass(frozen=True)
class Listed:
    """A row of an annex. ``standing``: as it is in the register, changed there since the submission, gone from the
    month's rows, or come later (then it is in no submitted figure)."""

    row: AnnexRow
    standing: str = KEPT

    @property
    def name(self) -> str:
        return in_reader_language(self.row.name_bn, self.row.name_en or self.row.name_bn)

    @property
    def address(self) -> str:
        """The page of the row; empty for an event taken back, which has none any more."""
        if isinstance(self.row, AuditRow):
            return row_url(AUDITS, self.row.pk)
        return row_url(EVENTS, self.row.pk) if self.standing != GONE else ""


@dataclass(frozen=True)
class Check:
    """A line beside its annex: ``listed`` is what its rows come to, ``stated`` what the return says.

    ``reasons`` are those an officer gave, by cell, where they wrote another figure than the registers'.
    """

    metric: str
    code: str
    label_bn: str
    label_en: str
    unit: Unit
    listed: int
    stated: int | None
    reasons: tuple[tuple[str, str], ...] = ()
    agrees: bool = True

    @property
    def label(self) -> str:
        return in_reader_language(self.label_bn, self.label_en)


@dataclass(frozen=True)
class Annexes:
    """Annexes 2 and 3 of a version; ``later`` are rows recorded since, of any of them. ``is_draft``: as the registers
    say now."""

    registered: tuple[Listed, ...]
    cancelled: tuple[Listed, ...]
    audits: tuple[Listed, ...]
    later: tuple[Listed, ...]
    checks: tuple[Check, ...]
    is_draft: bool

    @property
    def agrees(self) -> bool:
        return all(check.agrees for check in self.checks)

    @property
    def has_moved(self) -> bool:
        """Whether the registers say otherwise now."""
        rows = (*self.registered, *self.cancelled, *self.audits, *self.later)
        return any(one.standing != KEPT for one in rows)

    def sum_of(self, name: str) -> int:
        """Σ of ``net_profit``, ``fee`` or ``fund`` over the audits listed, in poisha."""
        return sum(getattr(one.row, name) for one in self.audits)

    def about(self, *metrics: str) -> list[Check]:
        return [check for check in self.checks if check.metric in metrics]

    @property
    def societies_checks(self) -> list[Check]:
        return self.about(REGISTERED, CANCELLED)

    @property
    def audit_checks(self) -> list[Check]:
        return self.about(COMPLETED, FEES, FUNDS)


def annex_cells(catalogue: Catalogue) -> list[Cell]:
    """The cells whose rows the annexes list."""
    return [cell for cell in catalogue.cells if cell.is_proposed and cell.line.metric in METRICS]


def keys_of_figures(figures: Iterable[Figure]) -> dict[str, set[int]]:
    """The rows behind some figures, by model."""
    keys: dict[str, set[int]] = {EVENTS: set(), AUDITS: set()}
    for figure in figures:
        if figure.model in keys:
            keys[figure.model].update(figure.keys)
    return keys


def keys_of_values(values: Iterable[Value]) -> dict[str, set[int]]:
    """The rows behind some submitted values, by model."""
    return keys_of_figures(Figure(0, value.rows_model, tuple(value.rows)) for value in values)


def rows_now(keys: Keys) -> dict[str, dict[int, AnnexRow]]:
    """The rows as the registers say them now; a query for each register that is asked for something."""
    found: dict[str, dict[int, AnnexRow]] = {EVENTS: {}, AUDITS: {}}
    if keys[EVENTS]:
        found[EVENTS].update(event_rows(keys[EVENTS]))
    if keys[AUDITS]:
        found[AUDITS].update(audit_rows(keys[AUDITS]))
    return found


def as_kept(rows: Kept) -> dict[str, list[dict[str, Any]]]:
    """Rows as `AnnexRows` keeps them."""
    return {model: [asdict(row) for _pk, row in sorted(found.items())] for model, found in rows.items() if found}


def kept_rows(kept: AnnexRows | None) -> dict[str, dict[int, AnnexRow]]:
    """What `as_kept` wrote."""
    rows = kept.rows if kept else {}
    read: dict[str, type[EventRow] | type[AuditRow]] = {EVENTS: EventRow, AUDITS: AuditRow}
    return {
        model: {row["pk"]: kind(**row | {"on": date.fromisoformat(row["on"])}) for row in rows.get(model, ())}
        for model, kind in read.items()
    }


def annexes_of(sheet: Sheet) -> Annexes:
    """The annexes of a version of a return; five queries at most, two of a draft."""
    cells = annex_cells(sheet.catalogue)
    if sheet.is_draft:
        wanted = [sheet.proposals[cell.key] for cell in cells if cell.key in sheet.proposals]
        found = rows_now(keys_of_figures(wanted))
        return _lay_out(sheet, cells, found, {}, found, is_draft=True)
    values = [sheet.values[cell.key] for cell in cells if cell.key in sheet.values]
    kept = kept_rows(AnnexRows.objects.filter(version=sheet.version).first())
    at_submission = keys_of_values(values)
    proposed = proposals_for(cells, sheet.ret.office, sheet.ret.period)
    in_month = keys_of_figures(proposed.values())
    now = rows_now({model: at_submission[model] | in_month[model] for model in in_month})
    missing = {model: keys - kept[model].keys() for model, keys in at_submission.items()}
    for model, keys in missing.items():  # submitted before rows were kept
        kept[model] |= {pk: row for pk, row in now[model].items() if pk in keys}
    now = {model: {pk: row for pk, row in rows.items() if pk in in_month[model]} for model, rows in now.items()}
    later = {model: {pk: row for pk, row in rows.items() if pk not in kept[model]} for model, rows in now.items()}
    return _lay_out(sheet, cells, kept, later, now, is_draft=False)


def _lay_out(sheet: Sheet, cells: list[Cell], rows: Kept, later: Kept, now: Kept, *, is_draft: bool) -> Annexes:
    audits = [row for row in in_order(rows) if isinstance(row, AuditRow)]
    by_kind = events_by_metric(rows)
    return Annexes(
        registered=tuple(_listed(by_kind[REGISTERED], EVENTS, now)),
        cancelled=tuple(_listed(by_kind[CANCELLED], EVENTS, now)),
        audits=tuple(_listed(audits, AUDITS, now)),
        later=tuple(Listed(row, LATER) for found in later.values() for row in _by_day(found.values())),
        checks=checks_of(sheet.catalogue, cells, sheet.amounts, sheet.values, by_kind, audits),
        is_draft=is_draft,
    )


def in_order(rows: Kept) -> list[AnnexRow]:
    """Events and audits, each by day."""
    return [row for found in rows.values() for row in _by_day(found.values())]


def events_by_metric(rows: Kept) -> dict[str, list[EventRow]]:
    """Societies registered, and registrations cancelled, by day."""
    events = [row for row in in_order(rows) if isinstance(row, EventRow)]
    return {metric: [row for row in events if f"societies.{row.kind}" == metric] for metric in (REGISTERED, CANCELLED)}


def _by_day(rows: Iterable[AnnexRow]) -> list[AnnexRow]:
    return sorted(rows, key=lambda row: (row.on, row.pk))


def _listed(rows: Iterable[AnnexRow], model: str, now: Kept) -> Iterable[Listed]:
    for row in rows:
        found = now[model].get(row.pk)
        yield Listed(row, GONE if found is None else KEPT if found == row else CHANGED)


def checks_of(
    catalogue: Catalogue,
    cells: Iterable[Cell],
    amounts: Mapping[str, int | None],
    values: Mapping[str, Value],
    events: Mapping[str, list[EventRow]],
    audits: list[AuditRow],
) -> tuple[Check, ...]:
    """Each line against its rows."""
    by_code: dict[str, list[Cell]] = {}
    for cell in cells:
        by_code.setdefault(cell.line.code, []).append(cell)
    checks = []
    for own in by_code.values():
        listed = {cell.key: _come_to(cell, events, audits) for cell in own}
        checks.append(_check(catalogue, own, listed, amounts, values))
    return tuple(checks)


def _check(
    catalogue: Catalogue,
    cells: list[Cell],
    listed: Mapping[str, int],
    amounts: Mapping[str, int | None],
    values: Mapping[str, Value],
) -> Check:
    """A line against its rows, cell by cell; what its cells come to together is shown."""
    line = cells[0].line
    stated = {cell.key: amounts.get(cell.key) for cell in cells}
    given = [amount for amount in stated.values() if amount is not None]
    bangla = reader_wants_bangla()
    overridden = [v for key in listed if (v := values.get(key)) and v.origin == Origin.OVERRIDE]
    return Check(
        metric=line.metric,
        code=catalogue.code_of(line.code, bangla=bangla),
        label_bn=line.bn,
        label_en=line.en,
        unit=line.unit,
        listed=sum(listed.values()),
        stated=sum(given) if given else None,
        reasons=tuple((catalogue.code_of(v.cell, bangla=bangla), v.reason) for v in overridden if v.reason),
        agrees=all(amount in (None, listed[key]) for key, amount in stated.items()),
    )


def _come_to(cell: Cell, events: Mapping[str, list[EventRow]], audits: list[AuditRow]) -> int:
    metric, part = cell.line.metric, cell.part.code if cell.part else ""
    if metric == FEES:
        return sum(row.fee for row in audits)
    if metric == FUNDS:
        return sum(row.fund for row in audits)
    rows: Iterable[AnnexRow] = audits if metric == COMPLETED else events[metric]
    return sum(not part or row.part == part for row in rows)
