"""An officer's own signing keys: make one, see its state, revoke it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from core.access import officers_only
from core.clock import now
from core.errors import UserError
from core.forms import CleanTextField
from documents.keys import issue_key, key_of, revoke_key
from documents.second_factor import has_second_factor
from documents.signing_models import OfficerKey
from offices.access import officer_of
from offices.models import Officer, Posting
from offices.rights import get_right

RIGHT = "documents.sign_document"


class RevokeForm(forms.Form):
    """Why a key is to sign no more."""

    reason = CleanTextField(label=_("Why is the key revoked?"), max_length=200)


@dataclass(frozen=True)
class KeyRow:
    """A posting in which the officer signs, and its key."""

    posting: Posting
    key: OfficerKey | None
    is_usable: bool


@officers_only(RIGHT)
@require_GET
def show_keys(request: HttpRequest) -> HttpResponse:
    """The officer's signing postings, each with its key."""
    return _page(request)


@officers_only(RIGHT)
@require_POST
@never_cache
def make_key(request: HttpRequest, posting: int) -> HttpResponse:
    """Make a key and show its passphrase: in this answer alone, so there is no redirect to show it again."""
    officer = officer_of(request)
    row = _own_posting(officer, posting)
    if not has_second_factor(officer):
        return redirect("documents:keys")
    try:
        issued = issue_key(posting=row, by=officer, at=now())
    except UserError as error:
        messages.error(request, str(error.message))
        return redirect("documents:keys")
    return render(request, "documents/passphrase.html", {"issued": issued})


@officers_only(RIGHT)
@require_POST
def end_key(request: HttpRequest, posting: int) -> HttpResponse:
    """Revoke the key of a posting, with a reason."""
    officer = officer_of(request)
    key = key_of(_own_posting(officer, posting))
    form = RevokeForm(request.POST)
    if key is None or not form.is_valid():
        return _page(request, form)
    try:
        revoke_key(key=key, reason=form.cleaned_data["reason"], by=officer, at=now())
    except UserError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, str(_("The key is revoked. What it signed before stays valid.")))
    return redirect("documents:keys")


def _page(request: HttpRequest, form: RevokeForm | None = None) -> HttpResponse:
    officer = officer_of(request)
    context: dict[str, Any] = {
        "rows": [_row(posting) for posting in _signing_postings(officer)],
        "past": OfficerKey.objects.filter(officer=officer, revoked_at__isnull=False).select_related("posting__office"),
        "has_second_factor": has_second_factor(officer),
        "form": form or RevokeForm(),
    }
    return render(request, "documents/keys.html", context)


def _row(posting: Posting) -> KeyRow:
    key = key_of(posting)
    return KeyRow(posting, key, is_usable=key is not None and key.is_in_force(now()))


def _signing_postings(officer: Officer) -> list[Posting]:
    grants = get_right(RIGHT).grants
    return [posting for posting in officer.current_postings if posting.post in grants]


def _own_posting(officer: Officer, pk: int) -> Posting:
    for posting in _signing_postings(officer):
        if posting.pk == pk:
            return posting
    raise Http404
