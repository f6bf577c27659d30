"""Pages of the audits: list and plan, then one audit from allotment to the last taka collected."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audits.choices import AuditState, Charge
from audits.filters import AuditFilter
from audits.forms import AllotForm, AllotManyForm, CollectForm, FinishForm, PlanForm
from audits.models import Audit, Collection
from audits.querysets import AuditQuerySet
from audits.services import (
    allot_audit,
    allot_audits,
    assessed,
    collect,
    complete_audit,
    outstanding,
    plan_audits,
    propose_assessment,
    reopen_audit,
    withdraw_collection,
)
from audits.tables import audits_table
from core.clock import now, today
from core.errors import UserError
from core.forms import show_error
from core.periods import FiscalYear
from core.templatetags.figures import digits
from core.workbooks.tables import wants_workbook
from offices.access import officer_of, officers_only
from offices.rights import offices_with_right, require_right
from societies.forms import WithdrawForm

PER_PAGE = 50


def _seen_by(request: HttpRequest) -> AuditQuerySet:
    return Audit.objects.visible_to(officer_of(request)).select_related("office", "society")


def _audit_to_record(request: HttpRequest, pk: int, right: str = "audits.record_audit") -> Audit:
    """The audit of a writing page: not found beyond the reader's offices, refused without the right."""
    audit = get_object_or_404(_seen_by(request), pk=pk)
    require_right(officer_of(request), right, audit)
    return audit


def _nothing_to_do(request: HttpRequest, audit: Audit) -> HttpResponse:
    """The answer to a second click, or to an address of another state."""
    messages.info(request, _("This audit is %s; nothing was changed.") % audit.get_state_display())
    return redirect("audits:detail", audit.pk)


@officers_only("audits.view_audit")
def audit_list(request: HttpRequest, form: AllotManyForm | None = None) -> HttpResponseBase:
    found = AuditFilter(request.GET, queryset=_seen_by(request).with_collected(), request=request)
    if wants_workbook(request):
        return audits_table(found.qs)
    page = Paginator(found.qs, PER_PAGE).get_page(request.GET.get("page"))
    may_record = officer_of(request).has_perm("audits.record_audit")
    context = {
        "filter": found,
        "page": page,
        "shows_office": "office" in found.filters,
        "may_record": may_record,
        "allot_form": form or AllotManyForm(initial={"on": today()}),
        "may_allot": may_record and any(audit.state == AuditState.PLANNED for audit in page),
    }
    return render(request, "audits/list.html", context, status=422 if form and form.errors else 200)


@officers_only("audits.record_audit")
def allot_many(request: HttpRequest) -> HttpResponseBase:
    """One auditor for the ticked audits, or for all that the list, as narrowed, shows as planned."""
    officer = officer_of(request)
    back = f"{reverse('audits:list')}?{request.GET.urlencode()}"
    if request.method != "POST":
        return redirect(back)
    form = AllotManyForm(request.POST)
    mine = _seen_by(request).filter(office__in=offices_with_right(officer, "audits.record_audit"))
    form.fields["audits"].queryset = mine  # type: ignore[attr-defined]
    if form.is_valid():
        data = form.cleaned_data
        shown = AuditFilter(request.GET, queryset=mine.with_collected(), request=request).qs
        audits = Audit.objects.filter(pk__in=(shown if data["all_shown"] else data["audits"]).values("pk"))
        try:
            count = allot_audits(audits=audits, auditor=data["auditor"], on=data["on"], by=officer, at=now())
        except UserError as error:
            show_error(form, error)
        else:
            messages.success(request, _allotted(count))
            return redirect(back)
    return audit_list(request, form)


def _allotted(count: int) -> str:
    if not count:
        return _("Nothing was allotted: tick audits that are planned.")
    return ngettext("%s audit allotted.", "%s audits allotted.", count) % digits(count)


@officers_only("audits.record_audit")
def plan(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    offices = offices_with_right(officer, "audits.record_audit")
    form = PlanForm(request.POST or None, offices=offices, year=FiscalYear.of(today()))
    if form.is_valid():
        office, year = form.cleaned_data["office"], form.cleaned_data["year"]
        try:
            count = plan_audits(office=office, audit_year=year, societies=form.societies(), by=officer, at=now())
        except UserError as error:
            show_error(form, error)
        else:
            messages.success(request, ngettext("%s audit planned.", "%s audits planned.", count) % digits(count))
            return redirect(f"{reverse('audits:list')}?year={year.key}")
    context = {"form": form}
    return render(request, "audits/plan.html", context, status=422 if form.errors else 200)


@officers_only("audits.view_audit")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    audit = get_object_or_404(_seen_by(request).select_related("completed_by"), pk=pk)
    payments = list(audit.collections.select_related("by"))
    collected = {kind: sum(row.amount for row in payments if row.kind == kind) for kind in Charge}
    context = {
        "audit": audit,
        "collections": payments,
        "charges": [(kind, assessed(audit, kind), collected[kind]) for kind in Charge],
        "proposed": _arithmetic(audit),
        "may_record": officer_of(request).has_perm("audits.record_audit", audit),
        "may_correct": officer_of(request).has_perm("audits.correct_audit", audit),
    }
    return render(request, "audits/detail.html", context)


def _arithmetic(audit: Audit) -> object:
    """How the rules came to the charges of a finished audit."""
    if audit.net_profit is None or audit.completed_on is None:
        return None
    return propose_assessment(audit, net_profit=audit.net_profit, on=audit.completed_on)


@officers_only("audits.view_audit")
def collection(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a payment stands: its line on its audit's page."""
    rows = Collection.objects.filter(audit__in=Audit.objects.visible_to(officer_of(request)))
    row = get_object_or_404(rows, pk=pk)
    return redirect(f"{reverse('audits:detail', args=[row.audit_id])}#collection-{row.pk}")


@officers_only("audits.record_audit")
def allot(request: HttpRequest, pk: int) -> HttpResponse:
    audit = _audit_to_record(request, pk)
    if audit.state != AuditState.PLANNED:
        return _nothing_to_do(request, audit)
    form = AllotForm(request.POST or None, initial={"on": today()})
    if form.is_valid():
        try:
            allot_audit(audit=audit, **form.cleaned_data, by=officer_of(request), at=now())
        except UserError as error:
            show_error(form, error)
        else:
            messages.success(request, _("Recorded."))
            return redirect("audits:detail", pk)
    context = {"form": form, "audit": audit}
    return render(request, "audits/allot.html", context, status=422 if form.errors else 200)


@officers_only("audits.record_audit")
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Date and profit first; the page answers with the charges and their arithmetic; then the audit is recorded."""
    audit = _audit_to_record(request, pk)
    if audit.state != AuditState.ALLOTTED:
        return _nothing_to_do(request, audit)
    form = FinishForm(request.POST or None, initial={"on": today()})
    context: dict[str, object] = {"form": form, "audit": audit}
    if form.is_valid():
        data = form.cleaned_data
        try:
            proposed = propose_assessment(audit, net_profit=data["net_profit"], on=data["on"])
            context["proposed"] = proposed
            if request.POST.get("step") != "record":
                form.show_charges(proposed)
                return render(request, "audits/finish.html", context)
            complete_audit(audit=audit, **data, by=officer_of(request), at=now())
        except UserError as error:
            show_error(form, error)
        else:
            messages.success(request, _("The audit is recorded."))
            return redirect("audits:detail", pk)
    return render(request, "audits/finish.html", context, status=422 if form.errors else 200)


@officers_only("audits.record_audit")
def collect_charge(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    audit = _audit_to_record(request, pk)
    charge = Charge(kind)
    if not audit.is_done:
        return _nothing_to_do(request, audit)
    left = outstanding(audit, charge)
    form = CollectForm(request.POST or None, initial={"on": today(), "amount": left})
    if form.is_valid():
        try:
            row = collect(audit=audit, kind=charge, **form.cleaned_data, by=officer_of(request), at=now())
        except UserError as error:
            show_error(form, error)
        else:
            messages.success(request, _("Recorded."))
            return redirect(f"{reverse('audits:detail', args=[pk])}#collection-{row.pk}")
    return render(
        request,
        "audits/collect.html",
        {"form": form, "audit": audit, "charge": charge, "left": left},
        status=422 if form.errors else 200,
    )


@officers_only("audits.correct_audit")
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back the results of an audit recorded by mistake."""
    audit = _audit_to_record(request, pk, "audits.correct_audit")
    if not audit.is_done:
        return _nothing_to_do(request, audit)
    form = WithdrawForm(request.POST or None)
    if form.is_valid():
        try:
            reopen_audit(audit=audit, **form.cleaned_data, by=officer_of(request), at=now())
        except UserError as error:
            show_error(form, error)
        else:
            messages.success(request, _("The record is taken back."))
            return redirect("audits:detail", pk)
    context = {"form": form, "audit": audit}
    return render(request, "audits/withdraw.html", context, status=422 if form.errors else 200)


@officers_only("audits.correct_audit")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a payment recorded by mistake."""
    rows = Collection.objects.filter(audit__in=Audit.objects.visible_to(officer_of(request)))
    row = get_object_or_404(rows.select_related("audit__society", "audit__office"), pk=pk)
    require_right(officer_of(request), "audits.correct_audit", row.audit)
    form = WithdrawForm(request.POST or None)
    if form.is_valid():
        try:
            withdraw_collection(row=row, **form.cleaned_data, by=officer_of(request), at=now())
        except UserError as error:
            show_error(form, error)
        else:
            messages.success(request, _("The record is taken back."))
            return redirect("audits:detail", row.audit_id)
    return render(
        request,
        "audits/withdraw.html",
        {"form": form, "audit": row.audit, "row": row},
        status=422 if form.errors else 200,
    )
