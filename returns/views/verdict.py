"""The superior's page of a submitted return: verify it, or send it back with a reason."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import clock
from core.errors import UserError
from core.language import reader_wants_bangla
from core.periods import Period
from offices.access import officer_of, officers_only
from offices.models import Officer
from returns import services
from returns.beside import dossier_of, shown_in, with_beside
from returns.checks import look_at
from returns.choices import LineKind, ReturnState
from returns.clearance import words
from returns.forms import SendBackForm
from returns.grid import lay_out
from returns.judges import bench_of
from returns.months import UNIT_WORDS
from returns.overview import change_in_words
from returns.sheet import Sheet
from returns.talk import talk_of
from returns.views.finding import Found, find_opened
from returns.views.reading import facts_of, overrides_of, remarks_of, reviews_of


@officers_only("returns.verify_return")
@require_http_methods(["GET", "POST"])
def verdict(request: HttpRequest, office: str, period: Period) -> HttpResponse:
    """Look at a submitted return and decide."""
    officer = officer_of(request)
    found = find_opened(officer, office, period)
    sheet = found.sheet()
    form = SendBackForm(request.POST or None, cells=_choices(sheet)) if "send_back" in request.POST else _blank(sheet)
    if request.method == "POST" and ("send_back" not in request.POST or form.is_valid()):
        return _decide(request, found, officer, form)
    if found.version.state != ReturnState.SUBMITTED:
        return redirect("returns:entry", office, period)
    bench = bench_of(found.ret, found.version, clock.today())
    context: dict[str, Any] = (
        facts_of(found)
        | _held_against(found, sheet)
        | {
            "talks": talk_of(found.ret),
            "form": form,
            "remarks": remarks_of(sheet),
            "overrides": overrides_of(sheet),
            "reviews": reviews_of(found),
            "changes": changes_of(sheet),
            "opening": sheet.past.opening,
            "bench": bench,
            "seat": bench.seat_of(officer),
        }
    )
    return render(request, "returns/verdict.html", context, status=422 if form.errors else 200)


def _held_against(found: Found, sheet: Sheet) -> dict[str, Any]:
    """The return's figures with what stands beside them, and what the checks hold against them."""
    blocks = lay_out(sheet)
    dossier = dossier_of(found.ret, found.version, sheet.amounts, *shown_in(blocks))
    looked = look_at(dossier)
    sections = with_beside(blocks, dossier, found.ret.period)
    return {
        "sections": sections,
        "has_peers": any(one.beside.peers for _block, rows in sections for one in rows),
        "looked": looked,
        "doubted": {doubt.cell for doubt in looked.doubts},
        "blind": words(list(looked.blind)),
    }


def _blank(sheet: Sheet) -> SendBackForm:
    return SendBackForm(cells=_choices(sheet))


def _choices(sheet: Sheet) -> list[tuple[str, str]]:
    """Cells the office can mend, by what people call them."""
    bangla = reader_wants_bangla()
    return [
        (cell.key, f"{sheet.catalogue.code_of(cell.key, bangla=bangla)}: {cell.line.bn if bangla else cell.line.en}")
        for cell in sheet.catalogue.entered_cells(sheet.ret.office.kind)
    ]


def _decide(request: HttpRequest, found: Found, officer: Officer, form: SendBackForm) -> HttpResponse:
    text = request.POST.get("seen", "")
    # No version has the number 0: a page that does not say what it showed decides nothing.
    seen = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    try:
        if "send_back" in request.POST:
            reason, cell = form.cleaned_data["reason"], form.cleaned_data["cell"]
            services.send_back_return(found.ret, reason=reason, cell=cell, by=officer, at=clock.now(), seen=seen)
            messages.success(request, _("Sent back to %(office)s with your reason.") % {"office": found.office})
        else:
            services.verify_return(found.ret, by=officer, at=clock.now(), seen=seen)
            messages.success(request, _("Verified. The totals above it are being added up."))
    except UserError as error:
        messages.error(request, str(error.message))
        return redirect("returns:verdict", found.office.code, found.ret.period)
    return redirect("returns:queue")


def changes_of(sheet: Sheet) -> list[dict[str, Any]]:
    """Stocks and closings that moved against the month before, the largest relative change first."""
    bangla = reader_wants_bangla()
    rows = []
    for key, cell in sheet.catalogue.cells_by_key.items():
        is_closing = cell.line.kind in (LineKind.STOCK, LineKind.COMPUTED) and not cell.line.ratio
        last, now = sheet.past.context.previous.get(key), sheet.amounts.get(key)
        if is_closing and cell.part is None and last is not None and now is not None and last != now:
            rows.append(
                {
                    "name": sheet.catalogue.code_of(key, bangla=bangla),
                    "label": cell.line.bn if bangla else cell.line.en,
                    "unit": cell.line.unit.value,
                    "unit_word": UNIT_WORDS.get(cell.line.unit, ""),
                    "last": last,
                    "now": now,
                    "change": change_in_words(now - last, cell.line.unit),
                    "size": abs(now - last) * 10_000 // max(abs(last), 1),
                    "key": key,
                }
            )
    return sorted(rows, key=lambda row: -row["size"])
