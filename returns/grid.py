"""A return laid out for a screen: sections, rows and boxes with their texts, nothing left to compute in a template."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.evidence import Figure
from core.language import reader_wants_bangla
from core.numbers import Unit, format_amount
from core.templatetags.figures import digits
from returns.catalogue import Catalogue, Cell, Line, Section
from returns.models import Value
from returns.rules import Finding, percent, target_at
from returns.sheet import Sheet, differs
from returns.talk import counts_of, marks_of

#: Words beside a line whose figures are no plain numbers.
UNITS = {
    Unit.TAKA: gettext_lazy("taka"),
    Unit.LAKH: gettext_lazy("lakh taka"),
    Unit.PERCENT: gettext_lazy("per cent"),
    Unit.PERSON: gettext_lazy("persons"),
}


@dataclass(frozen=True)
class Box:
    """One cell on the page. ``text`` is what stands in it; the other texts are empty where they do not apply."""

    key: str
    name: str
    text: str
    head: str = ""
    part: str = ""
    taka: str = ""
    is_open: bool = False
    is_total: bool = False
    last: str = ""
    before: str = ""
    since_july: str = ""
    target: str = ""
    rate: str = ""
    register: str = ""
    matches: bool = False
    is_other: bool = False
    has_year: bool = False
    reason: str = ""
    asks_reason: bool = False
    error: str = ""
    talk: str = ""
    is_flagged: bool = False

    @property
    def agrees(self) -> str:
        """Whether the figure is the registers', as a mark and a word."""
        if self.matches:
            return f"✓ {_('matches')}"
        return f"≠ {_('differs')}" if self.is_other else ""


@dataclass(frozen=True)
class Note:
    """A finding beside its row; ``remark`` is what was written to it."""

    finding: Finding
    remark: str = ""
    by: str = ""
    error: str = ""

    @property
    def field(self) -> str:
        return f"remark:{self.finding.rule}:{self.finding.cell}"

    @property
    def is_open(self) -> bool:
        return not self.finding.is_block and not self.remark


@dataclass(frozen=True)
class Row:
    line: Line
    code: str
    label: str
    help: str
    boxes: tuple[Box, ...]
    shown: tuple[Box, ...] = ()
    unit: str = ""
    notes: tuple[Note, ...] = ()

    @property
    def is_cumulative(self) -> bool:
        return self.line.is_cumulative

    @property
    def is_lakh(self) -> bool:
        return self.line.unit is Unit.LAKH

    @property
    def is_locked(self) -> bool:
        return not self.line.is_entered

    @property
    def doubted(self) -> list[Box]:
        """Boxes whose difference from the registers asks for, or carries, a reason."""
        return [box for box in self.boxes if box.asks_reason]

    @property
    def wrong(self) -> list[Box]:
        return [box for box in self.boxes if box.error]

    @property
    def has_notes(self) -> bool:
        return bool(self.notes or self.doubted or self.wrong)


@dataclass(frozen=True)
class Block:
    """A section: ``parts`` are its column heads where rows are broken down; ``blanks`` counts cells still to fill."""

    section: Section
    letter: str
    label: str
    rows: tuple[Row, ...]
    parts: tuple[str, ...] = ()
    blanks: int = 0
    problems: int = 0
    has_register: bool = False
    has_flow: bool = False
    has_target: bool = False
    talk: str = ""

    @property
    def tag(self) -> str:
        """The kind of tag its state wears in the list of sections."""
        if self.problems:
            return "tag--late"
        return "" if self.blanks else "tag--verified"

    @property
    def says(self) -> str:
        """Its state in the list of sections: a shape and words."""
        if self.problems:
            return f"▲ {digits(self.problems)}"
        if self.blanks:
            return "○ " + _("%(count)s blank") % {"count": digits(self.blanks)}
        return "● " + _("complete")


@dataclass(frozen=True)
class Typed:
    """What an officer typed that could not be saved: texts, reasons and remarks by field, and what is wrong."""

    texts: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    remarks: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)


class _Painter:
    """Turns a sheet into boxes, in the reader's language."""

    def __init__(self, sheet: Sheet, typed: Typed, *, may_enter: bool) -> None:
        self.sheet = sheet
        self.typed = typed
        self.bangla = reader_wants_bangla()
        self.catalogue: Catalogue = sheet.catalogue
        may_type = may_enter and sheet.is_draft
        self.open = {cell.key for cell in sheet.catalogue.cells if may_type and cell.is_entered}

        self.marks = marks_of(sheet.version)

    def text(self, amount: int | None, unit: Unit) -> str:
        return "" if amount is None else format_amount(amount, unit, bangla=self.bangla)

    def box(self, cell: Cell) -> Box:
        key, line = cell.key, cell.line
        amount = self.sheet.amounts.get(key)
        box = Box(
            key=key,
            name=self.catalogue.code_of(key, bangla=self.bangla),
            text=self.typed.texts.get(key, self.text(amount, line.unit)),
            is_open=key in self.open,
            part=self._part(cell),
            is_total=cell.is_total,
            last=self.text(self.sheet.past.context.previous.get(key), line.unit) if line.is_entered else "",
            error=self.typed.wrong.get(key, ""),
            talk=self.marks[key].says if key in self.marks else "",
            is_flagged=key in self.marks and self.marks[key].is_flagged,
            taka=self.text(amount, Unit.TAKA) if line.unit is Unit.LAKH else "",
        )
        if line.is_cumulative:
            box = self._with_year(box, cell, amount)
        return self._with_register(box, cell) if cell.is_entered else box

    def _part(self, cell: Cell) -> str:
        if cell.part is None:
            return _("Total") if cell.is_total else ""
        return cell.part.bn if self.bangla else cell.part.en

    def _with_year(self, box: Box, cell: Cell, amount: int | None) -> Box:
        context, unit = self.sheet.past.context, cell.line.unit
        before = context.before.get(cell.key) or 0
        total = before + (amount or 0)
        target = self._target(cell)
        rate = percent(total, target)
        return replace(
            box,
            before=self.text(before, unit),
            since_july=self.text(total, unit),
            target=self.text(target, unit),
            has_year=bool(total or target),
            rate="" if rate is None else format_amount(rate // 100, Unit.COUNT, bangla=self.bangla) + "%",
        )

    def _target(self, cell: Cell) -> int | None:
        """The yearly target its cumulative is read against."""
        key = cell.key.replace(cell.line.code, cell.line.target or cell.line.code, 1)
        return target_at(self.catalogue, key, self.sheet.past.context.targets)

    def _with_register(self, box: Box, cell: Cell) -> Box:
        value, figure = self.sheet.values.get(cell.key), self._figure(cell)
        if figure is None:
            return box
        stands = value is not None and value.amount == figure
        now = self.sheet.proposals.get(cell.key)
        reason = self.typed.reasons.get(cell.key, value.reason if value else "")
        doubted = value is not None and now is not None and differs(value, now)
        return replace(
            box,
            register=self.text(figure, cell.line.unit),
            matches=stands,
            is_other=value is not None and value.amount not in (None, figure),
            reason=reason,
            asks_reason=bool(reason) or doubted or cell.key in self.typed.reasons,
        )

    def _figure(self, cell: Cell) -> int | None:
        """What the registers say: now for a draft, at submission afterwards."""
        live: Figure | None = self.sheet.proposals.get(cell.key)
        if live is not None:
            return live.amount
        value: Value | None = self.sheet.values.get(cell.key)
        return value.proposed if value and not self.sheet.is_draft else None

    def notes(self, code: str) -> tuple[Note, ...]:
        return tuple(self._note(f) for f in self.sheet.findings if _is_beside(f, code))

    def _note(self, finding: Finding) -> Note:
        written = self.sheet.remark_on(finding)
        note = Note(finding, written.text if written else "", written.by.name if written else "")
        typed = self.typed.remarks.get(note.field)
        return note if typed is None else replace(note, remark=typed, error=self.typed.wrong.get(note.field, ""))

    def row(self, line: Line) -> Row:
        boxes = tuple(
            replace(self.box(cell), head=f"{line.section}{number}" if line.breakdown else "")
            for number, cell in enumerate(self.catalogue.line_cells[line.code], start=1)
        )
        return Row(
            line=line,
            code=self.catalogue.code_of(line.code, bangla=self.bangla),
            label=line.bn if self.bangla else line.en,
            help=line.help_bn if self.bangla else line.help_en,
            boxes=boxes,
            shown=boxes if len(boxes) > 2 else boxes[:1],
            unit=str(UNITS.get(line.unit, "")),
            notes=self.notes(line.code),
        )

    def block(self, section: Section) -> Block:
        rows = tuple(self.row(line) for line in section.lines)
        return Block(
            section=section,
            letter=section.letter if self.bangla else section.code,
            label=section.bn if self.bangla else section.en,
            rows=rows,
            parts=self._parts(section.lines),
            blanks=sum(1 for row in rows for box in row.boxes if box.is_open and self._is_blank(box)),
            problems=sum(len(row.wrong) + sum(n.finding.is_block or n.is_open for n in row.notes) for row in rows),
            has_register=any(box.register for row in rows for box in row.boxes),
            has_flow=any(row.is_cumulative for row in rows),
            has_target=any(row.boxes[0].target for row in rows),
            talk=counts_of(self.marks, section.code),
        )

    def _is_blank(self, box: Box) -> bool:
        return self.sheet.amounts.get(box.key) is None

    def _parts(self, lines: Iterable[Line]) -> tuple[str, ...]:
        """Column heads of a broken-down section; one part alone needs none."""
        for line in lines:
            parts = self.catalogue.parts_of(line)
            if len(parts) > 1:
                return tuple(part.bn if self.bangla else part.en for part in parts)
        return ()


def _is_beside(finding: Finding, code: str) -> bool:
    return finding.rule != "BLANK" and finding.cell.partition(".")[0] == code


def lay_out(sheet: Sheet, *, may_enter: bool = False, typed: Typed | None = None) -> list[Block]:
    """The whole return for a page, section by section."""
    painter = _Painter(sheet, typed or Typed(), may_enter=may_enter)
    return [painter.block(section) for section in sheet.catalogue.sections]
