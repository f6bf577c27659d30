"""Reading a catalogue file: from TOML or JSON data to a `Catalogue`, refusing whatever does not hold together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from core.numbers import Unit
from core.periods import Period, PeriodError
from offices.choices import OfficeKind
from returns.catalogue import Catalogue, Cell, Line, Part, Rule, Section
from returns.choices import Aggregation, LineKind, Scope, Severity
from returns.expressions import Expression, ExpressionError, parse_expression
from returns.messages import MessageError, template_places

_CODE = re.compile(r"[A-Z][0-9]{2}[a-z]?")
_PART = re.compile(r"[A-Z][A-Z0-9]*")


class CatalogueError(ValueError):
    """The catalogue does not hold together; the message names the place."""


def read_catalogue(data: Mapping[str, Any]) -> Catalogue:
    """Build a form from catalogue data; raise `CatalogueError` naming what is wrong."""
    try:
        breakdowns = {code: _parts(rows) for code, rows in data.get("breakdowns", {}).items()}
        sections = tuple(_section(row) for row in data["sections"])
        lines = _unique_lines(sections)
        rules = tuple(_rules(data.get("rules", [])))
        Period.parse(data["valid_from"])
        catalogue = Catalogue(
            code=str(data["code"]),
            number=int(data["number"]),
            valid_from=data["valid_from"],
            due_day=int(data["due_day"]),
            sections=sections,
            breakdowns=breakdowns,
            rules=rules,
            cells=tuple(_cells(sections, breakdowns)),
            computed=_order(lines),
        )
    except KeyError as error:
        raise CatalogueError(f"{error.args[0]!r} is missing or unknown") from error
    except (PeriodError, ExpressionError, MessageError, TypeError) as error:
        raise CatalogueError(str(error)) from error
    _check_lines(catalogue)
    _check_rules(catalogue)
    return catalogue


def _parts(rows: list[dict[str, Any]]) -> tuple[Part, ...]:
    parts = tuple(Part(**row | {"levels": _levels(row.get("levels", ()))}) for row in rows)
    codes = [part.code for part in parts]
    if len(set(codes)) != len(codes) or not all(_PART.fullmatch(code) for code in codes):
        raise CatalogueError(f"parts {codes} must be different capital words")
    return parts


def _section(row: Mapping[str, Any]) -> Section:
    code = row["code"]
    lines = tuple(_line(code, line, row) for line in row["lines"])
    return Section(code=code, letter=row.get("letter", ""), bn=row["bn"], en=row["en"], lines=lines)


def _line(section: str, row: Mapping[str, Any], defaults: Mapping[str, Any]) -> Line:
    code = row["code"]
    if not _CODE.fullmatch(code) or not code.startswith(section):
        raise CatalogueError(f"{code!r} is no line code of section {section}")
    known = set(Line.__dataclass_fields__) - {"section"}
    if unknown := set(row) - known:
        raise CatalogueError(f"line {code}: {', '.join(sorted(unknown))} is not known")
    kind = LineKind(row["kind"])
    ratio = row.get("ratio")
    fields = dict(row) | {
        "section": section,
        "kind": kind,
        "unit": Unit(row.get("unit", defaults.get("unit", "count"))),
        "breakdown": row.get("breakdown", defaults.get("breakdown", "")),
        "ratio": (ratio[0], ratio[1]) if ratio else None,
        "levels": _levels(row.get("levels", defaults.get("levels", ("upazila", "thana")))),
        "over_offices": Aggregation(row.get("over_offices", "ratio" if ratio else "sum")),
        "over_time": Aggregation(row.get("over_time", "ratio" if ratio else _over_time(kind))),
    }
    return Line(**fields)


def _levels(kinds: Iterable[str]) -> tuple[str, ...]:
    if unknown := set(kinds) - set(OfficeKind.values):
        raise CatalogueError(f"level {sorted(unknown)[0]!r} is not known")
    return tuple(kinds)


def _over_time(kind: LineKind) -> Aggregation:
    return {LineKind.FLOW: Aggregation.SUM, LineKind.OPENING: Aggregation.FIRST}.get(kind, Aggregation.LAST)


def _unique_lines(sections: tuple[Section, ...]) -> dict[str, Line]:
    lines: dict[str, Line] = {}
    for section in sections:
        for line in section.lines:
            if line.code in lines:
                raise CatalogueError(f"line {line.code} stands twice")
            lines[line.code] = line
    return lines


def _rules(rows: list[dict[str, Any]]) -> list[Rule]:
    """Rules, with one for each line of ``for_each``: the word ``this`` stands for the line."""
    rules: list[Rule] = []
    for row in rows:
        each = row.get("for_each", [])
        rules += [_rule(row, line) for line in each] if each else [_rule(row, "")]
    codes = [rule.code for rule in rules]
    if double := {code for code in codes if codes.count(code) > 1}:
        raise CatalogueError(f"rule {sorted(double)[0]} stands twice")
    return rules


def _rule(row: Mapping[str, Any], this: str) -> Rule:
    def put(text: str) -> str:
        return re.sub(r"\bthis\b", this, text) if this else text

    return Rule(
        code=f"{row['code']}.{this}" if this else row["code"],
        severity=Severity(row["severity"]),
        condition=put(row["condition"]),
        cell=put(row["cell"]),
        bn=put(row["bn"]),
        en=put(row["en"]),
        scope=Scope(row.get("scope", "both")),
        months=tuple(row.get("months", ())),
        consolidated=bool(row.get("consolidated", row["severity"] == Severity.BLOCK)),
    )


def _cells(sections: tuple[Section, ...], breakdowns: Mapping[str, tuple[Part, ...]]) -> list[Cell]:
    cells: list[Cell] = []
    for section in sections:
        for line in section.lines:
            if line.breakdown:
                parts = [Cell(f"{line.code}.{part.code}", line, part) for part in breakdowns[line.breakdown]]
                cells += [cell for cell in parts if cell.levels]
            cells.append(Cell(line.code, line, is_total=bool(line.breakdown)))
    return cells


def _order(lines: Mapping[str, Line]) -> tuple[str, ...]:
    """Computed lines so that each follows those it reads; raise `CatalogueError` on a circle."""
    needs = {code: _needs(line) for code, line in lines.items() if line.kind is LineKind.COMPUTED}
    done: list[str] = []
    while needs:
        ready = [code for code, read in needs.items() if not read & needs.keys()]
        if not ready:
            raise CatalogueError(f"the formulas of {', '.join(sorted(needs))} go in a circle")
        done += ready
        needs = {code: read for code, read in needs.items() if code not in ready}
    return tuple(done)


def _needs(line: Line) -> set[str]:
    if line.ratio:
        return set(line.ratio)
    if not line.formula:
        raise CatalogueError(f"line {line.code} is computed but has no formula")
    references = parse_expression(line.formula).references
    return {ref.code for ref in references if ref.when == "now" or (ref.when == "cum" and ref.code != line.code)}


def _check_lines(catalogue: Catalogue) -> None:
    for line in catalogue.lines.values():
        if line.breakdown and line.breakdown not in catalogue.breakdowns:
            raise CatalogueError(f"line {line.code}: breakdown {line.breakdown!r} is not known")
        for other in filter(None, [line.opening_of, line.target, *(line.ratio or ())]):
            if other not in catalogue.lines:
                raise CatalogueError(f"line {line.code} names {other}, which is not in the form")
        if (line.kind is LineKind.OPENING) != bool(line.opening_of):
            raise CatalogueError(f"line {line.code}: an opening names the line it opens, and no other line does")
        if line.formula:
            _check_expression(catalogue, f"line {line.code}", parse_expression(line.formula), line.breakdown)
        _check_levels(catalogue, line)


def _check_levels(catalogue: Catalogue, line: Line) -> None:
    """Who keeps a line keeps what it is made of."""
    read = {ref.code for ref in parse_expression(line.formula).references} if line.formula else set()
    for code in sorted(read | set(filter(None, [line.opening_of, *(line.ratio or ())]))):
        if missing := set(line.levels) - set(catalogue.lines[code].levels):
            raise CatalogueError(
                f"line {line.code}: {sorted(missing)[0]} offices keep it, but not {code}, which it reads"
            )


def _check_rules(catalogue: Catalogue) -> None:
    for rule in catalogue.rules:
        if rule.cell not in catalogue.cells_by_key:
            raise CatalogueError(f"rule {rule.code} points to {rule.cell}, which is not in the form")
        breakdown = breakdown_of(catalogue, parse_expression(rule.condition))
        _check_expression(catalogue, f"rule {rule.code}", parse_expression(rule.condition), breakdown)
        for message in (rule.bn, rule.en):
            _check_message(catalogue, rule, message, breakdown)


def _check_message(catalogue: Catalogue, rule: Rule, message: str, breakdown: str) -> None:
    place = f"the message of rule {rule.code}"
    names, expressions = template_places(message)
    if unknown := set(names) - catalogue.cells_by_key.keys():
        raise CatalogueError(f"{place} names {sorted(unknown)[0]}, which is not in the form")
    for text in expressions:
        expression = parse_expression(text)
        if not expression.references:
            raise CatalogueError(f"{place} shows {text!r}, which reads no line")
        _check_expression(catalogue, place, expression, breakdown)


def breakdown_of(catalogue: Catalogue, expression: Expression) -> str:
    """The breakdown over which an expression is asked part by part; empty when it is asked once."""
    for reference in expression.references:
        line = catalogue.lines.get(reference.code)
        if line is not None and line.breakdown and not reference.part:
            return line.breakdown
    return ""


def _check_expression(catalogue: Catalogue, place: str, expression: Expression, breakdown: str) -> None:
    for reference in expression.references:
        line = catalogue.lines.get(reference.code)
        if line is None:
            raise CatalogueError(f"{place} names {reference.code}, which is not in the form")
        if reference.part not in ("", "*") and f"{reference.code}.{reference.part}" not in catalogue.cells_by_key:
            raise CatalogueError(f"{place} names {reference.code}.{reference.part}, which is not in the form")
        if line.breakdown and not reference.part and line.breakdown != breakdown:
            raise CatalogueError(f"{place} reads {reference.code} by another breakdown; write total({reference.code})")
    for name in expression.limits:
        if not any(name in part.limits for part in catalogue.breakdowns.get(breakdown, ())):
            raise CatalogueError(f"{place} asks for the limit {name!r}, which no part has")
