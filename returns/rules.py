"""Pure arithmetic of a return: computing its cells and asking its rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from core.language import in_reader_language
from core.numbers import to_bangla_digits
from returns.catalogue import Catalogue, Cell, Line, Rule, Section
from returns.choices import LineKind, Scope, Severity
from returns.expressions import Expression, parse_expression
from returns.messages import fill_template
from returns.reading import breakdown_of

Amounts = Mapping[str, int | None]


@dataclass(frozen=True)
class Context:
    """What a return knows of its past, by cell: closings of the period before (``previous``), flows since 1 July
    without this period (``before``), closings of the June before the fiscal year (``june``), and yearly targets.

    ``month`` is the calendar month, 1 to 12. ``is_beginning``: nothing was carried over from before the portal, so that
    openings are zero.
    """

    month: int
    previous: Amounts = field(default_factory=dict)
    before: Amounts = field(default_factory=dict)
    june: Amounts = field(default_factory=dict)
    targets: Amounts = field(default_factory=dict)
    is_beginning: bool = False


@dataclass(frozen=True)
class Finding:
    """A rule that a cell does not meet, with its message in both languages."""

    rule: str
    severity: Severity
    cell: str
    bn: str
    en: str

    @property
    def message(self) -> str:
        """In the reader's language."""
        return in_reader_language(self.bn, self.en)

    @property
    def is_block(self) -> bool:
        return self.severity is Severity.BLOCK


class CellLookup:
    """Answers expressions from a return's amounts and its context."""

    def __init__(self, catalogue: Catalogue, amounts: Amounts, context: Context) -> None:
        self.catalogue = catalogue
        self.amounts = amounts
        self.context = context

    def figure(self, when: str, code: str, part: str | None, *, fixed: bool) -> int | None:
        key = self._key(code, part)
        if when == "now":
            return self.amounts.get(key)
        if when == "prev":
            return self.context.previous.get(key)
        if when == "june":
            return self.context.june.get(key)
        now = self.amounts.get(key)
        return None if now is None else now + (self.context.before.get(key) or 0)

    def limit(self, name: str, part: str | None) -> int | None:
        for parts in self.catalogue.breakdowns.values():
            for one in parts:
                if one.code == part:
                    return one.limits.get(name)
        return None

    def _key(self, code: str, part: str | None) -> str:
        line = self.catalogue.lines[code]
        return f"{code}.{part}" if part and line.breakdown else code


def compute(catalogue: Catalogue, amounts: Amounts, context: Context) -> dict[str, int | None]:
    """Every cell of the form: entered ones as given, openings and targets copied, totals and formulas computed.

    What reads a blank is blank; nothing counts as zero silently.
    """
    cells: dict[str, int | None] = {}
    for cell in catalogue.cells:
        if not cell.is_total and cell.line.kind is not LineKind.COMPUTED:
            cells[cell.key] = _given(cell, amounts, context)
    for line in catalogue.lines.values():
        if line.kind is not LineKind.COMPUTED:
            _add_total(catalogue, line, cells)
    lookup = CellLookup(catalogue, cells, context)
    for code in catalogue.computed:
        _compute_line(catalogue, catalogue.lines[code], cells, lookup)
    return {cell.key: cells.get(cell.key) for cell in catalogue.cells}


def _given(cell: Cell, amounts: Amounts, context: Context) -> int | None:
    line = cell.line
    if line.kind is LineKind.OPENING:
        closing = context.previous.get(cell.key.replace(line.code, line.opening_of, 1))
        return 0 if closing is None and context.is_beginning else closing
    if line.kind is LineKind.TARGET:
        return context.targets.get(cell.key)
    return amounts.get(cell.key)


def _add_total(catalogue: Catalogue, line: Line, cells: dict[str, int | None]) -> None:
    if line.breakdown:
        parts = [cells.get(cell.key) for cell in catalogue.line_cells[line.code] if not cell.is_total]
        present = [amount for amount in parts if amount is not None]
        cells[line.code] = sum(present) if len(present) == len(parts) else None


def _compute_line(catalogue: Catalogue, line: Line, cells: dict[str, int | None], lookup: CellLookup) -> None:
    for cell in catalogue.line_cells[line.code]:
        part = cell.part.code if cell.part else None
        if line.ratio:
            upper, lower = (lookup.figure("now", code, part, fixed=False) for code in line.ratio)
            cells[cell.key] = percent(upper, lower)
        elif not cell.is_total:
            value = parse_expression(line.formula).evaluate(lookup, part)
            cells[cell.key] = None if value is None else int(value)
    if not line.ratio:
        _add_total(catalogue, line, cells)


def percent(upper: int | None, lower: int | None) -> int | None:
    """``upper`` in hundredths of a per cent of ``lower``, half up; None without both or for a zero base."""
    if upper is None or not lower:
        return None
    return (2 * upper * 10_000 + lower) // (2 * lower)


def target_at(catalogue: Catalogue, key: str, targets: Amounts) -> int | None:
    """The yearly target set at a cell; that of a whole line is Σ of its parts, if it was not set itself."""
    if key in targets:
        return targets[key]
    parts = [targets.get(cell.key) for cell in catalogue.line_cells.get(key, ()) if cell.part]
    known = [amount for amount in parts if amount is not None]
    return sum(known) if known else None


def check(catalogue: Catalogue, amounts: Amounts, context: Context, *, of_sums: bool = False) -> list[Finding]:
    """Findings of the form's own rules on computed amounts, in the order of the cells they point to.

    A rule that meets a blank is not asked: blanks have their own finding (`blanks`). ``of_sums``: only those that hold
    for sums over offices. Those that look at other months do not: offices come, move and are missing in between, and
    their figures of one month would be held against the sums of others.
    """
    lookup = CellLookup(catalogue, amounts, context)
    findings: list[Finding] = []
    for rule in catalogue.rules:
        if (not rule.months or context.month in rule.months) and (not of_sums or _holds_for_sums(rule)):
            findings += _ask(catalogue, rule, lookup)
    order = {cell.key: number for number, cell in enumerate(catalogue.cells)}
    return sorted(findings, key=lambda finding: (not finding.is_block, order[finding.cell]))


def _holds_for_sums(rule: Rule) -> bool:
    return rule.consolidated and all(one.when == "now" for one in parse_expression(rule.condition).references)


def _ask(catalogue: Catalogue, rule: Rule, lookup: CellLookup) -> Iterator[Finding]:
    """Parts first; the total is asked only where every part holds, so that one slip is told once."""
    condition = parse_expression(rule.condition)
    breakdown = breakdown_of(catalogue, condition)
    failed = False
    if breakdown and rule.scope is not Scope.TOTAL:
        for part in catalogue.breakdowns[breakdown]:
            if _fails(condition, lookup, part.code):
                failed = True
                yield _finding(catalogue, rule, lookup, part.code)
    asks_total = not breakdown or rule.scope is not Scope.PARTS
    if asks_total and not failed and _fails(condition, lookup, None):
        yield _finding(catalogue, rule, lookup, None)


def _fails(condition: Expression, lookup: CellLookup, part: str | None) -> bool:
    answer = condition.evaluate(lookup, part)
    return answer is not None and not answer


def _finding(catalogue: Catalogue, rule: Rule, lookup: CellLookup, part: str | None) -> Finding:
    key = f"{rule.cell}.{part}"
    return Finding(
        rule=rule.code,
        severity=rule.severity,
        cell=key if part and key in catalogue.cells_by_key else rule.cell,
        bn=fill_template(rule.bn, catalogue, lookup, part, bangla=True),
        en=fill_template(rule.en, catalogue, lookup, part, bangla=False),
    )


def blanks(catalogue: Catalogue, amounts: Amounts) -> list[Finding]:
    """One blocking finding for each section in which entered cells are blank, pointing to the first of them."""
    found: dict[str, list[Cell]] = {}
    for cell in catalogue.cells:
        if cell.is_entered and amounts.get(cell.key) is None:
            found.setdefault(cell.line.section, []).append(cell)
    return [_blank(catalogue, catalogue.sections_by_code[code], cells) for code, cells in found.items()]


def _blank(catalogue: Catalogue, section: Section, cells: list[Cell]) -> Finding:
    codes = list(dict.fromkeys(cell.line.code for cell in cells))
    bn = ", ".join(catalogue.code_of(code, bangla=True) for code in codes)
    en = ", ".join(codes)
    count = len(cells)
    return Finding(
        rule="BLANK",
        severity=Severity.BLOCK,
        cell=cells[0].key,
        bn=f"{section.letter}. {section.bn}: {to_bangla_digits(str(count))}টি ঘর খালি ({bn})। "
        "সংখ্যা লিখুন; কিছু না থাকলে ০ লিখুন।",
        en=f"{section.code}. {section.en}: {count} blank ({en}). Write the figures, or 0 where there is nothing.",
    )
