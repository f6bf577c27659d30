"""Pages that join rooms: the home of each post."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from offices.access import public


@public("the front page: what the portal is, log-in and verification")
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "reports/home.html")
