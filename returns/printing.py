"""Rows of printed returns: figures as the text that stands on paper. Pure; all in Bangla digits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.numbers import Unit, format_amount
from returns.catalogue import Catalogue, Cell, Line, Section
from returns.rules import Context, percent, target_at

Amounts = Mapping[str, int | None]

UNITS = {
    Unit.COUNT: "সংখ্যা",
    Unit.PERSON: "জন",
    Unit.TAKA: "টাকা",
    Unit.LAKH: "লক্ষ টাকা",
    Unit.PERCENT: "%",
}


@dataclass(frozen=True)
class PrintedFigure:
    """A figure as text; ``mark`` is the star of an override."""

    text: str = ""
    mark: str = ""


@dataclass(frozen=True)
class PrintedLine:
    """A row of a return. ``parts`` is as long as the section has parts; flows alone fill the columns of the year."""

    code: str
    label: str
    unit: str
    month: PrintedFigure
    parts: tuple[PrintedFigure, ...] = ()
    before: str = ""
    cumulative: str = ""
    target: str = ""
    percent: str = ""
    is_computed: bool = False


@dataclass(frozen=True)
class PrintedSection:
    """A section of a return: its heading, the names of its parts (none, or more than one) and its rows.

    The columns of the year stand where a line adds up over it, those of the target where a line has one.
    """

    letter: str
    title: str
    parts: tuple[str, ...]
    lines: tuple[PrintedLine, ...]

    @property
    def has_year(self) -> bool:
        return any(line.cumulative for line in self.lines)

    @property
    def has_target(self) -> bool:
        return any(line.target for line in self.lines)

    @property
    def widths(self) -> tuple[str, ...]:
        """Those of its columns in per cent, 100 in all."""
        return _widths(len(self.parts), has_year=self.has_year, has_target=self.has_target)


def text_of(amount: int | None, unit: Unit) -> str:
    return format_amount(amount, unit, bangla=True)


def print_sections(
    catalogue: Catalogue, amounts: Amounts, context: Context, *, overridden: Iterable[str] = ()
) -> tuple[PrintedSection, ...]:
    """The return of an office, over the form as its kind knows it."""
    stars = frozenset(overridden)
    return tuple(_section(catalogue, section, amounts, context, stars) for section in catalogue.sections)


def _section(
    catalogue: Catalogue,
    section: Section,
    amounts: Amounts,
    context: Context,
    stars: frozenset[str],
) -> PrintedSection:
    names = part_names(catalogue, section.lines)
    return PrintedSection(
        letter=section.letter or section.code,
        title=title_of(catalogue, section),
        parts=names,
        lines=tuple(_line(catalogue, line, amounts, context, len(names), stars) for line in section.lines),
    )


def _widths(parts: int, *, has_year: bool, has_target: bool) -> tuple[str, ...]:
    """Code, label, unit, up to last month, the parts, this month, cumulative, target, per cent; the label has what the
    others leave."""
    if parts:
        part = min(7.0, 28.0 / parts)
        unit, before, month, year, target, share = 7.5, 9.0, 8.0, 9.0, 6.0, 7.0
    else:
        part, unit, before, month, year, target, share = 0.0, 8.5, 11.5, 11.5, 11.5, 8.0, 8.0
    figures = [*([before] * has_year), *([part] * parts), month, *([year] * has_year), *([target, share] * has_target)]
    label = 100 - 6.0 - unit - sum(figures)
    return tuple(f"{width:.4f}%" for width in (6.0, label, unit, *figures))


def part_names(catalogue: Catalogue, lines: Sequence[Line]) -> tuple[str, ...]:
    """Column heads of a breakdown with more than one part."""
    widest = max((catalogue.parts_of(line) for line in lines), key=len, default=())
    return tuple(part.short_bn or part.bn for part in widest) if len(widest) > 1 else ()


def title_of(catalogue: Catalogue, section: Section) -> str:
    """A section's name, with that of a breakdown's only part, which stands here instead of over a column."""
    widest = max((catalogue.parts_of(line) for line in section.lines), key=len, default=())
    return f"{section.bn} ({widest[0].bn})" if len(widest) == 1 else section.bn


def _line(
    catalogue: Catalogue, line: Line, amounts: Amounts, context: Context, width: int, stars: frozenset[str]
) -> PrintedLine:
    cells = catalogue.line_cells[line.code]
    total = cells[-1]
    figures = tuple(_figure(cell, amounts, stars) for cell in cells[:-1]) if width and len(cells) > 1 else ()
    now, before = amounts.get(total.key), _before(cells, context)
    target = target_at(catalogue, line.target or line.code, context.targets)
    in_year = line.is_cumulative
    cumulative = None if now is None else now + before
    return PrintedLine(
        code=catalogue.code_of(line.code, bangla=True),
        label=line.bn,
        unit=UNITS[line.unit],
        parts=figures or (PrintedFigure(),) * width,
        month=PrintedFigure(text_of(now, line.unit), _star(cells, stars)),
        before=text_of(before, line.unit) if in_year else "",
        cumulative=text_of(cumulative, line.unit) if in_year else "",
        target=text_of(target, line.unit) if in_year and target is not None else "",
        percent=text_of(percent(cumulative, target), Unit.PERCENT) if in_year and target else "",
        is_computed=not line.is_entered,
    )


def _figure(cell: Cell, amounts: Amounts, stars: frozenset[str]) -> PrintedFigure:
    return PrintedFigure(text_of(amounts.get(cell.key), cell.line.unit), "*" if cell.key in stars else "")


def _star(cells: Sequence[Cell], stars: frozenset[str]) -> str:
    """A line without columns for its parts carries their star on its only figure."""
    return "*" if len(cells) <= 2 and any(cell.key in stars for cell in cells) else ""


def _before(cells: Sequence[Cell], context: Context) -> int:
    """Flows since 1 July without this month: of the parts where there are any, for a baseline keeps only those."""
    parts = [amount for cell in cells[:-1] if (amount := context.before.get(cell.key)) is not None]
    return sum(parts) if parts else context.before.get(cells[-1].key) or 0


@dataclass(frozen=True)
class PartsTable:
    """The office's total by part, for the sections that have parts; ``widths`` are per cents, sum 100."""

    names: tuple[str, ...]
    lines: tuple[PrintedLine, ...]
    widths: tuple[str, ...]


def print_parts(catalogue: Catalogue, total: Amounts) -> PartsTable:
    """Every line with more than one part, its total by part."""
    lines = [line for line in catalogue.lines.values() if len(catalogue.parts_of(line)) > 1]
    names = part_names(catalogue, lines)
    figure = 50 / (len(names) + 1)
    return PartsTable(
        names=names,
        widths=("5%", "35%", "10%", *[f"{figure:.4f}%"] * (len(names) + 1)),
        lines=tuple(
            PrintedLine(
                code=catalogue.code_of(line.code, bangla=True),
                label=line.bn,
                unit=UNITS[line.unit],
                parts=_parts_of(catalogue, line, total, len(names)),
                month=PrintedFigure(text_of(total.get(line.code), line.unit)),
                is_computed=not line.is_entered,
            )
            for line in lines
        ),
    )


def _parts_of(catalogue: Catalogue, line: Line, total: Amounts, width: int) -> tuple[PrintedFigure, ...]:
    """A figure a part; parts that only other lines have come last and stay empty."""
    figures = [_figure(cell, total, frozenset()) for cell in catalogue.line_cells[line.code][:-1]]
    return (*figures, *[PrintedFigure()] * (width - len(figures)))
