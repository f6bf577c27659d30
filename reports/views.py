"""Pages that join rooms: the home of each post, and the place where log-in lands."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from core.clock import now
from offices.access import officer_of, officers_only, public
from reports.desk import desk_of, first_address


@public("the front page: what the portal is, log-in and verification")
def home(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return render(request, "reports/front.html")
    return render(request, "reports/home.html", {"desk": desk_of(officer_of(request), now())})


@officers_only()
def start(request: HttpRequest) -> HttpResponse:
    """Where log-in lands: the work that waits."""
    return redirect(first_address(officer_of(request), now()))
