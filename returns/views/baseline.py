"""What an office brings from before the portal: entered once, verified once by its superior; and its yearly targets."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core import clock
from core.errors import UserError
from core.language import reader_wants_bangla
from core.numbers import format_amount
from core.periods import FiscalYear, Period, PeriodError, PeriodKind
from offices.access import officer_of, officers_only
from offices.models import Office
from returns import services
from returns.baseline_grid import asked, closing_cells, flow_cells, read_amounts, target_cells
from returns.catalogue import Catalogue, Cell
from returns.judges import bench_of_baseline
from returns.models import Baseline, LineTarget
from returns.months import UNIT_WORDS
from returns.published import catalogue_of, form_for
from returns.services import Brought
from returns.sheet import baseline_of

#: What a page saw that does not say what it showed.
NEVER = datetime.min.replace(tzinfo=UTC)


def _office(request: HttpRequest, code: str) -> Office:
    rows = Office.objects.visible_to(officer_of(request)).select_related("parent", "baseline")
    return get_object_or_404(rows, code=code)


def closing_month(request: HttpRequest) -> Period:
    """The month whose closings are brought; the last full one unless another one over is named."""
    last = Period.of(clock.today()).previous()
    try:
        period = Period.parse(request.POST.get("period") or request.GET.get("period") or last.key)
    except PeriodError:
        return last
    return min(period, last) if period.kind is PeriodKind.MONTH else last


@officers_only("returns.view_return")
@require_http_methods(["GET", "POST"])
def baseline(request: HttpRequest, office: str) -> HttpResponse:
    """The baseline of an office: shown; asked for while there is none, or to correct one that is not verified."""
    found = _office(request, office)
    may_enter = officer_of(request).has_perm("returns.enter_baseline", found)
    if request.method == "POST" and not may_enter:
        raise PermissionDenied
    kept = baseline_of(found)
    if kept is not None and request.method == "POST" and kept.verified_at is not None:
        messages.error(request, services.told_verified(kept))
    may_correct = may_enter and kept is not None and kept.verified_at is None
    if kept is not None and not (may_correct and (request.method == "POST" or "correct" in request.GET)):
        return _shown(request, found, kept, may_correct=may_correct)
    period = kept.period if kept else closing_month(request)
    try:
        catalogue = catalogue_of(form_for(period.next()))
    except UserError as error:
        return _without_form(request, found, error)
    wrong: dict[str, str] = {}
    if request.method == "POST":
        closings = read_amounts(closing_cells(catalogue, found.kind), request.POST, "c:", blank_is_zero=False)
        flows = read_amounts(_flows(catalogue, found, period), request.POST, "s:", blank_is_zero=True)
        wrong = closings.wrong | flows.wrong
        if not wrong and _entered(request, found, period, Brought(closings.amounts, flows.amounts), kept):
            return redirect("returns:baseline", office)
    return _asked(request, found, period, catalogue, wrong, may_enter=may_enter, kept=kept)


def _without_form(request: HttpRequest, office: Office, error: UserError) -> HttpResponse:
    """Nothing can be asked for where no form says what: back to the office's months, saying so."""
    messages.error(request, str(error.message))
    return redirect("returns:office", office.code)


def _flows(catalogue: Catalogue, office: Office, period: Period) -> list[Cell]:
    """A June closes its year: nothing of it goes on in July."""
    return [] if period.next().begins_year else flow_cells(catalogue, office.kind)


def _entered(request: HttpRequest, office: Office, period: Period, figures: Brought, kept: Baseline | None) -> bool:
    """Entered, or put in the place of what stands if the page showed that (``seen``)."""
    by, at, seen_at = officer_of(request), clock.now(), instant_in(request.POST.get("seen", ""))
    closings, flows = figures.closings, figures.flows
    try:
        if kept is None:
            services.enter_baseline(office, period, closings=closings, cumulatives=flows, by=by, at=at)
        else:
            services.correct_baseline(kept, closings=closings, cumulatives=flows, seen_at=seen_at, by=by, at=at)
    except UserError as error:
        messages.error(request, str(error.message))
        return False
    messages.success(request, _("Kept. The superior office verifies it once; entry can begin now."))
    return True


def instant_in(text: str) -> datetime | None:
    """The instant that a page carried; None for none, and for what is not one."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _asked(
    request: HttpRequest,
    office: Office,
    period: Period,
    catalogue: Catalogue,
    wrong: dict[str, str],
    *,
    may_enter: bool,
    kept: Baseline | None,
) -> HttpResponse:
    typed = request.POST if request.method == "POST" or kept is None else _typed(kept, catalogue)
    closings = asked(closing_cells(catalogue, office.kind), catalogue, "c:", typed, wrong)
    flows = asked(_flows(catalogue, office, period), catalogue, "s:", typed, wrong)
    last = Period.of(clock.today()).previous()
    context = {
        "office": office,
        "period": period,
        "periods": [last.shift(-n) for n in range(13)],
        "closings": closings,
        "flows": flows,
        "errors": [(f"#{row.name}", f"{row.code}: {row.error}") for row in [*closings, *flows] if row.error],
        "may_enter": may_enter,
        "kept": kept,
        "seen": request.POST.get("seen", "") if request.POST else kept.entered_at.isoformat() if kept else "",
    }
    return render(request, "returns/baseline_entry.html", context, status=422 if wrong else 200)


def _typed(kept: Baseline, catalogue: Catalogue) -> dict[str, str]:
    """The figures that stand, as they would be typed."""
    figures, bangla = services.brought_of(kept), reader_wants_bangla()
    named = [("c:", figures.closings), ("s:", figures.flows)]
    units = {cell.key: cell.line.unit for cell in catalogue.cells}
    return {
        f"{prefix}{cell}": format_amount(amount, units[cell], bangla=bangla)
        for prefix, amounts in named
        for cell, amount in amounts.items()
        if cell in units
    }


def _shown(request: HttpRequest, office: Office, kept: Baseline, *, may_correct: bool) -> HttpResponse:
    catalogue = catalogue_of(kept.form)
    values = {one.cell: one for one in kept.values.all()}
    cells = [cell for cell in catalogue.cells if cell.key in values]
    rows = [
        (values[cell.key], row, UNIT_WORDS.get(cell.line.unit, ""), cell.line.is_cumulative)
        for cell, row in zip(cells, asked(cells, catalogue, "", {}, {}), strict=True)
    ]
    seat = bench_of_baseline(kept, clock.today()).seat_of(officer_of(request))
    context = {"office": office, "baseline": kept, "rows": rows, "may_verify": seat is not None}
    context["may_correct"] = may_correct
    context["has_year"] = any(cell.line.is_cumulative for cell in cells)
    return render(request, "returns/baseline.html", context, status=422 if request.method == "POST" else 200)


@officers_only("returns.verify_return")
@require_POST
def verify_baseline(request: HttpRequest, office: str) -> HttpResponse:
    """Verify a baseline, once."""
    kept = get_object_or_404(Baseline, office=_office(request, office))
    try:
        seen_at = instant_in(request.POST.get("seen", "")) or NEVER
        services.verify_baseline(kept, by=officer_of(request), at=clock.now(), seen_at=seen_at)
    except UserError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("The baseline is verified. Returns that open with it can be verified now."))
    return redirect("returns:baseline", office)


@officers_only("returns.set_targets")
@require_http_methods(["GET", "POST"])
def targets(request: HttpRequest, office: str, fiscal_year: str) -> HttpResponse:
    """The yearly targets of one office."""
    found, by = _office(request, office), officer_of(request)
    if not by.has_perm("returns.set_targets", found):
        raise PermissionDenied
    try:
        year = FiscalYear.parse(fiscal_year)
    except PeriodError:
        return redirect("returns:targets", office, FiscalYear.of(clock.today()).key)
    try:
        catalogue = catalogue_of(form_for(year.months[0]))
    except UserError as error:
        return _without_form(request, found, error)
    cells = target_cells(catalogue)
    known = dict(LineTarget.objects.filter(office=found, fiscal_year=year).values_list("cell", "amount"))
    units = {cell.key: cell.line.unit for cell in cells}
    bangla = reader_wants_bangla()
    typed = {f"t:{key}": format_amount(n, units[key], bangla=bangla) for key, n in known.items() if key in units}
    read = read_amounts(cells, request.POST, "t:", blank_is_zero=False)
    if request.method == "POST" and not read.wrong:
        services.set_line_targets(found, year, amounts=read.amounts, by=by, at=clock.now())
        messages.success(request, _("The targets stand. Returns submitted before keep those they carry."))
        return redirect("returns:targets", office, year.key)
    wrong = read.wrong if request.method == "POST" else {}
    rows = asked(cells, catalogue, "t:", request.POST if wrong else typed, wrong)
    context = {
        "office": found,
        "year": year,
        "rows": rows,
        "errors": [(f"#{row.name}", f"{row.code}: {row.error}") for row in rows if row.error],
    }
    return render(request, "returns/targets.html", context, status=422 if wrong else 200)
