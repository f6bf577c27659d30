"""Returns as they are read: the submitted view, an office's months, a figure's origin."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core import clock
from core.errors import UserError
from core.language import reader_wants_bangla
from core.periods import Period
from core.workbooks.tables import wants_workbook
from offices.access import officer_of, officers_only
from offices.models import Office, Officer
from offices.rights import posting_for
from returns.amendment_models import Amendment
from returns.beside import beside_of, dossier_of
from returns.choices import Origin, ReturnState
from returns.clearance import statement_of
from returns.drift import drift_of
from returns.grid import lay_out
from returns.models import Return, Review, Value
from returns.origins import origin_of
from returns.sheet import Sheet
from returns.tables import months_table
from returns.talk import talk_of
from returns.views.finding import Found, find_or_draft
from returns.worklist import month_of, months_of


def facts_of(found: Found) -> dict[str, Any]:
    """What every page about one return says in its head."""
    calendar = found.calendar()
    month = month_of(found.office, found.ret.period, found.ret if found.is_opened else None, clock.today(), calendar)
    if month.state == ReturnState.VERIFIED:
        is_accepted = Return.objects.filter(pk=found.ret.pk).accepted().exists()
        on_import = found.version.is_verified_on_import
        month = replace(month, is_accepted=is_accepted, is_verified_on_import=on_import)
    return {
        "found": found,
        "ret": found.ret,
        "version": found.version,
        "office": found.office,
        "period": found.ret.period,
        "month": month,
        "sent_back": found.sent_back,
        "own_versions": found.own_versions,
        "is_demo": bool(getattr(found.office, "baseline", None) and found.office.baseline.is_demo),
    }


def cell_talk(found: Found, cell: str, officer: Officer) -> dict[str, Any]:
    """What stands beside a cell, and what the officer may add; nothing before the return is opened."""
    if not found.is_opened:
        return {}
    judges = officer.has_perm("returns.verify_return", found.ret)
    return {
        "talk": talk_of(found.ret, cell=cell)[0],
        "may_comment": officer.has_perm("returns.comment_return", found.ret),
        "may_flag": judges and found.version.state == ReturnState.SUBMITTED,
        "may_clear": judges,
        "may_attach": found.version.state == ReturnState.DRAFT and officer.has_perm("returns.enter_return", found.ret),
    }


def show_return(
    request: HttpRequest, found: Found, *, unsaved: list[tuple[str, str]] | None = None, status: int = 200
) -> HttpResponse:
    """A return to be read; ``unsaved`` is what an officer typed too late."""
    sheet = found.sheet()
    catalogue, bangla = sheet.catalogue, reader_wants_bangla()
    context = facts_of(found) | {
        "blocks": lay_out(sheet),
        "talks": talk_of(found.ret) if found.is_opened else [],
        "remarks": remarks_of(sheet),
        "overrides": overrides_of(sheet),
        "unsaved": [
            (catalogue.code_of(cell, bangla=bangla), text)
            for cell, text in unsaved or []
            if cell in catalogue.cells_by_key
        ],
        "statement": statement_of(found.version),
        "may_judge": found.is_opened
        and found.version.state == ReturnState.SUBMITTED
        and officer_of(request).has_perm("returns.verify_return"),
        "may_review": found.is_opened
        and found.version.state == ReturnState.SUBMITTED
        and officer_of(request).has_perm("returns.review_return", found.ret),
        "reviews": reviews_of(found),
    }
    return render(request, "returns/shown.html", context | _amending(request, found, sheet), status=status)


def _amending(request: HttpRequest, found: Found, sheet: Sheet) -> dict[str, Any]:
    """For a verified return: the open amendment, whether the officer may ask for one, and what speaks for it."""
    if found.version.state != ReturnState.VERIFIED:
        return {}
    may_amend = officer_of(request).has_perm("returns.request_amendment", found.ret)
    return {
        "amendment": Amendment.objects.filter(ret=found.ret).open().first(),
        "may_amend": may_amend,
        "drift": drift_of(sheet) if may_amend else [],
    }


def reviews_of(found: Found) -> list[Review]:
    """What inspectors said of the version."""
    return list(found.version.reviews.select_related("by")) if found.is_opened else []


def remarks_of(sheet: Sheet) -> list[dict[str, Any]]:
    """Every warning with its remark, as the verifier reads them."""
    return [{"finding": f, "remark": sheet.remark_on(f)} for f in sheet.findings if not f.is_block]


def overrides_of(sheet: Sheet) -> list[dict[str, Any]]:
    """Figures that differ from the registers, with their reasons."""
    bangla = reader_wants_bangla()
    rows: list[Value] = [value for value in sheet.values.values() if value.origin == Origin.OVERRIDE]
    return [
        {
            "value": value,
            "name": sheet.catalogue.code_of(value.cell, bangla=bangla),
            "line": sheet.catalogue.cells_by_key[value.cell].line,
        }
        for value in rows
        if value.cell in sheet.catalogue.cells_by_key
    ]


@officers_only("returns.enter_return")
@require_safe
def months(request: HttpRequest) -> HttpResponseBase:
    """The months of the officer's own office, newest first."""
    posting = posting_for(officer_of(request), "returns.enter_return")
    if posting is None:
        raise PermissionDenied
    return _months(request, posting.office)


@officers_only("returns.view_return")
@require_safe
def office_months(request: HttpRequest, office: str) -> HttpResponseBase:
    """The months of any office within reach."""
    offices = Office.objects.visible_to(officer_of(request)).select_related("baseline")
    return _months(request, get_object_or_404(offices, code=office))


def _months(request: HttpRequest, office: Office) -> HttpResponseBase:
    rows = months_of(office, clock.today())
    if wants_workbook(request):
        return months_table(office, rows)
    return render(request, "returns/months.html", {"office": office, "months": rows})


@officers_only("returns.view_return")
@require_safe
def cell(request: HttpRequest, office: str, period: Period, cell: str) -> HttpResponse:
    """Where a figure comes from: its formula, its register rows, its history, and what stands beside it.

    Other offices' range is shown to those who judge; the offices themselves do not look at each other.
    """
    officer = officer_of(request)
    try:
        found = find_or_draft(officer, office, period, today=Period.of(clock.today()))
    except UserError as error:
        raise Http404 from error
    sheet = found.sheet()
    if cell not in sheet.catalogue.cells_by_key:
        raise Http404
    dossier = dossier_of(found.ret, found.version, sheet.amounts, cell)
    judges = officer.has_perm("returns.verify_return")
    context = facts_of(found) | cell_talk(found, cell, officer)
    context["origin"] = origin_of(sheet, cell)
    context["beside"] = beside_of(dossier, period, cell, with_peers=judges)
    return render(request, "returns/cell.html", context)
