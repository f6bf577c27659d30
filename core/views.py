"""The living page of the look."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.access import public
from core.specimens import specimens


@public("shows invented specimens of the design only; its address exists only in debug")
def look(request: HttpRequest) -> HttpResponse:
    return render(request, "core/look.html", specimens())
