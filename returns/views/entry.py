"""The entry page of a return, its check page, and the nil return."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from core import clock
from core.errors import UserError
from core.language import reader_wants_bangla
from core.periods import Period
from core.templatetags.figures import digits
from offices.access import officer_of, officers_only
from offices.models import Office, Officer
from returns import services
from returns.choices import ReturnState
from returns.forms import EntryPost, base_of, read_entry
from returns.grid import Typed, lay_out
from returns.models import Return
from returns.published import catalogue_of
from returns.receipts import receipt_of
from returns.services.entry import SaveResult
from returns.sheet import Sheet
from returns.talk import talk_of
from returns.views.finding import Found, find_opened, find_or_draft, find_return
from returns.views.quick import quick_entry
from returns.views.reading import facts_of, show_return
from returns.views.receipt import request_receipt
from returns.views.saving import open_month, save_post, typed_of


@officers_only("returns.view_return")
@require_http_methods(["GET", "POST"])
def entry(request: HttpRequest, office: str, period: Period) -> HttpResponse:
    """Enter a return; one that is submitted is shown. Every button saves all that was typed."""
    officer = officer_of(request)
    try:
        found = find_or_draft(officer, office, period, today=Period.of(clock.today()))
    except UserError as error:
        return _closed(request, office, period, error)
    if request.method == "POST":
        return _post(request, found, officer, clock.now())
    may_enter = officer.has_perm("returns.enter_return", found.ret)
    if not found.is_opened and not may_enter:
        return render(request, "returns/closed.html", {"period": period, "code": office, "office": found.office})
    if found.version.state != ReturnState.DRAFT or not may_enter:
        return show_return(request, found)
    return entry_page(request, found, Typed())


def _closed(request: HttpRequest, office: str, period: Period, error: UserError) -> HttpResponse:
    """Why a month cannot be entered, said once, and the way to the month that has to be submitted before it."""
    waiting = list(get_messages(request))
    is_told = any(str(one) == str(error.message) for one in waiting)
    mine = Return.objects.visible_to(officer_of(request)).filter(office__code=office, first_submitted_at=None)
    waits_for = mine.filter(period__lt=period).order_by("period").first()
    context = {"error": error, "is_told": is_told, "waits_for": waits_for, "period": period, "code": office}
    return render(request, "returns/closed.html", context)


def entry_page(request: HttpRequest, found: Found, typed: Typed, *, status: int = 200) -> HttpResponse:
    """The entry page with what was typed wrong still in its fields."""
    sheet = found.sheet()
    blocks = lay_out(sheet, may_enter=True, typed=typed)
    context: dict[str, Any] = facts_of(found) | {
        "blocks": blocks,
        "base": base_of(sheet.values),
        "key": uuid4().hex,
        "errors": _links(typed, sheet),
        "opening": sheet.past.opening,
        "quick": quick_entry(found, officer_of(request)),
    }
    return render(request, "returns/entry.html", context, status=status)


def _links(typed: Typed, sheet: Sheet) -> list[tuple[str, str]]:
    """The error summary: where, and what is wrong there."""
    return [(_anchor(place), f"{_called(place, sheet)}: {message}") for place, message in typed.wrong.items()]


def _anchor(place: str) -> str:
    return f"#{place}" if place.startswith("remark:") else f"#cell-{place}"


def _called(place: str, sheet: Sheet) -> str:
    key = place.rpartition(":")[2]
    return sheet.catalogue.code_of(key, bangla=reader_wants_bangla()) if key in sheet.catalogue.cells_by_key else key


def _post(request: HttpRequest, found: Found, officer: Officer, at: datetime) -> HttpResponse:
    if not officer.has_perm("returns.enter_return", found.ret):
        raise PermissionDenied
    posted = read_entry(request.POST, catalogue_of(found.ret.form), found.office.kind)
    try:
        saved = save_post(found, posted, officer, at)
        if not saved.problems:
            _act(request, saved.ret, posted, saved.result, officer, at)
    except UserError as error:
        return _not_saved(request, found, posted, error)
    if saved.problems:
        if saved.result.saved:
            _tell_saved(request, len(saved.result.saved))
        fresh = find_opened(officer, found.office.code, saved.ret.period)
        return entry_page(request, fresh, typed_of(posted, saved.problems), status=422)
    return redirect(f"{request.path}#{posted.section}" if posted.section else request.path)


def _not_saved(request: HttpRequest, found: Found, posted: EntryPost, error: UserError) -> HttpResponse:
    """Nothing could be saved: say why, and keep what was typed before the officer's eyes."""
    typed = [(cell, posted.texts[cell]) for cell in (*(change.cell for change in posted.changes), *posted.wrong)]
    typed += [(cell, reason) for cell, reason in posted.reasons.items() if reason.strip()]
    typed += [(cell, text) for (_rule, cell), text in posted.remarks.items() if text.strip()]
    messages.error(request, str(error.message))
    return show_return(request, found, unsaved=typed, status=409)


def _act(
    request: HttpRequest, ret: Return, posted: EntryPost, result: SaveResult, officer: Officer, at: datetime
) -> None:
    """The button beside saving; both are told in one line."""
    section = posted.section or None
    more: Callable[..., SaveResult] | None = {
        "zeros": services.fill_zeros,
        "take": services.confirm_proposals,
    }.get(posted.action)
    done = len(result.saved)
    if more is not None:
        done += len(more(ret, section=section, by=officer, at=at).saved)
    _tell_saved(request, done)


def _tell_saved(request: HttpRequest, count: int) -> None:
    text = ngettext("Saved: %(count)s figure.", "Saved: %(count)s figures.", count) % {"count": digits(count)}
    messages.success(request, text if count else _("Saved. No figure has changed."))


@officers_only("returns.view_return")
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, office: str, period: Period) -> HttpResponse:
    """All figures with what the rules find, and the button that submits."""
    officer = officer_of(request)
    found = find_return(officer, office, period)
    if found is None:
        get_object_or_404(Office.objects.visible_to(officer), code=office)
        messages.warning(
            request, _("Nothing of this month has been entered yet. Fill in the figures and save them first.")
        )
        return redirect("returns:entry", office, period)
    if request.method == "POST":
        return _submit(request, found, officer)
    sheet = found.sheet()
    if not sheet.is_draft:
        return redirect("returns:entry", office, period)
    context = facts_of(found) | {
        "blocks": lay_out(sheet),
        "talks": talk_of(found.ret),
        "obstacles": sheet.obstacles,
        "settled": [(f, sheet.remark_on(f)) for f in sheet.findings if not f.is_block and sheet.remark_on(f)],
        "unsent": quick_entry(found, officer)["store"],
        "is_over": clock.today() > period.last,
        "may_submit": officer.has_perm("returns.submit_return", found.ret),
    }
    return render(request, "returns/check.html", context)


def _submit(request: HttpRequest, found: Found, officer: Officer) -> HttpResponse:
    here, at = reverse("returns:check", args=[found.office.code, found.ret.period]), clock.now()
    try:
        services.submit_return(found.ret, by=officer, at=at)
    except UserError as error:
        messages.error(request, str(error.message))
        return redirect(here)
    messages.success(request, _("Submitted. It now waits for the superior office."))
    if slip := receipt_of(found.ret):
        request_receipt(found.ret, slip, by=officer, at=at)
    return redirect("returns:receipt", found.office.code, found.ret.period)


@officers_only("returns.enter_return")
@require_http_methods(["GET", "POST"])
def nil(request: HttpRequest, office: str, period: Period) -> HttpResponse:
    """Confirm that nothing happened in the month."""
    officer = officer_of(request)
    try:
        found = find_or_draft(officer, office, period, today=Period.of(clock.today()))
        if not officer.has_perm("returns.enter_return", found.ret):
            raise PermissionDenied
        if request.method == "POST":
            ret = found.ret if found.is_opened else open_month(found, officer, clock.now())
            services.make_nil(ret, by=officer, at=clock.now())
            messages.success(request, _("A nil return has been filled in. Look at it and submit."))
            return redirect("returns:check", office, period)
    except UserError as error:
        messages.error(request, str(error.message))
        return redirect("returns:entry", office, period)
    return render(request, "returns/nil.html", facts_of(found))
