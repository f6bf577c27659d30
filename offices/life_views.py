"""An office's life on pages: its place and history; opening, closing and moving it after a look at what follows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from core.activity import subject_of
from core.clock import now, today
from core.errors import UserError
from core.forms import show_error
from core.models import Activity
from core.templatetags.figures import digits
from offices import services
from offices.access import officer_of, officers_only
from offices.choices import OfficeKind
from offices.life_forms import CloseForm, MoveForm, OpenForm
from offices.models import FormerPlace, Office, Posting
from offices.rights import offices_reached
from offices.titles import office_title
from offices.words import act_in_words

RIGHT = "offices.manage_offices"


def _found(request: HttpRequest, code: str) -> Office:
    rows = offices_reached(officer_of(request), RIGHT).select_related("parent")
    return get_object_or_404(rows, code=code)


@officers_only("offices.manage_offices")
@require_safe
def offices(request: HttpRequest) -> HttpResponse:
    """The top of the tree that the reader keeps."""
    top = offices_reached(officer_of(request), RIGHT).order_by("path").first()
    assert top is not None, "the right comes with a posting"
    return redirect("offices:office", top.code)


@officers_only("offices.manage_offices")
@require_safe
def office(request: HttpRequest, office: str) -> HttpResponse:
    """One office: where it stands and stood, what stands below it, what was done to it."""
    found = _found(request, office)
    places = FormerPlace.objects.filter(office=found).select_related("parent").order_by("-last")
    acts = Activity.objects.filter(subject=subject_of(found), verb__startswith="offices.")
    context = {
        "office": found,
        "children": found.children.order_by("path"),
        "places": places,
        "seats": Posting.objects.in_force(today()).filter(office=found).select_related("officer", "office"),
        "acts": [act_in_words(act) for act in acts],
        "is_root": found.kind == OfficeKind.DEPARTMENT,
    }
    return render(request, "offices/office.html", context)


def _stays_at_the_top(request: HttpRequest, office: Office) -> HttpResponse | None:
    """Back to the page of an office that can neither move nor close, rather than to a form that nothing can fill."""
    try:
        services.check_has_superior(office)
    except UserError as error:
        messages.error(request, str(error.message))
        return redirect("offices:office", office.code)
    return None


def _decide(
    request: HttpRequest,
    office: Office,
    form: forms.Form,
    foresee: Callable[[], list[str]],
    act: Callable[[], Office],
    **texts: str,
) -> HttpResponse:
    """Ask; show what would follow; act on confirmation."""
    context: dict[str, Any] = {"office": office, "form": form, **texts}
    if form.is_valid():
        try:
            if "confirm" not in request.POST:
                return render(request, "offices/life_confirm.html", context | {"said": foresee()})
            done = act()
        except UserError as error:
            show_error(form, error)
        else:
            messages.success(request, texts["done"])
            return redirect("offices:office", done.code)
    return render(request, "offices/life_form.html", context, status=422 if form.errors else 200)


@officers_only("offices.manage_offices")
@require_http_methods(["GET", "POST"])
def open_below(request: HttpRequest, office: str) -> HttpResponse:
    """A new office below this one."""
    superior = _found(request, office)
    form = OpenForm(request.POST or None, superior=superior)

    def foresee() -> list[str]:
        return [
            _("It stands below %(office)s from its first day.") % {"office": office_title(superior)},
            _("Its code stays for ever: %(code)s.") % {"code": form.cleaned_data["code"].lower()},
            _("Its returns are due from the month after its baseline. Make its officers first, then its baseline."),
        ]

    def act() -> Office:
        return services.open_office(**form.cleaned_data, parent=superior, by=officer_of(request), at=now())

    return _decide(
        request, superior, form, foresee, act, title=_("Open an office"), button=_("Open it"), done=_("It is open.")
    )


@officers_only("offices.manage_offices")
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, office: str) -> HttpResponse:
    """The last day of an office."""
    found = _found(request, office)
    if refused := _stays_at_the_top(request, found):
        return refused
    form = CloseForm(request.POST or None)

    def foresee() -> list[str]:
        seated = Posting.objects.in_force(today()).filter(office=found).count()
        said = [
            _("Months that begin after its last day are not due any more."),
            _("Its returns, its registers and the totals of the past stay where they are."),
        ]
        if seated:
            text = ngettext(
                "%(n)s officer still holds a post there. End the posting on the officer's page.",
                "%(n)s officers still hold posts there. End the postings on the officers' pages.",
                seated,
            )
            said.append(text % {"n": digits(seated)})
        return said

    def act() -> Office:
        closed_on = form.cleaned_data["closed_on"]
        return services.close_office(office=found, closed_on=closed_on, by=officer_of(request), at=now())

    return _decide(
        request, found, form, foresee, act, title=_("Close the office"), button=_("Close it"), done=_("It is closed.")
    )


@officers_only("offices.manage_offices")
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, office: str) -> HttpResponse:
    """Another superior from a month on."""
    found = _found(request, office)
    if refused := _stays_at_the_top(request, found):
        return refused
    form = MoveForm(request.POST or None, office=found)

    def foresee() -> list[str]:
        fields, by = form.cleaned_data, officer_of(request)
        known = services.foresee_move(office=found, **fields, by=by, at=now())
        new, old, month = fields["parent"], found.parent, fields["first"]
        said = [
            _("From %(month)s on it stands below %(new)s and counts in its totals.")
            % {"month": month.label(), "new": office_title(new)},
            _("Totals up to %(month)s stay under %(old)s.")
            % {"month": month.previous().label(), "old": office_title(old) if old else ""},
        ]
        if known.moved:
            text = ngettext(
                "%(n)s office below it moves along.", "%(n)s offices below it move along.", len(known.moved)
            )
            said.append(text % {"n": digits(len(known.moved))})
        return said + known.said

    def act() -> Office:
        return services.move_office(office=found, **form.cleaned_data, by=officer_of(request), at=now())

    return _decide(
        request, found, form, foresee, act, title=_("Move the office"), button=_("Move it"), done=_("It has moved.")
    )
