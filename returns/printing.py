"""Rows of printed returns and months: figures as the text that stands on paper. Pure; all in Bangla digits."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.numbers import Unit, format_amount
from returns.catalogue import Catalogue, Cell, Line, Section
from returns.choices import Aggregation
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

    ``widths`` are those of its columns in per cent, 100 in all.
    """

    letter: str
    title: str
    parts: tuple[str, ...]
    lines: tuple[PrintedLine, ...]
    widths: tuple[str, ...]


def text_of(amount: int | None, unit: Unit) -> str:
    return format_amount(amount, unit, bangla=True)


def is_cumulative(line: Line) -> bool:
    """Whether the line's months add up over a year."""
    return line.over_time is Aggregation.SUM


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
    scheme = single_part(catalogue, section.lines)
    return PrintedSection(
        letter=section.letter or section.code,
        title=f"{section.bn} ({scheme})" if scheme else section.bn,
        parts=names,
        lines=tuple(_line(catalogue, line, amounts, context, len(names), stars) for line in section.lines),
        widths=_widths(len(names)),
    )


def _widths(parts: int) -> tuple[str, ...]:
    """Code, label, unit, up to last month, the parts, this month, cumulative, target, per cent."""
    if parts:
        part = min(7.0, 28.0 / parts)
        others = (6.0, 0.0, 7.5, 9.0, *[part] * parts, 8.0, 9.0, 6.0, 7.0)
    else:
        others = (6.0, 0.0, 8.5, 11.5, 11.5, 11.5, 8.0, 8.0)
    label = 100 - sum(others)
    return tuple(f"{width or label:.4f}%" for width in others)


def part_names(catalogue: Catalogue, lines: Sequence[Line]) -> tuple[str, ...]:
    """Column heads of a breakdown with more than one part."""
    widest = max((catalogue.parts_of(line) for line in lines), key=len, default=())
    return tuple(part.short_bn or part.bn for part in widest) if len(widest) > 1 else ()


def single_part(catalogue: Catalogue, lines: Sequence[Line]) -> str:
    """The name of a breakdown's only part, which is told in the heading instead of a column."""
    widest = max((catalogue.parts_of(line) for line in lines), key=len, default=())
    return widest[0].bn if len(widest) == 1 else ""


def _line(
    catalogue: Catalogue, line: Line, amounts: Amounts, context: Context, width: int, stars: frozenset[str]
) -> PrintedLine:
    cells = catalogue.line_cells[line.code]
    total = cells[-1]
    figures = tuple(_figure(cell, amounts, stars) for cell in cells[:-1]) if width and len(cells) > 1 else ()
    now, before = amounts.get(total.key), _before(cells, context)
    target = target_at(catalogue, line.target or line.code, context.targets)
    in_year = is_cumulative(line)
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
class PrintedColumn:
    """A column of a month: an office below and how far it is (``যাচাই``, ``জমা``, ``৪/৫``)."""

    name: str
    standing: str


@dataclass(frozen=True)
class MonthLine:
    """A row of a month: a figure an office below, the total, and the total since 1 July."""

    code: str
    label: str
    unit: str
    figures: tuple[str, ...]
    total: str
    since_july: str
    is_computed: bool


@dataclass(frozen=True)
class MonthSection:
    letter: str
    title: str
    lines: tuple[MonthLine, ...]


@dataclass(frozen=True)
class MonthPanel:
    """As many offices as find room side by side, with the whole form under them; widths are per cents, sum 100."""

    columns: tuple[PrintedColumn, ...]
    sections: tuple[MonthSection, ...]
    label_width: str
    figure_width: str
    total_width: str


MOST_COLUMNS = 9
"""Offices side by side on one landscape sheet, if their figures leave that room."""
ROOM = 62.0
"""Per cent of the sheet's width that figures may take."""
LETTER, PADDING = 0.68, 1.0
"""Per cent that a letter of a panel takes, and the padding of a cell (``.panel`` in pdf.css)."""


def print_month(
    catalogue: Catalogue,
    columns: Sequence[PrintedColumn],
    figures: Sequence[Amounts],
    total: Amounts,
    since_july: Amounts,
) -> tuple[MonthPanel, ...]:
    """The month of an office in panels of as many offices as find room for their figures, as even as can be."""
    widest = max([_width(catalogue, amounts) for amounts in figures], default=0.0)
    widest = max([widest, *(width_of(word) for column in columns for word in column.name.split())])
    widest_total = max(widest, _width(catalogue, total), _width(catalogue, since_july))
    most = max(1, min(MOST_COLUMNS, int((ROOM - 2 * widest_total) / widest))) if widest else MOST_COLUMNS
    count = max(1, -(-len(columns) // most))
    size = -(-len(columns) // count)
    return tuple(
        _panel(catalogue, columns[i : i + size], figures[i : i + size], total, since_july, widest_total)
        for i in range(0, max(1, len(columns)), max(1, size))
    )


def _width(catalogue: Catalogue, amounts: Amounts) -> float:
    """The width that the longest figure needs, in per cent."""
    texts = [text_of(amounts.get(line.code), line.unit) for line in catalogue.lines.values()]
    return max(width_of(text) for text in texts)


def width_of(text: str) -> float:
    """About the width of a word: signs above and below take no room, a conjunct that of one letter, a comma half."""
    letters = [char for char in text if unicodedata.category(char) != "Mn"]
    return PADDING + LETTER * (len(letters) - text.count("্") - 0.5 * sum(char in ",." for char in letters))


def _panel(
    catalogue: Catalogue,
    columns: Sequence[PrintedColumn],
    figures: Sequence[Amounts],
    total: Amounts,
    since_july: Amounts,
    widest_total: float,
) -> MonthPanel:
    total_width = max(widest_total, min(10.0, ROOM / (len(columns) + 2)))
    figure_width = min(10.0, (ROOM - 2 * total_width) / max(1, len(columns)))
    label_width = 100 - 4.5 - 6.5 - figure_width * len(columns) - 2 * total_width
    return MonthPanel(
        columns=tuple(columns),
        sections=tuple(_month_section(catalogue, s, figures, total, since_july) for s in catalogue.sections),
        label_width=f"{label_width:.4f}%",
        figure_width=f"{figure_width:.4f}%",
        total_width=f"{total_width:.4f}%",
    )


def _month_section(
    catalogue: Catalogue, section: Section, figures: Sequence[Amounts], total: Amounts, since_july: Amounts
) -> MonthSection:
    scheme = single_part(catalogue, section.lines)
    return MonthSection(
        letter=section.letter or section.code,
        title=f"{section.bn} ({scheme})" if scheme else section.bn,
        lines=tuple(
            MonthLine(
                code=catalogue.code_of(line.code, bangla=True),
                label=line.bn,
                unit=UNITS[line.unit],
                figures=tuple(text_of(amounts.get(line.code), line.unit) for amounts in figures),
                total=text_of(total.get(line.code), line.unit),
                since_july=text_of(since_july.get(line.code), line.unit) if is_cumulative(line) else "",
                is_computed=not line.is_entered,
            )
            for line in section.lines
        ),
    )


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
