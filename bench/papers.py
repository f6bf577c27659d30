"""How long the PDF of a full return takes, as a multiple of a calibration page.

The calibration page holds the same cells in plain tables with the engine's own style, laid out and written by the
stock engine: no stylesheet, no running parts, no text layer, no PDF/A.
"""

from __future__ import annotations

import random
import re
import statistics
import time
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import weasyprint

from documents import textlayer
from documents.codes import new_code
from documents.engine import render_pdf
from documents.registry import Paper
from documents.rendering import render_html
from returns.printing import print_sections
from returns.reading import read_catalogue
from returns.rules import Context
from returns.services.forms import FORM_FILE

AT = datetime(2026, 11, 3, 6, 0, tzinfo=UTC)
ROUNDS = 5
FONTS = "html { font: 9pt 'Noto Sans Bengali', 'Noto Sans' } @page { size: A4 }"


def full_return() -> Paper:
    """The paper of a return in which every cell is filled."""
    catalogue = read_catalogue(tomllib.loads(FORM_FILE.read_text(encoding="utf-8")))
    lot = random.Random(7)  # noqa: S311 - figures to print, nothing secret
    amounts = {cell.key: lot.randrange(10**5) * cell.line.unit.scale // 100 for cell in catalogue.cells}
    context = Context(10, before=amounts, targets=amounts)
    return Paper(
        template="pdf/return.html",
        context={
            "office_bn": "উপজেলা সমবায় কার্যালয়, হাতীবান্ধা, লালমনিরহাট",
            "period_bn": "অক্টোবর ২০২৬",
            "state_bn": "যাচাই করা",
            "number": "১",
            "form": "MR/১",
            "sections": print_sections(catalogue, amounts, context, office_kind="upazila"),
        },
        title_bn="মাসিক রিটার্ন: হাতীবান্ধা, অক্টোবর ২০২৬",
        title_en="Monthly return",
        subject="bench",
        office_path="001",
        sources=(),
        data_at=AT,
    )


def calibration_page(html: str) -> str:
    """The same cells in plain tables."""
    body = []
    for table in re.findall(r"<table.*?</table>", html, re.S):
        rows = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.S) for row in re.findall(r"<tr.*?</tr>", table, re.S)]
        cells = ["".join(f"<td>{re.sub('<[^>]+>', ' ', cell)}</td>" for cell in row) for row in rows]
        body.append("<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>")
    return f"<html lang=bn><style>{FONTS}</style><body>{''.join(body)}</body></html>"


def render_stock(html: str) -> int:
    """Write the page with the stock engine; returns its number of pages."""
    textlayer.remove()
    try:
        document = weasyprint.HTML(string=html).render()
        document.write_pdf()
        return len(document.pages)
    finally:
        textlayer.install()


def _seconds(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def run() -> dict[str, Any]:
    """Median milliseconds of processor time, warm, of the return and of the calibration page, and their ratio.

    The two are measured in turns, so that a busy machine slows both.
    """
    html = render_html(full_return(), code=new_code())
    plain = calibration_page(html)
    pages, plain_pages = render_pdf(html, at=AT).pages, render_stock(plain)
    ours, stock = [], []
    for _round in range(ROUNDS):
        ours.append(_seconds(lambda: render_pdf(html, at=AT)))
        stock.append(_seconds(lambda: render_stock(plain)))
    one, other = statistics.median(ours) * 1000, statistics.median(stock) * 1000
    return {
        "PDF of a full return, ms": round(one),
        "calibration page, ms": round(other),
        "ratio (goal 1.5)": round(one / other, 2),
        "pages of both": [pages, plain_pages],
    }
