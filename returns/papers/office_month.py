"""The paper of a month: the offices below one, side by side, with their total."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from core.numbers import plain_amount, to_bangla_digits
from core.periods import Period
from documents.registry import Attachment, Fact, Paper, paper
from offices.models import Office
from offices.titles import office_title
from returns.completeness import Completeness
from returns.month_printing import PrintedColumn, print_month
from returns.months import Column, Month, MonthSheet, month_of, sheet_of
from returns.papers.says import as_json, baseline_is_demo, office_fact, period_fact, sources_to_print
from returns.printing import print_parts

MONTH = "returns.month"


@paper(MONTH, gettext_lazy("Month of an office"))
def month_paper(*, office: str, period: str) -> Paper:
    """The offices below one, side by side, with their total. `UserError` while nothing of the month is verified."""
    row, when = Office.objects.get(code=office), Period.parse(period)
    sources, data_at = sources_to_print(row, when)
    month = month_of(row, when, at=data_at)
    return Paper(
        template="pdf/month.html",
        context=figures_of(sheet_of(month)),
        title_bn=f"মাসিক প্রতিবেদন: {row.name_bn}, {when.label('bn')}",
        title_en=f"Monthly report: {row.name_en}, {when.label('en')}",
        sources=sources,
        data_at=data_at,
        **frame_of(month),
    )


def frame_of(month: Month) -> dict[str, Any]:
    """What every paper of a month's total says of it: whose and of when, who is in, and its figures for machines."""
    count = f"{month.completeness.verified}/{month.completeness.due}"
    return {
        "subject": f"{month.office.code}:{month.period}",
        "office_path": month.office.path,
        "facts": (
            office_fact(month.office),
            period_fact(month.period),
            Fact("যাচাই করা রিটার্ন", "Returns verified", to_bangla_digits(count), count),
        ),
        "is_demo": any(baseline_is_demo(standing.office) for standing in month.completeness.standings),
        "completeness_bn": tell_completeness(month.completeness),
        "attachments": (data_of_month(month),),
    }


def printed_columns(sheet: MonthSheet) -> tuple[PrintedColumn, ...]:
    """The heads of the columns: which office, and how far it is."""
    return tuple(
        PrintedColumn("নিজ কার্যালয়", "● যাচাই")
        if column.is_own
        else PrintedColumn(column.office.name_bn, _standing(column))
        for column in sheet.columns
    )


def _standing(column: Column) -> str:
    """``যাচাই``, ``জমা`` or ``বাকি`` for a leaf; ``৪/৫ যাচাই`` for an office above leaves."""
    verified = sum(one.is_verified for one in column.standings)
    if not column.office.is_leaf:
        return to_bangla_digits(f"{verified}/{len(column.standings)} যাচাই")
    if column.amounts:
        return "● যাচাই (আমদানি)" if any(one.is_verified_on_import for one in column.standings) else "● যাচাই"
    return "◐ জমা" if any(one.is_in for one in column.standings) else "○ বাকি"


def tell_completeness(completeness: Completeness) -> str:
    """Who is in the total and who is missing, by name, in one sentence of Bangla."""
    due, verified = (to_bangla_digits(str(n)) for n in (completeness.due, completeness.verified))
    if completeness.is_complete:
        return f"{due}টি কার্যালয়ের সব কটির রিটার্ন যাচাই করা।"
    text = f"{due}টি কার্যালয়ের মধ্যে {verified}টির রিটার্ন যাচাই করা; যোগফলে কেবল সেগুলোই আছে।"
    waiting = [one.office.name_bn for one in completeness.unverified if one.is_in]
    missing = [one.office.name_bn for one in completeness.missing]
    if waiting:
        text += f" জমা হয়েছে, যাচাই বাকি: {', '.join(waiting)}।"
    if missing:
        text += f" জমা হয়নি: {', '.join(missing)}।"
    return text


def figures_of(sheet: MonthSheet) -> dict[str, Any]:
    """The figures of a month as they are printed."""
    month = sheet.month
    since_july = {row.cell.key: row.cumulative for block in sheet.blocks for row in block.rows}
    figures = [column.amounts for column in sheet.columns]
    return {
        "office_bn": office_title(month.office, "bn"),
        "period_bn": month.period.label("bn"),
        "year_bn": month.period.fiscal_year.label("bn"),
        "panels": print_month(month.catalogue, printed_columns(sheet), figures, month.amounts, since_july),
        "parts": print_parts(month.catalogue, month.amounts),
    }


def data_of_month(month: Month, **more: object) -> Attachment:
    """The figures for machines, carried in the PDF."""
    cells = month.catalogue.cells_by_key
    return as_json(
        f"month_{month.office.code}_{month.period}.json",
        {
            "office": month.office.code,
            "period": month.period.key,
            "form": str(month.form),
            **more,
            "completeness": {
                "due": month.completeness.due,
                "in": month.completeness.received,
                "verified": month.completeness.verified,
                "missing": [one.office.code for one in month.completeness.missing],
            },
            "lines": {key: plain_amount(amount, cells[key].line.unit) for key, amount in month.amounts.items()},
        },
    )
