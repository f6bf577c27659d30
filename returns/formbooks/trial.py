"""Last month under another form: which returns would break a rule, and which would lack a line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from core.periods import Period
from returns.catalogue import Catalogue
from returns.choices import ReturnState
from returns.levels import form_of_kinds
from returns.models import ReturnVersion
from returns.rules import blanks, check, compute
from returns.sheet import Sheet, load_sheet


@dataclass
class Trial:
    """What came of it: offices' names by rule and by line. ``before`` are those that break the rule already."""

    period: str
    returns: int = 0
    rules: dict[str, list[str]] = field(default_factory=dict)
    before: dict[str, int] = field(default_factory=dict)
    lines: dict[str, list[str]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def try_form(catalogue: Catalogue, tell: Callable[[int, int], None] = lambda done, of: None) -> Trial | None:
    """Ask the rules of a form of every return verified for the latest month; None if there is none. Writes nothing."""
    latest = ReturnVersion.objects.filter(state=ReturnState.VERIFIED).order_by("-ret__period").first()
    if latest is None:
        return None
    period: Period = latest.ret.period
    rows = ReturnVersion.objects.filter(state=ReturnState.VERIFIED, ret__period=period).order_by("ret__office_path")
    keys = list(rows.values_list("pk", flat=True))
    trial = Trial(period.key)
    for number, key in enumerate(keys, start=1):
        version = ReturnVersion.objects.select_related("ret__office__baseline", "ret__form").get(pk=key)
        _try(trial, catalogue, load_sheet(version.ret, version))
        tell(number, len(keys))
    return trial


def _try(trial: Trial, form: Catalogue, sheet: Sheet) -> None:
    """One return: entered figures as they are, computed lines anew."""
    office = sheet.ret.office
    catalogue = form_of_kinds(form, [office.kind])
    context = sheet.past.context
    entered: Mapping[str, int | None] = {cell: value.amount for cell, value in sheet.values.items()}
    amounts = compute(catalogue, entered, context)
    trial.returns += 1
    for rule in {finding.rule for finding in check(catalogue, amounts, context)}:
        trial.rules.setdefault(rule, []).append(office.name)
    for rule in {finding.rule for finding in check(sheet.catalogue, sheet.amounts, context)}:
        trial.before[rule] = trial.before.get(rule, 0) + 1
    if blanks(catalogue, amounts):
        empty = {cell.line.code for cell in catalogue.cells if cell.is_entered and amounts.get(cell.key) is None}
        for code in sorted(empty):
            trial.lines.setdefault(code, []).append(office.name)
