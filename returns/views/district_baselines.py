"""The baselines of a district: how far its offices are, one workbook for all of them, verified in one act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.errors import UserError
from core.periods import Period
from core.templatetags.figures import digits
from core.workbooks.forms import WorkbookForm
from core.workbooks.lists import unseal
from core.workbooks.tables import XLSX, wants_workbook
from offices.access import officer_of, officers_only
from offices.choices import OfficeKind
from offices.models import Office
from returns import services
from returns.baseline_grid import asked
from returns.begun import begun_below
from returns.catalogue import Cell
from returns.judges import judged_by
from returns.models import Baseline, BaselineValue
from returns.rollup import SUMMED_FROM_TOTALS
from returns.services import Brought
from returns.views.baseline import NEVER, closing_month, instant_in
from returns.watch_tables import begun_table
from returns.workbooks.baselines import CLOSINGS, BaselineBook, read_baselines, sheets_of, write_baselines


def _district(request: HttpRequest, code: str) -> Office:
    rows = Office.objects.visible_to(officer_of(request)).filter(kind=OfficeKind.DISTRICT)
    return get_object_or_404(rows, code=code)


def _leaves(district: Office) -> list[Office]:
    rows = Office.objects.below(district).leaves().filter(closed_on=None)
    return list(rows.select_related("parent", "baseline__entered_by", "baseline__verified_by").order_by("path"))


def _open(leaves: Sequence[Office]) -> list[Office]:
    """The offices whose baseline is still to be entered, or may still be corrected."""
    return [office for office in leaves if not hasattr(office, "baseline") or office.baseline.verified_at is None]


@dataclass(frozen=True)
class Row:
    """A line of the table: what it is, a figure an office, and their sum."""

    code: str
    label: str
    unit: str
    amounts: list[int | None]

    @property
    def total(self) -> int:
        return sum(amount or 0 for amount in self.amounts)


def _rows(cells: Sequence[Cell], period: Period, by_office: Sequence[Mapping[str, int | None]]) -> list[Row]:
    _form, catalogue, _sheets = sheets_of(period)
    return [
        Row(one.code, one.label, one.unit, [amounts.get(cell.key) for amounts in by_office])
        for cell, one in zip(cells, asked(cells, catalogue, "", {}, {}), strict=True)
    ]


def _tables(period: Period, figures: Sequence[Brought]) -> dict[str, list[Row]]:
    _form, _catalogue, sheets = sheets_of(period)
    return {
        "closings": _rows(sheets[CLOSINGS], period, [one.closings for one in figures]),
        "flows": _rows(
            [cell for name in sheets if name != CLOSINGS for cell in sheets[name]],
            period,
            [one.flows for one in figures],
        ),
    }


@officers_only("returns.view_return")
@require_http_methods(["GET", "POST"])
def baselines(request: HttpRequest, office: str) -> HttpResponseBase:
    """How far the offices are; the workbook of a district goes out and comes back here."""
    above = Office.objects.visible_to(officer_of(request)).filter(code=office, kind__in=SUMMED_FROM_TOTALS).first()
    if above is not None and request.method == "GET":
        rows = begun_below(above)
        if wants_workbook(request):
            return begun_table(above, rows)
        return render(request, "returns/baselines_above.html", {"above": above, "rows": rows})
    district = _district(request, office)
    may_enter = officer_of(request).has_perm("returns.enter_baselines", district)
    if request.method == "POST" and not may_enter:
        raise PermissionDenied
    form = WorkbookForm(None)
    try:
        if "figures" in request.POST:
            return _consent(request, district)
        form = WorkbookForm(request.POST or None, request.FILES or None)
        if form.is_valid():
            file = form.cleaned_data["file"]
            return _preview(request, district, read_baselines(file, file.name, district))
    except UserError as error:
        form = WorkbookForm(request.POST, request.FILES)
        form.add_error("file", str(error.message))
    return _page(request, district, form, may_enter=may_enter)


def _page(request: HttpRequest, district: Office, form: WorkbookForm, *, may_enter: bool) -> HttpResponse:
    leaves = _leaves(district)
    waiting = _waiting(request, leaves)
    last = Period.of(clock.today()).previous()
    context: dict[str, Any] = {
        "district": district,
        "offices": [(office, getattr(office, "baseline", None)) for office in leaves],
        "open": len(_open(leaves)),
        "form": form,
        "may_enter": may_enter,
        "periods": [last.shift(-n) for n in range(13)],
        "waiting": waiting,
    }
    if waiting:
        context |= _tables(waiting[0].period, _figures_of(waiting)) | {"columns": [one.office for one in waiting]}
    return render(request, "returns/baselines.html", context, status=422 if form.is_bound else 200)


def _waiting(request: HttpRequest, leaves: Sequence[Office]) -> list[Baseline]:
    """The baselines that the reader may verify, of the oldest month among them: one table shows one month."""
    entered = [office.baseline for office in leaves if hasattr(office, "baseline")]
    found = judged_by(officer_of(request), entered, clock.today())
    oldest = min((one.period for one in found), default=None)
    return [one for one in found if one.period == oldest]


def _figures_of(kept: Sequence[Baseline]) -> list[Brought]:
    by_pk = {one.pk: Brought() for one in kept}
    for value in BaselineValue.objects.filter(baseline__in=kept):
        brought = by_pk[value.baseline_id]
        if value.closing is not None:
            brought.closings[value.cell] = value.closing
        brought.flows[value.cell] = value.cumulative
    return list(by_pk.values())


@officers_only("returns.enter_baselines")
@require_safe
def baselines_file(request: HttpRequest, office: str) -> HttpResponse:
    """The workbook of the offices without a verified baseline of that month."""
    district = _district(request, office)
    if not officer_of(request).has_perm("returns.enter_baselines", district):
        raise PermissionDenied
    period = closing_month(request)
    left = [
        office
        for office in _open(_leaves(district))
        if not hasattr(office, "baseline") or office.baseline.period == period
    ]
    if not left:
        messages.info(request, _("No office lacks a verified baseline of that month."))
        return redirect("returns:baselines", office)
    try:
        book = write_baselines(district, left, period, at=clock.now())
    except UserError as error:  # no form for that month
        messages.error(request, str(error.message))
        return redirect("returns:baselines", office)
    headers = {"Content-Disposition": f'attachment; filename="baselines-{office}-{period}.xlsx"'}
    return HttpResponse(book, content_type=XLSX, headers=headers)


def _preview(request: HttpRequest, district: Office, book: BaselineBook) -> HttpResponse:
    known = {office.code: office for office in _leaves(district)}
    if book.period >= Period.of(clock.today()):
        raise UserError(_("This month is not over yet."))
    standing = {code: known[code].baseline for code in book.figures if hasattr(known.get(code), "baseline")}
    for baseline in standing.values():
        if baseline.verified_at is not None:
            raise UserError(services.told_verified(baseline))
    figures = list(book.figures.values())
    context: dict[str, Any] = {
        "district": district,
        "period": book.period,
        "columns": [known[code] for code in book.figures if code in known],
        "blank": [known[code] for code in book.blank if code in known],
        "replaced": [baseline.office for baseline in standing.values()],
        "refused": [book] if book.wrong else [],
        "sealed": "" if book.wrong else _sealed(book, standing, request, district),
        **_tables(book.period, figures),
    }
    return render(request, "returns/baselines_preview.html", context, status=422 if book.wrong else 200)


def _salt(request: HttpRequest, district: Office) -> str:
    return f"returns.baselines:{officer_of(request).pk}:{district.code}"


def _sealed(book: BaselineBook, standing: Mapping[str, Baseline], request: HttpRequest, district: Office) -> str:
    """The figures for the page to carry until consent, and when those were entered whose place they take; nothing of
    them is kept here before."""
    figures = {code: asdict(brought) for code, brought in book.figures.items()}
    seen = {code: baseline.entered_at.isoformat() for code, baseline in standing.items()}
    content = {"period": book.period.key, "figures": figures, "seen": seen}
    return signing.dumps(content, salt=_salt(request, district), compress=True)


def _consent(request: HttpRequest, district: Office) -> HttpResponse:
    content = unseal(request.POST["figures"], salt=_salt(request, district))
    figures = {code: Brought(**row) for code, row in content["figures"].items()}
    period, by, at = Period.parse(content["period"]), officer_of(request), clock.now()
    seen = {code: datetime.fromisoformat(text) for code, text in content["seen"].items()}
    kept = services.enter_baselines(district, period, figures=figures, seen=seen, by=by, at=at)
    message = _("Kept: the baselines of %(count)s offices. Another person verifies them, once for all.")
    messages.success(request, message % {"count": digits(len(kept))})
    return redirect("returns:baselines", district.code)


@officers_only("returns.verify_return")
@require_POST
def verify_baselines(request: HttpRequest, office: str) -> HttpResponse:
    """Verify the baselines that the page showed, in one act."""
    district = _district(request, office)
    wanted = [int(pk) for pk in request.POST.getlist("baseline") if pk.isdecimal() and len(pk) < 19]
    rows = Baseline.objects.filter(pk__in=wanted, office__in=Office.objects.below(district)).order_by("office__path")
    seen = {pk: instant_in(request.POST.get(f"seen{pk}", "")) or NEVER for pk in wanted}
    try:
        kept = services.verify_baselines(rows, by=officer_of(request), at=clock.now(), seen=seen)
    except UserError as error:
        messages.error(request, str(error.message))
    else:
        message = _("Verified: the baselines of %(count)s offices. Returns that open with them can be verified now.")
        messages.success(request, message % {"count": digits(len(kept))})
    return redirect("returns:baselines", office)
