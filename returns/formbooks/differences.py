"""What an edited form changes: facts, parts, sections, lines and rules, added, removed or changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.language import in_reader_language
from returns.formbooks.tables import SHEETS

Rows = Mapping[str, Mapping[str, Any]]


class Change(models.TextChoices):
    ADDED = "added", _("added")
    REMOVED = "removed", _("removed")
    CHANGED = "changed", _("changed")


@dataclass(frozen=True)
class Difference:
    """One row of a sheet that is not as it was; ``fields`` are name, before and after of what changed."""

    sheet: str
    code: str
    change: Change
    label: str
    fields: tuple[tuple[str, str, str], ...] = ()


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Every difference between two forms as data, in the order of the sheets."""
    return [one for sheet in SHEETS for one in _compare(sheet, _by_code(before, sheet), _by_code(after, sheet))]


def _by_code(data: Mapping[str, Any], sheet: str) -> Rows:
    """Rows by what identifies them; a rule for several lines is known by these too."""
    if sheet == "form":
        return {"": {key: value for key, value in data.items() if key not in ("breakdowns", "sections", "rules")}}
    if sheet == "parts":
        return {f"{name}.{row['code']}": row for name, rows in data.get("breakdowns", {}).items() for row in rows}
    if sheet == "lines":
        return {row["code"]: {"section": s["code"]} | row for s in data["sections"] for row in s["lines"]}
    if sheet == "sections":
        return {row["code"]: {key: value for key, value in row.items() if key != "lines"} for row in data["sections"]}
    return {" ".join([row["code"], *row.get("for_each", [])]): row for row in data.get("rules", [])}


def _compare(sheet: str, before: Rows, after: Rows) -> Iterator[Difference]:
    columns = {column.name: column for column in SHEETS[sheet]}
    for code in [*before, *(code for code in after if code not in before)]:
        old, new = before.get(code), after.get(code)
        names = new or old or {}
        label = in_reader_language(str(names.get("bn", "")), str(names.get("en", "")))
        if old is None or new is None:
            yield Difference(sheet, code, Change.ADDED if old is None else Change.REMOVED, label)
        elif old != new:
            moved = [name for name in columns if old.get(name) != new.get(name)]
            fields = tuple((name, str(columns[name].write(old)), str(columns[name].write(new))) for name in moved)
            yield Difference(sheet, code, Change.CHANGED, label, fields)
