"""The form itself as a paper with empty boxes, to be filled by hand: of an office's month, or of a form for whoever
needs it (office and month are then lines to write on)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import UserError
from core.numbers import to_bangla_digits
from core.periods import Period
from documents.registry import Fact, Paper, Source, paper
from offices.choices import OfficeKind
from offices.models import Office
from returns.catalogue import Catalogue, Cell, Line, Section
from returns.models import Form
from returns.papers.office_return import full_title
from returns.papers.says import office_fact, period_fact
from returns.printing import UNITS, part_names, title_of
from returns.published import catalogue_of

BLANK = "returns.blank"

#: What becomes of a box: written by hand, brought or computed by the portal, or not there in this kind of office.
OPEN, GREY, NONE = "open", "grey", "none"


@dataclass(frozen=True)
class BlankLine:
    """A row to fill: ``boxes`` are the states of its parts' boxes and, last, of its total's."""

    code: str
    label: str
    help: str
    unit: str
    boxes: tuple[str, ...]


@dataclass(frozen=True)
class BlankSection:
    """A section of the blank form; ``widths`` of its columns are per cents, 100 in all."""

    letter: str
    title: str
    parts: tuple[str, ...]
    lines: tuple[BlankLine, ...]
    widths: tuple[str, ...]


@paper(BLANK, gettext_lazy("Blank form of the return"))
def blank_paper(*, office: str, form: str, number: int, period: str = "") -> Paper:
    """The form as the office's kind knows it for a month; without a month, as the upazilas know it, for any office.

    `UserError` for a form that was not published.
    """
    row = Office.objects.select_related("parent").get(code=office)
    published = Form.objects.filter(code=form, number=number).defer("catalogue").first()
    if published is None:
        raise UserError(_("There is no such form."))
    when = Period.parse(period) if period else None
    kind = row.kind if when or row.is_leaf else OfficeKind.UPAZILA
    name = f"{form}/{number}"
    title_bn, title_en = f"মাসিক রিটার্নের ফাঁকা ছক {to_bangla_digits(name)}", f"Blank form of the monthly return {name}"
    if when:
        title_bn += f": {row.name_bn}, {when.label('bn')}"
        title_en += f": {row.name_en}, {when.label('en')}"
    return Paper(
        template="pdf/blank.html",
        context={
            "office_bn": full_title(row) if when else "",
            "period_bn": when.label("bn") if when else "",
            "form": to_bangla_digits(name),
            "valid_bn": published.valid_from.label("bn"),
            "sections": blank_sections(catalogue_of(published, [kind])),
        },
        title_bn=title_bn,
        title_en=title_en,
        subject=f"{office}:{name}:{period}",
        office_path=row.path,
        sources=(
            Source(
                f"returns.form:{published.pk}",
                str(number),
                published.published_at,
                f"ছক {to_bangla_digits(name)}",
                f"Form {name}",
            ),
        ),
        data_at=published.published_at,
        facts=(
            *((office_fact(row), period_fact(when)) if when else ()),
            Fact("ছক", "Form", to_bangla_digits(name), name),
        ),
    )


def blank_sections(catalogue: Catalogue) -> tuple[BlankSection, ...]:
    """Every line of a form with its boxes."""
    return tuple(_section(catalogue, section) for section in catalogue.sections)


def _section(catalogue: Catalogue, section: Section) -> BlankSection:
    parts = part_names(catalogue, section.lines)
    return BlankSection(
        letter=section.letter or section.code,
        title=title_of(catalogue, section),
        parts=parts,
        lines=tuple(_line(catalogue, line, len(parts)) for line in section.lines),
        widths=_widths(len(parts)),
    )


def _widths(parts: int) -> tuple[str, ...]:
    """Code, label, unit, the parts, this month."""
    boxes = (48.0 / (parts + 1),) * (parts + 1) if parts else (24.0,)
    label = 100 - 6 - 8 - sum(boxes)
    return tuple(f"{width:.4f}%" for width in (6.0, label, 8.0, *boxes))


def _line(catalogue: Catalogue, line: Line, width: int) -> BlankLine:
    cells = catalogue.line_cells[line.code]
    parts = tuple(_box(cell) for cell in cells[:-1]) if width and len(cells) > 1 else ()
    # A breakdown of one part has one box, that of its part.
    last = _box(cells[0]) if len(cells) == 2 and not width else _box(cells[-1])
    return BlankLine(
        code=catalogue.code_of(line.code, bangla=True),
        label=line.bn,
        help=line.help_bn,
        unit=UNITS[line.unit],
        boxes=(*parts, *(NONE,) * (width - len(parts)), last),
    )


def _box(cell: Cell) -> str:
    return OPEN if cell.is_entered else GREY
