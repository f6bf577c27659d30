"""Pages of the register of societies."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.clock import now, today
from core.errors import UserError
from core.forms import show_error
from core.workbooks.tables import wants_workbook
from offices.access import officer_of, officers_only
from offices.rights import offices_reached, offices_with_right, require_right
from societies.choices import TRANSITIONS, Status, events_open_to
from societies.filters import SocietyFilter
from societies.forms import RegistrationForm, StatusForm, TransferForm, WithdrawForm
from societies.models import Society, StatusEvent
from societies.querysets import SocietyQuerySet
from societies.resources import SocietyResource
from societies.services import change_status, register_society, transfer_society, withdraw_event
from societies.tables import societies_table

PER_PAGE = 50
EXPORT_LIMIT = 5000


def _seen_by(request: HttpRequest) -> SocietyQuerySet:
    return Society.objects.visible_to(officer_of(request)).select_related("office")


@officers_only("societies.view_society")
def society_list(request: HttpRequest) -> HttpResponseBase:
    found = SocietyFilter(request.GET, queryset=_seen_by(request), request=request)
    if wants_workbook(request):
        return societies_table(found.qs)
    page = Paginator(found.qs, PER_PAGE).get_page(request.GET.get("page"))
    keepers = offices_reached(officer_of(request), "societies.register_society")
    context = {
        "filter": found,
        "page": page,
        "shows_office": "office" in found.filters,
        "may_register": officer_of(request).has_perm("societies.register_society"),
        "book_of": keepers.order_by("path").first(),
    }
    return render(request, "societies/list.html", context)


@officers_only("societies.view_society")
def export(request: HttpRequest, format: str) -> HttpResponse:
    """The list as it is narrowed, as CSV."""
    if format != "csv":
        raise Http404
    rows = SocietyFilter(request.GET, queryset=_seen_by(request), request=request).qs
    if rows.count() > EXPORT_LIMIT:
        messages.error(request, _("The list is too long for one file. Choose an office first."))
        return redirect(f"{reverse('societies:list')}?{request.GET.urlencode()}")
    content = "\ufeff" + SocietyResource().export(rows).export("csv")
    headers = {"Content-Disposition": f'attachment; filename="societies-{today().isoformat()}.csv"'}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


@officers_only("societies.view_society")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    society = get_object_or_404(_seen_by(request).select_related("registered_in"), pk=pk)
    officer = officer_of(request)
    is_open = bool(events_open_to(Status(society.status)))
    events = list(society.events.select_related("office", "by"))
    is_last_a_change = events[0].kind in TRANSITIONS
    context = {
        "society": society,
        "events": events,
        "may_withdraw": is_last_a_change and officer.has_perm("societies.correct_event", society),
        "may_change": is_open and officer.has_perm("societies.change_status", society),
        "may_transfer": is_open and officer.has_perm("societies.transfer_society", society),
    }
    return render(request, "societies/detail.html", context)


@officers_only("societies.view_society")
def event(request: HttpRequest, pk: int) -> HttpResponse:
    """Where an event stands: its line on its society's page."""
    events = StatusEvent.objects.filter(society__in=Society.objects.visible_to(officer_of(request)))
    row = get_object_or_404(events, pk=pk)
    return redirect(f"{reverse('societies:detail', args=[row.society_id])}#event-{row.pk}")


@officers_only("societies.register_society")
def register(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    form = RegistrationForm(request.POST or None, offices=offices_with_right(officer, "societies.register_society"))
    if form.is_valid():
        try:
            society = register_society(**form.cleaned_data, by=officer, at=now())
        except UserError as error:
            show_error(form, error)
        else:
            messages.success(request, _("The society is in the register under the code %s.") % society.code)
            return redirect("societies:detail", society.pk)
    context = {"form": form}
    return render(request, "societies/register.html", context, status=422 if form.errors else 200)


@officers_only("societies.change_status")
def status(request: HttpRequest, pk: int) -> HttpResponse:
    officer = officer_of(request)
    society = get_object_or_404(_seen_by(request), pk=pk)
    require_right(officer, "societies.change_status", society)
    form = StatusForm(request.POST or None, status=Status(society.status))
    if form.is_valid():
        try:
            row = change_status(society=society, **form.cleaned_data, by=officer, at=now())
        except UserError as error:
            show_error(form, error)
        else:
            messages.success(request, _("Recorded."))
            return redirect(f"{reverse('societies:detail', args=[pk])}#event-{row.pk}")
    return render(
        request, "societies/status.html", {"form": form, "society": society}, status=422 if form.errors else 200
    )


@officers_only("societies.transfer_society")
def transfer(request: HttpRequest, pk: int) -> HttpResponse:
    officer = officer_of(request)
    society = get_object_or_404(_seen_by(request), pk=pk)
    require_right(officer, "societies.transfer_society", society)
    offices = offices_with_right(officer, "societies.transfer_society").exclude(pk=society.office_id)
    form = TransferForm(request.POST or None, offices=offices)
    if form.is_valid():
        try:
            row = transfer_society(society=society, **form.cleaned_data, by=officer, at=now())
        except UserError as error:
            show_error(form, error)
        else:
            messages.success(request, _("Recorded."))
            return redirect(f"{reverse('societies:detail', args=[pk])}#event-{row.pk}")
    return render(
        request, "societies/transfer.html", {"form": form, "society": society}, status=422 if form.errors else 200
    )


@officers_only("societies.correct_event")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back the last change of a society's status."""
    officer = officer_of(request)
    society = get_object_or_404(_seen_by(request), pk=pk)
    require_right(officer, "societies.correct_event", society)
    last = society.events.select_related("by").first()
    assert last is not None
    form = WithdrawForm(request.POST or None)
    if form.is_valid():
        try:
            withdraw_event(event=last, **form.cleaned_data, by=officer, at=now())
        except UserError as error:
            show_error(form, error)
        else:
            messages.success(request, _("The record is taken back."))
            return redirect("societies:detail", pk)
    return render(
        request,
        "societies/withdraw.html",
        {"form": form, "society": society, "event": last},
        status=422 if form.errors else 200,
    )
