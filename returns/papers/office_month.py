"""The paper of a month: the offices below one, side by side, with their total."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max, Sum
from django.db.models.functions import Substr
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.clock import now
from core.errors import UserError
from core.numbers import plain_amount, to_bangla_digits
from core.periods import Period
from documents.registry import Attachment, Fact, Paper, Source, paper
from offices.models import Office
from offices.paths import WIDTH
from offices.titles import office_title
from returns.catalogue import Catalogue
from returns.completeness import Completeness, Standing, completeness_of
from returns.models import Return, ReturnVersion, TotalValue, Value
from returns.papers.says import as_json, baseline_is_demo, office_fact, period_fact, version_source
from returns.printing import (
    PrintedColumn,
    is_cumulative,
    print_month,
    print_parts,
)
from returns.published import catalogue_of, form_for
from returns.rollup import SUMMED_FROM_TOTALS, fresh_total, verified_versions
from returns.summaries import before_the_portal

MONTH = "returns.month"


@dataclass(frozen=True)
class Month:
    """What a month's paper is drawn from: the offices side by side with their figures, the total, who is in."""

    office: Office
    period: Period
    catalogue: Catalogue
    columns: tuple[PrintedColumn, ...]
    figures: tuple[Mapping[str, int], ...]
    total: Mapping[str, int]
    since_july: Mapping[str, int]
    completeness: Completeness


@paper(MONTH, gettext_lazy("Month of an office"))
def month_paper(*, office: str, period: str) -> Paper:
    """The offices below one, side by side, with their total. `UserError` while nothing of the month is verified."""
    row = Office.objects.get(code=office)
    when = Period.parse(period)
    sources, data_at = _sources_of_month(row, when)
    month = _gather_month(row, when, as_of=data_at)
    verified = to_bangla_digits(f"{month.completeness.verified}/{month.completeness.due}")
    return Paper(
        template="pdf/month.html",
        context=_month_context(month),
        title_bn=f"মাসিক প্রতিবেদন: {row.name_bn}, {when.label('bn')}",
        title_en=f"Monthly report: {row.name_en}, {when.label('en')}",
        subject=f"{row.code}:{when}",
        office_path=row.path,
        sources=sources,
        data_at=data_at,
        facts=(
            office_fact(row),
            period_fact(when),
            Fact(
                "যাচাই করা রিটার্ন",
                "Returns verified",
                verified,
                f"{month.completeness.verified}/{month.completeness.due}",
            ),
        ),
        is_demo=any(baseline_is_demo(standing.office) for standing in month.completeness.standings),
        completeness_bn=tell_completeness(month.completeness),
        attachments=(_data_of_month(month),),
    )


def _sources_of_month(office: Office, period: Period) -> tuple[tuple[Source, ...], datetime]:
    """The verified versions summed, by office; and the newest act on any return of the month."""
    verified = verified_versions(office, [period]).select_related("ret__office").order_by("ret__office_path")
    sources = tuple(version_source(v.ret.office, period, v, v.decided_at) for v in verified if v.decided_at is not None)
    if not sources:
        raise UserError(_("Nothing of this month is verified yet; there is nothing to print."))
    acts = ReturnVersion.objects.filter(ret__in=Return.objects.below(office).filter(period=period)).aggregate(
        decided=Max("decided_at"), submitted=Max("submitted_at"), opened=Max("opened_at")
    )
    return sources, max(at for at in acts.values() if at)


def _gather_month(office: Office, period: Period, *, as_of: datetime) -> Month:
    total = fresh_total(office, period, at=now())
    catalogue = catalogue_of(form_for(period))
    completeness = completeness_of(office, period, catalogue.due_day, at=as_of)
    children = list(Office.objects.filter(parent=office).order_by("path"))
    due = _due_by_child(office, completeness)
    below = _figures_below(office, period)
    shown = [child for child in children if child.path in due or child.path in below]
    columns = [PrintedColumn(child.name_bn, _standing(child, due.get(child.path, ()))) for child in shown]
    figures = [below.get(child.path, {}) for child in shown]
    if office.path in below:
        columns.append(PrintedColumn("নিজ কার্যালয়", "যাচাই"))
        figures.append(below[office.path])
    amounts = {value.cell: value.amount for value in total.values.all() if value.amount is not None}
    return Month(
        office=office,
        period=period,
        catalogue=catalogue,
        columns=tuple(columns),
        figures=tuple(figures),
        total=amounts,
        since_july=_since_july(office, period, catalogue),
        completeness=completeness,
    )


def _due_by_child(office: Office, completeness: Completeness) -> dict[str, tuple[Standing, ...]]:
    """How the leaf offices stand, by the path of the child they lie under."""
    due: dict[str, tuple[Standing, ...]] = {}
    for standing in completeness.standings:
        path = standing.office.path[: len(office.path) + WIDTH]
        due[path] = (*due.get(path, ()), standing)
    return due


def _standing(child: Office, standings: tuple[Standing, ...]) -> str:
    """``যাচাই``, ``জমা`` or ``বাকি`` for a leaf; ``৪/৫ যাচাই`` for an office above leaves."""
    verified = sum(one.is_verified for one in standings)
    if not child.is_leaf:
        return to_bangla_digits(f"{verified}/{len(standings)} যাচাই")
    if verified:
        return "● যাচাই"
    return "◐ জমা" if any(one.is_in for one in standings) else "○ বাকি"


def _figures_below(office: Office, period: Period) -> dict[str, dict[str, int]]:
    """Figures of each child (and of the office's own return) by path, over the verified returns."""
    below: dict[str, dict[str, int]] = {}
    for path, cell, amount in _cells_below(office, period):
        if amount is not None:
            below.setdefault(path, {})[cell] = amount
    return below


def _cells_below(office: Office, period: Period) -> Iterable[tuple[str, str, int | None]]:
    """Path of the child, cell, amount: from the children's totals where they have any, else from the returns."""
    versions = verified_versions(office, [period])
    if office.kind in SUMMED_FROM_TOTALS:
        totals = TotalValue.objects.filter(total__office__parent=office, total__period=period, amount__isnull=False)
        yield from totals.values_list("total__office__path", "cell", "amount")
        versions = versions.filter(ret__office_path=office.path)
    child = Substr("version__ret__office_path", 1, len(office.path) + WIDTH)
    values = Value.objects.filter(version__in=versions.values("pk"), amount__isnull=False).annotate(child=child)
    yield from values.values_list("child", "cell").annotate(Sum("amount")).order_by()


def _since_july(office: Office, period: Period, catalogue: Catalogue) -> dict[str, int]:
    """Totals of the lines that add up, since 1 July, with what the baselines brought from before the portal."""
    months = (*period.year_before(), period)
    versions = verified_versions(office, months).values("pk")
    flows = [line.code for line in catalogue.lines.values() if is_cumulative(line)]
    rows = Value.objects.filter(version__in=versions, cell__in=flows, amount__isnull=False)
    sums: dict[str, int] = dict(rows.values_list("cell").annotate(Sum("amount")).order_by())
    before = before_the_portal(office, months)
    for code in flows:
        parts = [c.key for c in catalogue.line_cells[code][:-1]]
        brought = sum(before.get(key, 0) for key in parts) if parts else before.get(code, 0)
        if brought:
            sums[code] = sums.get(code, 0) + brought
    return sums


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


def _month_context(month: Month) -> dict[str, Any]:
    return {
        "office_bn": office_title(month.office, "bn"),
        "period_bn": month.period.label("bn"),
        "year_bn": month.period.fiscal_year.label("bn"),
        "panels": print_month(month.catalogue, month.columns, month.figures, month.total, month.since_july),
        "parts": print_parts(month.catalogue, month.total),
    }


def _data_of_month(month: Month) -> Attachment:
    cells = month.catalogue.cells_by_key
    return as_json(
        f"month_{month.office.code}_{month.period}.json",
        {
            "office": month.office.code,
            "period": month.period.key,
            "form": f"{month.catalogue.code}/{month.catalogue.number}",
            "completeness": {
                "due": month.completeness.due,
                "in": month.completeness.received,
                "verified": month.completeness.verified,
                "missing": [one.office.code for one in month.completeness.missing],
            },
            "lines": {key: plain_amount(amount, cells[key].line.unit) for key, amount in month.total.items()},
        },
    )
