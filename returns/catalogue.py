"""The form as data: sections, lines, cells and rules, read from a catalogue file into frozen dataclasses.

A line's ``code`` is its identity across versions of the form. A line with a breakdown has one cell a part
(``A07.GP``) and a computed total cell under its bare code (``A07``); other lines have one cell. `returns.reading`
makes a `Catalogue` from data and refuses one that does not hold together.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from core.numbers import Unit, to_bangla_digits
from returns.choices import Aggregation, LineKind, Scope, Severity


@dataclass(frozen=True)
class Part:
    """One column of a breakdown: ``GP``, or a scheme such as ``ASHRAYAN``. ``limits`` are its own named amounts.

    ``levels`` are the office kinds that keep it, among those of the line (all of them when empty); ``registers`` says
    whether the registers propose its figures.
    """

    code: str
    bn: str
    en: str
    short_bn: str = ""
    short_en: str = ""
    limits: dict[str, int] = field(default_factory=dict)
    levels: tuple[str, ...] = ()
    registers: bool = True


@dataclass(frozen=True)
class Line:
    """A row of the form. ``formula`` belongs to computed lines; ``opening_of`` names the line whose closing it opens;
    ``metric`` is the register figure that proposes it (``societies.registered``); ``levels`` are office kinds;
    ``target`` names the line whose yearly target its cumulative is read against (its own code by default)."""

    code: str
    section: str
    bn: str
    en: str
    help_bn: str
    help_en: str
    unit: Unit
    kind: LineKind
    breakdown: str = ""
    formula: str = ""
    opening_of: str = ""
    metric: str = ""
    ratio: tuple[str, str] | None = None
    levels: tuple[str, ...] = ("upazila", "thana")
    target: str = ""
    over_offices: Aggregation = Aggregation.SUM
    over_time: Aggregation = Aggregation.LAST

    @property
    def is_entered(self) -> bool:
        """Whether an officer types or confirms it; openings, computed lines and targets are copied or computed."""
        return self.kind in (LineKind.FLOW, LineKind.STOCK)

    @property
    def is_cumulative(self) -> bool:
        """Whether the line's months add up over a year."""
        return self.over_time is Aggregation.SUM

    @property
    def number(self) -> str:
        """The code without its section: ``04``."""
        return self.code.removeprefix(self.section)


@dataclass(frozen=True)
class Cell:
    """A place for one figure. ``is_total`` marks the computed sum of a breakdown."""

    key: str
    line: Line
    part: Part | None = None
    is_total: bool = False

    @property
    def is_entered(self) -> bool:
        return self.line.is_entered and not self.is_total

    @property
    def levels(self) -> tuple[str, ...]:
        """Kinds of office in whose returns the cell stands."""
        own = self.part.levels if self.part else ()
        return tuple(kind for kind in self.line.levels if not own or kind in own)

    @property
    def is_proposed(self) -> bool:
        """Whether a register may propose its figure."""
        return self.is_entered and bool(self.line.metric) and (self.part is None or self.part.registers)


@dataclass(frozen=True)
class Rule:
    """A condition that a return must (block) or should (warn) meet; ``cell`` is the line its message points to.

    ``months`` limits it to those calendar months (all when empty). ``consolidated`` says that it is asked of sums over
    offices, too.
    """

    code: str
    severity: Severity
    condition: str
    cell: str
    bn: str
    en: str
    scope: Scope = Scope.BOTH
    months: tuple[int, ...] = ()
    consolidated: bool = False


@dataclass(frozen=True)
class Section:
    """A block of lines; ``letter`` is its Bangla letter (ঘ for D)."""

    code: str
    bn: str
    en: str
    lines: tuple[Line, ...]
    letter: str = ""


@dataclass(frozen=True)
class Catalogue:
    """A whole form. ``cells`` is every cell in printing order; ``computed`` the computed lines in order of need."""

    code: str
    number: int
    valid_from: str
    due_day: int
    sections: tuple[Section, ...]
    breakdowns: dict[str, tuple[Part, ...]]
    rules: tuple[Rule, ...]
    cells: tuple[Cell, ...]
    computed: tuple[str, ...] = ()

    @cached_property
    def lines(self) -> dict[str, Line]:
        return {line.code: line for section in self.sections for line in section.lines}

    @cached_property
    def cells_by_key(self) -> dict[str, Cell]:
        return {cell.key: cell for cell in self.cells}

    @cached_property
    def sections_by_code(self) -> dict[str, Section]:
        return {section.code: section for section in self.sections}

    @cached_property
    def line_cells(self) -> dict[str, tuple[Cell, ...]]:
        """Cells of each line, parts first, then the total."""
        found: dict[str, list[Cell]] = {code: [] for code in self.lines}
        for cell in self.cells:
            found[cell.line.code].append(cell)
        return {code: tuple(cells) for code, cells in found.items()}

    def parts_of(self, line: Line) -> tuple[Part, ...]:
        """The parts in which the line stands, in order."""
        return tuple(cell.part for cell in self.line_cells[line.code] if cell.part)

    def entered_cells(self, kind: str) -> tuple[Cell, ...]:
        """Cells that an office of a kind types or confirms."""
        return tuple(cell for cell in self.cells if cell.is_entered and kind in cell.levels)

    def needs_baseline(self, kind: str) -> bool:
        """Whether an office of a kind reports stocks, which cannot begin at nothing."""
        return any(cell.line.kind is LineKind.STOCK for cell in self.entered_cells(kind))

    def code_of(self, key: str, *, bangla: bool) -> str:
        """What people call a cell: ``ঘ০৪`` or ``D04``, with the part's short name where it has one."""
        cell = self.cells_by_key[key]
        line = cell.line
        letter = self.sections_by_code[line.section].letter or line.section
        code = f"{letter}{to_bangla_digits(line.number)}" if bangla else line.code
        if cell.part is None or len(self.parts_of(line)) == 1:
            return code
        short = cell.part.short_bn if bangla else cell.part.short_en
        return f"{code} {short or cell.part.code}"
