"""Pages that join rooms: the home of each post."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from offices.access import public


@public("the front page: what the portal is, log-in and verification")
def home(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return render(request, "reports/home.html", {"tasks": []})
    return render(request, "reports/front.html")
