"""The portal's inbox."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.clock import now
from offices.access import officer_of, officers_only
from offices.inbox import mark_read
from offices.inbox_models import Notice


@officers_only()
@require_http_methods(["GET", "HEAD", "POST"])
def inbox(request: HttpRequest) -> HttpResponse:
    """What the portal has told this officer, newest first; a post marks all as read."""
    officer = officer_of(request)
    if request.method == "POST":
        mark_read(officer, at=now())
        return redirect("offices:inbox")
    page = Paginator(Notice.objects.filter(officer=officer), 50).get_page(request.GET.get("page"))
    return render(request, "offices/inbox.html", {"page": page, "unread": any(not one.read_at for one in page)})
