"""Becoming one of the demonstration's people by one click."""

from __future__ import annotations

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from demo.people import PEOPLE
from offices.access import public
from offices.models import Officer

OPEN = frozenset(person.username for person in PEOPLE if person.is_open)


@public("a demonstration's invented people may be become by anyone; the room exists in demonstrations only")
@require_POST
def become(request: HttpRequest) -> HttpResponse:
    username = request.POST.get("username", "")
    if username not in OPEN:
        raise Http404
    officer = get_object_or_404(Officer, username=username, is_demo=True, is_active=True)
    login(request, officer)
    return redirect("reports:start")
