"""The annexes of the offices below one: the register rows behind their verified returns, office by office."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from audits.summaries import AuditRow
from core.periods import Period
from offices.models import Office
from returns.annex_models import AnnexRows
from returns.annexes import (
    CANCELLED,
    REGISTERED,
    Check,
    annex_cells,
    checks_of,
    events_by_metric,
    in_order,
    kept_rows,
    keys_of_values,
    rows_now,
)
from returns.models import Value
from returns.published import catalogue_of, form_for
from returns.rollup import verified_versions
from societies.summaries import EventRow


@dataclass(frozen=True)
class Group:
    """The rows of one office's verified return, by day, and its lines beside them; ``path`` is where it stood."""

    office: Office
    path: str
    registered: tuple[EventRow, ...]
    cancelled: tuple[EventRow, ...]
    audits: tuple[AuditRow, ...]
    checks: tuple[Check, ...]


def groups_below(office: Office, period: Period) -> list[Group]:
    """Every leaf office with a verified return of the month, in the order of the tree. At most five queries."""
    catalogue = catalogue_of(form_for(period))
    cells = annex_cells(catalogue)
    versions = [v for v in verified_versions(office, [period]).select_related("ret__office") if v.ret.office.is_leaf]
    kept = {one.version_id: one for one in AnnexRows.objects.filter(version__in=versions)}
    values: dict[int, dict[str, Value]] = defaultdict(dict)
    for value in Value.objects.filter(version__in=versions, cell__in=[cell.key for cell in cells]):
        values[value.version_id][value.cell] = value
    unkept = [value for pk, own in values.items() if pk not in kept for value in own.values()]
    now = rows_now(keys_of_values(unkept))  # submitted before rows were kept
    groups = []
    for version in sorted(versions, key=lambda one: one.ret.office_path):
        own = values[version.pk]
        rows = kept_rows(kept.get(version.pk))
        if version.pk not in kept:
            wanted = keys_of_values(own.values())
            rows = {model: {pk: row for pk, row in now[model].items() if pk in keys} for model, keys in wanted.items()}
        events, audits = events_by_metric(rows), [row for row in in_order(rows) if isinstance(row, AuditRow)]
        amounts = {cell: value.amount for cell, value in own.items()}
        checks = checks_of(catalogue, cells, amounts, own, events, audits)
        path = version.ret.office_path
        listed = (tuple(events[REGISTERED]), tuple(events[CANCELLED]), tuple(audits))
        groups.append(Group(version.ret.office, path, *listed, checks))
    return groups
