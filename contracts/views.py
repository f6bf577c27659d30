"""Pages of agreements and scores."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from contracts import pages
from contracts.forms import AchievementForm, ReasonForm, SigningForm
from contracts.lines import lines_of
from contracts.models import Agreement, AgreementLine
from contracts.now import late_sentence, what_now
from contracts.services import (
    agree_agreement,
    propose_agreement,
    send_back_agreement,
    write_achievement,
)
from contracts.signing import SIGNING_RIGHTS, request_agreement_document, sign_agreement
from contracts.summaries import agreements_for, scorecard_of
from contracts.tables import agreements_table, score_table
from contracts.values import show_value
from core.clock import now, today
from core.errors import UserError
from core.forms import show_error
from core.language import reader_wants_bangla
from core.periods import FiscalYear, PeriodError
from core.text import clean_text
from core.workbooks.tables import wants_workbook
from offices.access import officer_of, officers_only
from offices.models import Officer
from offices.rights import require_right

PER_PAGE = 50


def agreement_for(request: HttpRequest, office: str, fiscal_year: str) -> Agreement:
    """The applying agreement at an address, if the officer may see it; else not found."""
    try:
        year = FiscalYear.parse(fiscal_year)
    except PeriodError as error:
        raise Http404 from error
    rows = Agreement.objects.visible_to(officer_of(request)).with_names()
    found = rows.filter(office__code=office, fiscal_year=year).order_by("-version").first()
    if found is None or not request.user.has_perm("contracts.view_agreement", found):
        raise Http404
    return found


def line_for(agreement: Agreement, code: str) -> AgreementLine:
    return get_object_or_404(agreement.lines.select_related("achievement__written_by"), code=clean_text(code))


@officers_only("contracts.view_agreement")
@require_GET
def agreement_list(request: HttpRequest) -> HttpResponseBase:
    """Agreements of the own office and those below."""
    if wants_workbook(request):
        return agreements_table(agreements_for(officer_of(request)))
    page = Paginator(agreements_for(officer_of(request)), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "contracts/list.html", {"page": page})


@officers_only("contracts.view_agreement")
@require_GET
def agreement_page(request: HttpRequest, office: str, fiscal_year: str) -> HttpResponse:
    """The agreement itself: parties, outcomes, plan, state and what waits."""
    agreement = agreement_for(request, office, fiscal_year)
    bangla = reader_wants_bangla()
    context = {
        "agreement": agreement,
        "framework": agreement.framework.data,
        "plan": pages.plan_of(agreement, lines_of(agreement), bangla=bangla),
        "outcomes": [pages.outcome_shown(row, bangla=bangla) for row in agreement.outcomes.all()],
        "waiting": what_now(agreement, officer_of(request), today()),
        "reason_form": ReasonForm(),
        "years": {name: agreement.fiscal_year.shift(n) for name, n in pages.TREND_YEARS.items()},
        "lower": agreement.party("lower"),
        "superior": agreement.party("superior"),
        "signatures": pages.signatures_of(agreement),
    }
    return render(request, "contracts/agreement.html", context)


@officers_only("contracts.view_agreement")
@require_GET
def score(request: HttpRequest, office: str, fiscal_year: str) -> HttpResponseBase:
    """The scorecard."""
    agreement = agreement_for(request, office, fiscal_year)
    card = scorecard_of(agreement, at=now())
    if wants_workbook(request):
        return score_table(card)
    context = {
        "agreement": agreement,
        "card": card,
        "page": pages.score_page(card, today()),
        "missing": pages.missing_names(card.missing),
        "may_record": request.user.has_perm("contracts.record_achievement", agreement),
    }
    return render(request, "contracts/score.html", context)


@officers_only("contracts.view_agreement")
@require_http_methods(["GET", "HEAD", "POST"])
def indicator(request: HttpRequest, office: str, fiscal_year: str, code: str) -> HttpResponse:
    """One line of the scorecard: its arithmetic and its way down; where it is typed, the form for it."""
    agreement = agreement_for(request, office, fiscal_year)
    line = line_for(agreement, code)
    if request.method == "POST":
        return _write(request, agreement, line)
    return render(request, "contracts/indicator.html", _indicator(request, agreement, line, None))


def _write(request: HttpRequest, agreement: Agreement, line: AgreementLine) -> HttpResponse:
    require_right(officer_of(request), "contracts.record_achievement", agreement)
    form = AchievementForm(request.POST, line=line)
    if form.is_valid():
        try:
            write_achievement(line=line, **form.cleaned_data, by=officer_of(request), at=now())
        except UserError as error:
            form.add_error("value" if "reason" not in str(error.cell) else None, str(error.message))
        else:
            messages.success(request, _("Saved."))
            return redirect("contracts:indicator", agreement.office.code, agreement.fiscal_year.key, line.code)
    return render(request, "contracts/indicator.html", _indicator(request, agreement, line, form), status=422)


def _indicator(
    request: HttpRequest, agreement: Agreement, line: AgreementLine, form: AchievementForm | None
) -> dict[str, object]:
    card = scorecard_of(agreement, at=now())
    row = card.line(line.code)
    if row is None:
        raise Http404
    if form is None and line.feed is None and request.user.has_perm("contracts.record_achievement", agreement):
        bangla = reader_wants_bangla()
        value = row.achieved.value
        old = {} if value is None else {"value": show_value(value, line.kind, bangla=bangla)}
        form = AchievementForm(line=line, initial={**old, "reason": row.achieved.reason})
    return {
        "agreement": agreement,
        "row": row,
        "shown": pages.score_row(row, card.framework, today()),
        "plan": pages.plan_row(line, card.framework, bangla=reader_wants_bangla()),
        "levels": card.framework.levels,
        "arithmetic": pages.arithmetic_of(row),
        "ratio": pages.ratio_of(row),
        "down": pages.way_down(row, agreement.office, card.catalogue),
        "missing": pages.missing_names(card.missing),
        "card": card,
        "form": form,
    }


@officers_only("contracts.view_agreement")
@require_GET
def achievements(request: HttpRequest, office: str, fiscal_year: str) -> HttpResponse:
    """The lines that no register feeds, with what was typed for them."""
    agreement = agreement_for(request, office, fiscal_year)
    card = scorecard_of(agreement, at=now())
    rows = [pages.score_row(row, card.framework, today()) for row in card.lines if row.line.feed is None]
    return render(request, "contracts/achievements.html", {"agreement": agreement, "rows": rows})


@officers_only("contracts.view_agreement")
@require_POST
def paper(request: HttpRequest, office: str, fiscal_year: str) -> HttpResponse:
    """Have the agreement's PDF made, or find it made already."""
    agreement = agreement_for(request, office, fiscal_year)
    try:
        document = request_agreement_document(agreement=agreement, by=officer_of(request), at=now())
    except UserError as error:
        messages.error(request, str(error.message))
        return redirect("contracts:agreement", office, fiscal_year)
    return redirect("documents:document", document.code)


@officers_only("contracts.sign_agreement", "contracts.countersign_agreement")
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, office: str, fiscal_year: str) -> HttpResponse:
    """Sign for the party whose turn it is."""
    agreement = agreement_for(request, office, fiscal_year)
    officer = officer_of(request)
    if not any(officer.has_perm(right, agreement) for right in SIGNING_RIGHTS.values()):
        raise PermissionDenied
    form = SigningForm(request.POST or None)
    if request.method == "POST" and not _may_sign(agreement, officer):
        return _not_your_turn(request, agreement)
    if request.method == "POST" and form.is_valid():
        try:
            sign_agreement(agreement=agreement, by=officer, at=now(), **form.cleaned_data)
        except UserError as error:
            agreement = agreement_for(request, office, fiscal_year)
            if not _may_sign(agreement, officer):  # the other press of a double click has signed meanwhile
                return _not_your_turn(request, agreement)
            show_error(form, error)
        else:
            messages.success(request, _("Signed."))
            return redirect("contracts:agreement", office, fiscal_year)
    status = 422 if form.errors else 200
    return render(request, "contracts/sign.html", _signing(agreement, officer, form), status=status)


def _may_sign(agreement: Agreement, officer: Officer) -> bool:
    side = agreement.next_side
    return side is not None and officer.has_perm(SIGNING_RIGHTS[side], agreement)


def _not_your_turn(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    """Back to the agreement, which says who has signed; for whom it waits stands in the message."""
    messages.info(request, what_now(agreement, officer_of(request), today()).text)
    return redirect("contracts:agreement", agreement.office.code, agreement.fiscal_year.key)


def _signing(agreement: Agreement, officer: Officer, form: SigningForm) -> dict[str, object]:
    side = agreement.next_side
    return {
        "agreement": agreement,
        "form": form,
        "waiting": what_now(agreement, officer, today()),
        "may_sign": _may_sign(agreement, officer),
        "party": agreement.party(side) if side else "",
        "lower": agreement.party("lower"),
        "superior": agreement.party("superior"),
        "late": late_sentence(agreement, today()),
    }


@officers_only("contracts.prepare_agreement")
@require_POST
def propose(request: HttpRequest, office: str, fiscal_year: str) -> HttpResponse:
    """Put the draft before the superior."""
    agreement = agreement_for(request, office, fiscal_year)
    try:
        propose_agreement(agreement=agreement, by=officer_of(request), at=now())
    except UserError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("The agreement has been proposed to the superior office."))
    return redirect("contracts:agreement", office, fiscal_year)


@officers_only("contracts.agree_agreement")
@require_POST
def decide(request: HttpRequest, office: str, fiscal_year: str) -> HttpResponse:
    """The superior agrees, or sends back with a reason."""
    agreement = agreement_for(request, office, fiscal_year)
    officer, at = officer_of(request), now()
    try:
        if "agree" in request.POST:
            agree_agreement(agreement=agreement, by=officer, at=at)
            messages.success(request, _("The agreement has been agreed; it can now be signed."))
        else:
            send_back_agreement(agreement=agreement, reason=request.POST.get("reason", ""), by=officer, at=at)
            messages.success(request, _("The proposal has been sent back."))
    except UserError as error:
        messages.error(request, str(error.message))
    return redirect("contracts:agreement", office, fiscal_year)
