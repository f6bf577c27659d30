"""The history of one figure: what it was in each version of its return, by whom, when, why, and from which rows."""

from __future__ import annotations

from dataclasses import dataclass

from core.links import RowLine, row_lines
from returns.models import Return, ReturnVersion, Value
from returns.origins import SHOWN_ROWS


@dataclass(frozen=True)
class CellVersion:
    """A figure in one version of its return. ``value`` is None where the version has no such cell; ``change`` is the
    figure less that of the version before, None where one of both is blank."""

    version: ReturnVersion
    value: Value | None
    change: int | None

    @property
    def amount(self) -> int | None:
        return self.value.amount if self.value else None

    @property
    def row_count(self) -> int:
        """Register rows kept with the figure at submission."""
        return len(self.value.rows) if self.value else 0

    def rows(self) -> list[RowLine]:
        """The rows behind the figure in words, the first two hundred. One query."""
        return row_lines(self.value.rows_model, self.value.rows[:SHOWN_ROWS]) if self.value else []


def history_of_cell(ret: Return, cell: str) -> list[CellVersion]:
    """The figure in every version, the newest first. Two queries."""
    versions = ReturnVersion.objects.filter(ret=ret).order_by("number")
    versions = versions.select_related(
        "submitted_by", "decided_by", "imported_by", "amendment__requested_by", "amendment__ret__office"
    )
    values = Value.objects.filter(version__ret=ret, cell=cell).select_related("entered_by")
    by_version = {value.version_id: value for value in values}
    told: list[CellVersion] = []
    for version in versions:
        value = by_version.get(version.pk)
        before = told[-1].amount if told else None
        now = value.amount if value else None
        told.append(CellVersion(version, value, None if now is None or before is None else now - before))
    return told[::-1]
