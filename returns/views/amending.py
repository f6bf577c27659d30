"""Amending a verified return: type the new figures, look at what follows, propose; approve or refuse."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import clock
from core.errors import UserError
from core.language import in_reader_language, reader_wants_bangla
from core.numbers import format_amount
from core.periods import Period, PeriodError
from offices.access import officer_of, officers_only
from offices.models import Officer
from returns import services
from returns.amending import changes_of, suppose
from returns.amendment_models import Amendment
from returns.catalogue import Catalogue
from returns.choices import AmendmentState, ReturnState
from returns.forms import AmendmentPost, field_of, read_amendment
from returns.grid import UNITS
from returns.judges import bench_of_amendment
from returns.models import Return, ReturnVersion, Value
from returns.preview import preview_of
from returns.published import catalogue_of
from returns.services.amendments import REQUEST, stale_version
from returns.sources import proposals_for
from returns.views.finding import Found, find_opened
from returns.views.reading import facts_of

#: Months after the amended one whose figures fit on the page together with its own.
MOST_MONTHS = 24


@dataclass(frozen=True)
class Field:
    """A figure that may be amended: what stands, what the registers say where that differs, and the typed text."""

    name: str
    key: str
    code: str
    label: str
    unit: str
    stands: str
    register: str = ""
    text: str = ""
    error: str = ""


@dataclass(frozen=True)
class Fieldset:
    """A section of a month; ``is_open`` where something is typed, asked for or wrong."""

    anchor: str
    period: Period
    letter: str
    label: str
    fields: tuple[Field, ...]
    is_open: bool


@officers_only(REQUEST)
@require_http_methods(["GET", "POST"])
def amend(request: HttpRequest, office: str, period: Period) -> HttpResponse:
    """Type the figures that should have stood in a verified return; saved as a draft that is looked at next."""
    officer = officer_of(request)
    found = find_opened(officer, office, period)
    if not officer.has_perm(REQUEST, found.ret):
        raise PermissionDenied
    waiting = Amendment.objects.filter(ret=found.ret).open().first()
    if found.version.state != ReturnState.VERIFIED:
        return redirect("returns:entry", office, period)
    if waiting is not None and waiting.state == AmendmentState.PROPOSED:
        return redirect("returns:amendment", office, period, waiting.pk)
    versions = _months(request, found.ret, waiting)
    post = _posted(request, versions, found.office.kind, waiting)
    if request.method == "POST" and not post.wrong:
        return _write(request, found, post, officer, versions)
    return _page(request, found, post, versions, status=422 if post.wrong else 200)


def _months(request: HttpRequest, ret: Return, draft: Amendment | None) -> dict[Period, ReturnVersion]:
    """The return's version in force, and those of later months that were asked for (``also``) or typed before."""
    wanted = {ret.period, *_also(request, ret.period)}
    if draft is not None:
        wanted |= set(changes_of(draft))
    rows = ReturnVersion.objects.filter(ret__office=ret.office_id, ret__period__in=wanted, state=ReturnState.VERIFIED)
    rows = rows.select_related("ret__form", "ret__office").defer("ret__form__catalogue")
    return {version.ret.period: version for version in rows.order_by("ret__period")}


def _also(request: HttpRequest, first: Period) -> set[Period]:
    words = (request.POST if request.method == "POST" else request.GET).getlist("also")[:MOST_MONTHS]
    found = set()
    for word in words:
        try:
            found.add(Period.parse(word))
        except PeriodError:
            continue
    return {period for period in found if period > first}


def _posted(
    request: HttpRequest, versions: Mapping[Period, ReturnVersion], kind: str, draft: Amendment | None
) -> AmendmentPost:
    """What was typed now, or before."""
    catalogues = {period: catalogue_of(version.ret.form) for period, version in versions.items()}
    if request.method == "POST":
        return read_amendment(request.POST, catalogues, kind)
    if draft is None:
        return AmendmentPost("")
    texts = {
        field_of(period, cell): _text(catalogues[period], cell, amount)
        for period, cells in changes_of(draft).items()
        if period in catalogues
        for cell, amount in cells.items()
    }
    return AmendmentPost(draft.reason, texts)


def _text(catalogue: Catalogue, cell: str, amount: int | None) -> str:
    unit = catalogue.cells_by_key[cell].line.unit
    return "" if amount is None else format_amount(amount, unit, bangla=reader_wants_bangla())


def _write(
    request: HttpRequest,
    found: Found,
    post: AmendmentPost,
    officer: Officer,
    versions: Mapping[Period, ReturnVersion],
) -> HttpResponse:
    figures, period = dict(post.figures), found.ret.period
    own = figures.pop(period, {})
    try:
        amendment = services.write_amendment(
            found.ret, figures=own, later=figures, reason=post.reason, by=officer, at=clock.now()
        )
    except UserError as error:
        messages.error(request, str(error.message))
        return _page(request, found, post, versions, status=422)
    return redirect("returns:amendment", found.office.code, period, amendment.pk)


def _page(
    request: HttpRequest,
    found: Found,
    post: AmendmentPost,
    versions: Mapping[Period, ReturnVersion],
    *,
    status: int,
) -> HttpResponse:
    asked = request.GET.get("cell", "")
    sets = [one for version in versions.values() for one in _fieldsets(version, post, asked)]
    context = facts_of(found) | {
        "post": post,
        "fieldsets": sets,
        "also": [period for period in versions if period != found.ret.period],
        "errors": [(f"#{name}", f"{name.partition(':')[2]}: {text}") for name, text in post.wrong.items()],
    }
    return render(request, "returns/amend.html", context, status=status)


def _fieldsets(version: ReturnVersion, post: AmendmentPost, asked: str) -> list[Fieldset]:
    catalogue, period = catalogue_of(version.ret.form), version.ret.period
    kind = version.ret.office.kind
    values = dict(Value.objects.filter(version=version).values_list("cell", "amount"))
    now = proposals_for(catalogue.entered_cells(kind), version.ret.office, period)
    found = []
    for section in catalogue.sections:
        cells = [cell for cell in catalogue.entered_cells(kind) if cell.line.section == section.code]
        fields = []
        for cell in cells:
            figure, stands = now.get(cell.key), values.get(cell.key)
            name = field_of(period, cell.key)
            fields.append(
                Field(
                    name=name,
                    key=cell.key,
                    code=catalogue.code_of(cell.key, bangla=reader_wants_bangla()),
                    label=in_reader_language(cell.line.bn, cell.line.en),
                    unit=str(UNITS.get(cell.line.unit, "")),
                    stands=_text(catalogue, cell.key, stands),
                    register=_text(catalogue, cell.key, figure.amount) if figure and figure.amount != stands else "",
                    text=post.texts.get(name, ""),
                    error=post.wrong.get(name, ""),
                )
            )
        if fields:
            is_open = any(one.text or one.error or one.key == asked for one in fields)
            label = in_reader_language(section.bn, section.en)
            letter = in_reader_language(section.letter, "") or section.code
            anchor = f"{period}-{section.code}"
            found.append(Fieldset(anchor, period, letter, label, tuple(fields), is_open))
    return found


Act = Callable[..., Amendment]
#: What the office's buttons do, and what is said afterwards.
OFFICE_ACTS: dict[str, Act] = {
    "propose": services.propose_amendment,
    "withdraw": services.withdraw_amendment,
    "renew": services.renew_amendment,
}


@officers_only("returns.view_return")
@require_http_methods(["GET", "POST"])
def amendment(request: HttpRequest, office: str, period: Period, pk: int) -> HttpResponse:
    """An amendment with all that it moves, and the buttons of whoever has to act on it."""
    officer = officer_of(request)
    rows = Amendment.objects.visible_to(officer).with_names()
    row = get_object_or_404(rows, pk=pk, ret__office__code=office, ret__period=period)
    found = find_opened(officer, office, period)
    bench = bench_of_amendment(row, clock.today())
    seat, may_ask = bench.seat_of(officer), officer.has_perm(REQUEST, row.ret)
    if request.method == "POST":
        if not seat and not may_ask:
            raise PermissionDenied
        return _act(request, row, officer)
    context: dict[str, Any] = facts_of(found) | {
        "amendment": row,
        "typed": _typed(row),
        "bench": bench,
        "seat": seat if row.state == AmendmentState.PROPOSED else None,
        "may_ask": may_ask and row.is_open,
        "stale": stale_version(row) if row.is_open else None,
    }
    if row.is_open and context["stale"] is None:
        context["preview"] = preview_of(suppose(row.ret, changes_of(row)), at=clock.now())
    return render(request, "returns/amendment.html", context)


def _typed(row: Amendment) -> list[dict[str, Any]]:
    """The figures asked for, beside those of the versions they were written against."""
    values = list(row.values.select_related("version__ret__form").defer("version__ret__form__catalogue"))
    stood = Value.objects.filter(version__in={v.version_id for v in values}, cell__in={v.cell for v in values})
    old = {(version, cell): amount for version, cell, amount in stood.values_list("version", "cell", "amount")}
    told = []
    for value in values:
        catalogue = catalogue_of(value.version.ret.form)
        line = catalogue.cells_by_key[value.cell].line
        told.append(
            {
                "period": value.version.ret.period,
                "code": catalogue.code_of(value.cell, bangla=reader_wants_bangla()),
                "label": in_reader_language(line.bn, line.en),
                "unit": line.unit.value,
                "old": old.get((value.version_id, value.cell)),
                "new": value.amount,
            }
        )
    return told


def _act(request: HttpRequest, row: Amendment, officer: Officer) -> HttpResponse:
    """One button: propose, withdraw, renew; approve, refuse."""
    do, at = request.POST.get("do", ""), clock.now()
    try:
        if do in OFFICE_ACTS:
            OFFICE_ACTS[do](row, by=officer, at=at)
        elif do == "approve":
            services.approve_amendment(row, by=officer, at=at, seen=request.POST.get("seen", ""))
        elif do == "refuse":
            services.refuse_amendment(row, reason=request.POST.get("reason", ""), by=officer, at=at)
        else:
            return redirect(request.path)
        messages.success(request, _said(do))
    except UserError as error:
        messages.error(request, str(error.message))
        return redirect(request.path)
    return redirect(request.path)


def _said(do: str) -> str:
    return {
        "propose": _("Proposed. The superior office sees it now and decides."),
        "withdraw": _("Withdrawn. The verified return stands as it was."),
        "renew": _("Renewed on the figures in force now. Look at what follows and propose it again."),
        "approve": _("Approved. The new versions are in force; totals and papers are being renewed."),
        "refuse": _("Refused. The verified return stands as it was."),
    }[do]
