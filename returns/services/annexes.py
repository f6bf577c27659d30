"""Keeping the register rows behind a version's annexes, as they are said at the moment of submission."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from returns.annex_models import AnnexRows
from returns.annexes import AUDITS, EVENTS, as_kept, kept_rows, keys_of_values, rows_now
from returns.models import ReturnVersion, Value


def annex_rows_of(submitted: Mapping[ReturnVersion, Iterable[Value]]) -> list[AnnexRows]:
    """What is kept behind versions submitted together, unsaved; a query for each register that has such rows."""
    keys = {version: keys_of_values(values) for version, values in submitted.items()}
    wanted = list(keys.values())
    now = rows_now({model: set().union(*(one[model] for one in wanted)) for model in (EVENTS, AUDITS)})
    kept = {
        version: as_kept({model: {pk: row for pk, row in now[model].items() if pk in own[model]} for model in now})
        for version, own in keys.items()
    }
    return [AnnexRows(version=version, rows=rows) for version, rows in kept.items() if rows]


def keep_annex_rows(
    version: ReturnVersion, values: Iterable[Value], *, successor_of: ReturnVersion | None = None
) -> None:
    """Keep the rows behind some values of a version being submitted, or made by an amendment (`successor_of`).

    A row that the earlier version kept stays as it was said there.
    """
    keys = keys_of_values(values)
    earlier = kept_rows(AnnexRows.objects.filter(version=successor_of).first() if successor_of else None)
    now = rows_now({model: wanted - earlier[model].keys() for model, wanted in keys.items()})
    rows = as_kept(
        {
            model: now[model] | {pk: row for pk, row in earlier[model].items() if pk in wanted}
            for model, wanted in keys.items()
        }
    )
    if rows:
        AnnexRows.objects.update_or_create(version=version, defaults={"rows": rows})
