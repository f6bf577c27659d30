"""Charts as SVG drawn on the server, the same for page and PDF.

Only presentation attributes, so a strict content policy and the PDF engine both draw them; shapes and shades stay apart
in black and white. Every chart carries its words (``title``, ``description``) for readers who do not see it. Figures
come in as exact numbers; geometry is rounded to tenths of a pixel.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

# The tokens of static/css/tokens.css; a test holds them together.
INK = "#15231c"
MUTED = "#56625a"
GREEN = "#006a4e"
GREEN_PALE = "#e5f0ea"
RED = "#b5121f"
SHEET = "#ffffff"
LINE = "#ddd8c9"
LINE_STRONG = "#7f887d"
FONT = "Noto Sans Bengali, Nirmala UI, Noto Sans, sans-serif"
# From the lowest level to the highest: four steps that also differ in grey.
BANDS = ("#eef1ea", "#dbe8e0", "#c0d8cb", "#9fc4b2")

Number = int | Fraction


@dataclass(frozen=True)
class Mark:
    """A level of a target scale: its per cent and its target as the reader writes it."""

    percent: int
    text: str


def bullet_chart(
    score: Number | None, marks: Sequence[Mark], *, title: str, description: str, width: int = 320, place: str = ""
) -> SafeString:
    """An achievement on its target scale, by the raw score (0 to 100) it earned.

    The axis runs from ten points below the lowest level to the highest; a score below it stands at its left edge as an
    arrow. ``place`` is the achievement as the reader writes it.
    """
    levels = sorted(marks, key=lambda mark: mark.percent)
    low, high = levels[0].percent - 10, levels[-1].percent
    left, right, top, height = 12, width - 18, 22, 14

    def x(value: Number) -> str:
        inside = min(max(Fraction(value), Fraction(low)), Fraction(high))
        return _tenths(left + (right - left) * (inside - low) / (high - low))

    bands = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/>',
        (
            (x(a.percent), top, _tenths(Fraction(x(b.percent)) - Fraction(x(a.percent))), height, shade)
            for (a, b), shade in zip(pairwise(levels), _shades(len(levels) - 1), strict=True)
        ),
    )
    ticks = format_html_join(
        "",
        '<path d="M{0} {1}v{2}" stroke="{3}"/><text x="{0}" y="{4}" text-anchor="middle">{5}</text>',
        ((x(mark.percent), top - 2, height + 4, LINE_STRONG, top + height + 15, mark.text) for mark in levels),
    )
    frame = format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" fill="none" stroke="{}"/>', left, top, right - left, height, LINE
    )
    shape = _achieved(score, x, low, top, height, place, width)
    return _svg(width, top + height + 22, title, description, bands + frame + ticks + shape)


def spark(
    values: Sequence[Number | None], *, title: str, description: str, width: int = 120, height: int = 28
) -> SafeString:
    """A line through up to twelve months; a month without a figure is a gap, the last figure a dot."""
    known = [value for value in values if value is not None]
    if not known:
        return _svg(width, height, title, description, SafeString(""))
    low, high = min(known), max(known)
    span = (high - low) or 1
    step = Fraction(width - 8, max(len(values) - 1, 1))
    points = [
        None if value is None else (_tenths(4 + step * n), _tenths(4 + (height - 8) * Fraction(high - value) / span))
        for n, value in enumerate(values)
    ]
    lines = format_html_join(
        "",
        '<polyline points="{}" fill="none" stroke="{}" stroke-width="1.5" stroke-linejoin="round"/>',
        ((" ".join(f"{x},{y}" for x, y in run), GREEN) for run in _runs(points)),
    )
    lone = format_html_join(
        "", '<circle cx="{}" cy="{}" r="1.5" fill="{}"/>', ((*run[0], GREEN) for run in _runs(points) if len(run) == 1)
    )
    last = next(point for point in reversed(points) if point is not None)
    dot = format_html('<circle cx="{}" cy="{}" r="3" fill="{}"/>', *last, INK)
    return _svg(width, height, title, description, lines + lone + dot)


@dataclass(frozen=True)
class Column:
    """A month of a trend: its short name, its figure, and the figure as the reader writes it."""

    name: str
    value: Number | None
    text: str


def trend_chart(
    columns: Sequence[Column], *, title: str, description: str, width: int = 560, height: int = 180
) -> SafeString:
    """Columns from zero with their figures above; a month without a figure is an empty place with a dashed foot."""
    most = max((column.value for column in columns if column.value is not None), default=0) or 1
    floor, ceiling, each = height - 24, 20, Fraction(width, max(len(columns), 1))
    thick = min(each * Fraction(3, 5), Fraction(40))

    def drawn() -> Iterable[SafeString]:
        for n, column in enumerate(columns):
            middle = each * n + each / 2
            yield format_html(
                '<text x="{}" y="{}" text-anchor="middle" fill="{}">{}</text>',
                *(_tenths(middle), height - 6, MUTED, column.name),
            )
            yield _column(column, middle, thick, floor, ceiling, most)

    base = format_html('<path d="M0 {}H{}" stroke="{}"/>', floor, width, LINE_STRONG)
    return _svg(width, height, title, description, SafeString("".join(drawn())) + base)


def progress_bar(
    done: Number, of: Number, *, title: str, description: str = "", width: int = 160, height: int = 10
) -> SafeString:
    """How much of a whole is done; more than the whole fills it, with a mark at its end."""
    part = Fraction(done) / Fraction(of) if of else Fraction(0)
    filled = _tenths((width - 2) * min(max(part, Fraction(0)), Fraction(1)))
    bar = format_html(
        '<rect x=".5" y=".5" width="{}" height="{}" fill="{}" stroke="{}"/><rect x="1" y="1" width="{}" height="{}" '
        'fill="{}"/>',
        *(width - 1, height - 1, SHEET, LINE_STRONG, filled, height - 2, GREEN),
    )
    if part > 1:
        bar += format_html('<path d="M{} 0v{}" stroke="{}" stroke-width="3"/>', width - 2, height, INK)
    return _svg(width, height, title, description, bar)


def _svg(width: int, height: int, title: str, description: str, body: SafeString) -> SafeString:
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img" '
        'font-family="{2}" font-size="11" fill="{3}"><title>{4}</title>{5}{6}</svg>',
        *(width, height, FONT, INK, title),
        format_html("<desc>{}</desc>", description) if description else "",
        body,
    )


def _achieved(
    score: Number | None, x: Callable[[Number], str], low: int, top: int, height: int, place: str, width: int
) -> SafeString:
    """The achievement's mark: a diamond on a bar, or an arrow out of the scale; nothing without a score."""
    if score is None:
        return SafeString("")
    at = Fraction(x(score))
    middle = top + height // 2
    if score < low:
        form = format_html('<path d="M{} {}l9 -7v14z" fill="{}"/>', _tenths(at - 9), middle, RED)
    else:
        form = format_html(
            '<path d="M{0} {1}V{2}" stroke="{3}" stroke-width="2"/><path d="M{0} {4}l6 6l-6 6l-6 -6z" fill="{3}" '
            'stroke="{5}"/>',
            *(_tenths(at), top - 4, top + height + 4, INK, middle - 6, SHEET),
        )
    anchor = "end" if at > width * Fraction(4, 5) else "start" if at < width / Fraction(5) else "middle"
    return form + format_html(
        '<text x="{}" y="13" text-anchor="{}" font-weight="700" font-size="12">{}</text>', _tenths(at), anchor, place
    )


def _column(column: Column, middle: Fraction, thick: Fraction, floor: int, ceiling: int, most: Number) -> SafeString:
    left = _tenths(middle - thick / 2)
    if column.value is None:
        return format_html(
            '<path d="M{} {}h{}" stroke="{}" stroke-width="3" stroke-dasharray="3 3"/>',
            *(left, floor - 2, _tenths(thick), LINE_STRONG),
        )
    tall = (floor - ceiling) * Fraction(max(column.value, 0)) / Fraction(most)
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/><text x="{}" y="{}" text-anchor="middle">{}</text>',
        *(left, _tenths(floor - tall), _tenths(thick), _tenths(tall), GREEN),
        *(_tenths(middle), _tenths(floor - tall - 5), column.text),
    )


def _runs(points: Sequence[tuple[str, str] | None]) -> list[list[tuple[str, str]]]:
    """Unbroken stretches of known points."""
    runs: list[list[tuple[str, str]]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if run]


def _shades(count: int) -> tuple[str, ...]:
    return tuple(BANDS[min(n, len(BANDS) - 1)] for n in range(count))


def _tenths(value: Number) -> str:
    """Tenths of a pixel, without a needless zero."""
    whole, tenth = divmod(round(Fraction(value) * 10), 10)
    return f"{whole}.{tenth}" if tenth else str(whole)
