"""The form as some kinds of office know it: what none of them keeps does not exist there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from returns.catalogue import Catalogue, Rule
from returns.expressions import parse_expression
from returns.messages import template_places


def form_of_kinds(catalogue: Catalogue, kinds: Collection[str]) -> Catalogue:
    """The form as it stands in returns of these kinds of office, or in their totals.

    A line, part or cell that none of them keeps is gone, and so is every rule that names one.
    """
    wanted = frozenset(kinds)
    cells = tuple(cell for cell in catalogue.cells if wanted.intersection(cell.levels))
    named = {cell.key for cell in cells} | {cell.line.code for cell in cells}
    sections = (
        replace(one, lines=tuple(line for line in one.lines if line.code in named)) for one in catalogue.sections
    )
    parts = {
        code: tuple(part for part in row if not part.levels or wanted.intersection(part.levels))
        for code, row in catalogue.breakdowns.items()
    }
    return replace(
        catalogue,
        sections=tuple(section for section in sections if section.lines),
        breakdowns=parts,
        rules=tuple(rule for rule in catalogue.rules if named_by(rule) <= named),
        cells=cells,
        computed=tuple(code for code in catalogue.computed if code in named),
    )


def named_by(rule: Rule) -> set[str]:
    """Lines and cells that a rule names in its condition and its messages."""
    named, shown = {rule.cell}, [rule.condition]
    for message in (rule.bn, rule.en):
        names, expressions = template_places(message)
        named |= set(names)
        shown += expressions
    references = [reference for text in shown for reference in parse_expression(text).references]
    return named | {ref.code if ref.part in ("", "*") else f"{ref.code}.{ref.part}" for ref in references}
