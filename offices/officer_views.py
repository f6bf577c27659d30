"""Pages on which a superior, or a system administrator, keeps the officers of the offices they manage."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.activity import subject_of
from core.clock import now, today
from core.errors import UserError
from core.forms import show_error
from core.models import Activity
from core.text import clean_text
from core.workbooks.tables import wants_workbook
from offices import services
from offices.access import officer_of, officers_only
from offices.models import Officer, Posting
from offices.officer_forms import EndForm, InvitationForm, PersonForm, PostingForm, ResetForm
from offices.officer_table import officers_table
from offices.rights import get_right
from offices.services import Invitation
from offices.slips import print_slips
from offices.subordinates import MANAGE, has_second_factor, may_manage, officers_seen_by, offices_managed_by
from offices.words import act_in_words

PER_PAGE = 50
SHOWN_ACTS = 20


def _seen(request: HttpRequest) -> QuerySet[Officer]:
    return officers_seen_by(officer_of(request))


def _managed(request: HttpRequest, pk: int) -> Officer:
    """An officer whom the reader may write to; one in sight whom they may not manage is forbidden."""
    officer = get_object_or_404(_seen(request), pk=pk)
    if not may_manage(officer_of(request), officer):
        raise PermissionDenied(MANAGE)
    return officer


@officers_only("offices.manage_officers")
@require_safe
def officers(request: HttpRequest) -> HttpResponseBase:
    """Officers of the offices one manages, narrowed by office or words."""
    words = clean_text(request.GET.get("words", ""))[:60]
    code = request.GET.get("office", "")
    rows = _seen(request).select_related("password_issued_by")
    lasting = Posting.objects.in_force(today()).select_related("office")
    rows = rows.prefetch_related(Prefetch("postings", lasting, to_attr="now"))
    if words:
        rows = rows.filter(Q(username__icontains=words) | Q(name_bn__icontains=words) | Q(name_en__icontains=words))
    offices = list(offices_managed_by(officer_of(request)).order_by("path"))
    chosen = next((office for office in offices if office.code == code), None)
    if chosen is not None:
        below = [office.pk for office in offices if office.path.startswith(chosen.path)]
        rows = rows.filter(postings__in=Posting.objects.in_force(today()).filter(office__in=below)).distinct()
    if wants_workbook(request):
        return officers_table(rows.order_by("username"))
    page = Paginator(rows.order_by("username"), PER_PAGE).get_page(request.GET.get("page"))
    top = next(one.office for one in officer_of(request).current_postings if one.post in get_right(MANAGE).grants)
    context = {"page": page, "words": words, "offices": offices, "office": chosen, "book_of": chosen or top}
    return render(request, "offices/officers.html", context)


@officers_only("offices.manage_officers")
@require_safe
def officer(request: HttpRequest, pk: int) -> HttpResponse:
    """One officer: data, postings, what was done to the account."""
    found = get_object_or_404(_seen(request).select_related("password_issued_by"), pk=pk)
    postings = list(found.postings.select_related("office").order_by("-starts_on"))
    managed = set(offices_managed_by(officer_of(request)).filter(postings__in=postings).values_list("pk", flat=True))
    subjects = [subject_of(found), *(subject_of(posting) for posting in postings)]
    acts = Activity.objects.filter(subject__in=subjects, verb__startswith="offices.")[:SHOWN_ACTS]
    context = {
        "officer": found,
        "postings": [(posting, posting.office_id in managed) for posting in postings],
        "acts": [act_in_words(act) for act in acts],
        "may_manage": may_manage(officer_of(request), found),
        "has_second_factor": has_second_factor(found),
        "today": today(),
    }
    return render(request, "offices/officer.html", context)


def _form_page(request: HttpRequest, form: forms.BaseForm, title: str, **more: Any) -> HttpResponse:
    context = {"form": form, "title": title, **more}
    return render(request, "offices/officer_form.html", context, status=422 if form.errors else 200)


def hand_over(request: HttpRequest, invitations: Sequence[Invitation]) -> HttpResponse:
    """The one page that carries the slips, inside itself: nothing of it is stored, not even by the browser."""
    pdf = print_slips(invitations, by=officer_of(request), at=now())
    context = {"invitations": invitations, "pdf": base64.b64encode(pdf).decode(), "day": today()}
    response = render(request, "offices/slips.html", context)
    response["Cache-Control"] = "no-store"
    return response


@officers_only("offices.manage_officers")
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """A new officer with posting and slip."""
    by = officer_of(request)
    form = InvitationForm(request.POST or None, offices=offices_managed_by(by))
    if form.is_valid():
        try:
            return hand_over(request, [services.invite_officer(**form.cleaned_data, by=by, at=now())])
        except UserError as error:
            show_error(form, error)
    return _form_page(request, form, _("New officer"), button=_("Make the account and print the slip"))


@officers_only("offices.manage_officers")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Names, phone, e-mail."""
    found = _managed(request, pk)
    form = PersonForm(request.POST or None, instance=found)
    if form.is_valid():
        services.update_officer(officer=found, fields=form.changed_data, by=officer_of(request), at=now())
        messages.success(request, _("Saved."))
        return redirect("offices:officer", pk)
    return _form_page(request, form, _("Correct the data"), officer=Officer.objects.get(pk=pk), button=_("Save"))


@officers_only("offices.manage_officers")
@require_http_methods(["GET", "POST"])
def appoint(request: HttpRequest, pk: int) -> HttpResponse:
    """A further posting."""
    found, by = _managed(request, pk), officer_of(request)
    form = PostingForm(request.POST or None, offices=offices_managed_by(by))
    if form.is_valid():
        try:
            services.appoint_officer(officer=found, **form.cleaned_data, by=by, at=now())
        except UserError as error:
            show_error(form, error)
        else:
            messages.success(request, _("Posted."))
            return redirect("offices:officer", pk)
    return _form_page(request, form, _("New posting"), officer=found, button=_("Enter the posting"))


@officers_only("offices.manage_officers")
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """The last day of a posting."""
    by = officer_of(request)
    rows = Posting.objects.filter(office__in=offices_managed_by(by)).select_related("officer", "office")
    posting = get_object_or_404(rows, pk=pk)
    if not may_manage(by, posting.officer):
        raise PermissionDenied(MANAGE)
    form = EndForm(request.POST or None, initial={"ends_on": posting.ends_on or today()})
    if form.is_valid():
        try:
            services.end_posting(posting=posting, ends_on=form.cleaned_data["ends_on"], by=by, at=now())
        except UserError as error:
            show_error(form, error)
        else:
            messages.success(request, _("The posting ends on that day."))
            return redirect("offices:officer", posting.officer_id)
    return _form_page(request, form, _("End the posting"), officer=posting.officer, posting=posting, button=_("Save"))


@officers_only("offices.manage_officers")
@require_http_methods(["GET", "POST"])
def reset(request: HttpRequest, pk: int) -> HttpResponse:
    """A one-time password in place of the officer's own."""
    found = _managed(request, pk)
    form = ResetForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            again = services.reset_password(officer=found, **form.cleaned_data, by=officer_of(request), at=now())
            return hand_over(request, [again])
        except UserError as error:
            show_error(form, error)
    hint = _("The present password and every open session end at once. You never learn what the officer then chooses.")
    title = _("Reset the password")
    return _form_page(request, form, title, officer=found, hint=hint, button=_("Reset and print the slip"))


@officers_only("offices.manage_officers")
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the account."""
    services.close_officer(officer=_managed(request, pk), by=officer_of(request), at=now())
    messages.success(request, _("The account is closed. Nobody can log in with it."))
    return redirect("offices:officer", pk)


@officers_only("offices.manage_officers")
@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a closed account again, with a slip."""
    return hand_over(
        request, [services.reopen_officer(officer=_managed(request, pk), by=officer_of(request), at=now())]
    )
