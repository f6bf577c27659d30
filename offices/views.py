"""The page that says who may do what, and the one that gives back what was typed before a log-in."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.workbooks.tables import wants_workbook
from offices.access import officers_only
from offices.choices import Post
from offices.middleware import UNSENT
from offices.rights import all_rights
from offices.rights_table import rights_table


@officers_only()
def rights(request: HttpRequest) -> HttpResponseBase:
    """Every declared right with the reach each post has in it."""
    rows = [(right, [(post, right.grants.get(post)) for post in Post]) for right in all_rights()]
    if wants_workbook(request):
        return rights_table(rows)
    return render(request, "offices/rights.html", {"rows": rows, "posts": list(Post)})


@officers_only()
@require_safe
@never_cache
def resume(request: HttpRequest) -> HttpResponse:
    """A form that was sent after the log-in had ended, to be sent again."""
    kept = request.session.get(UNSENT)
    if kept is None:
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "offices/resume.html", {**kept, "token": get_token(request)})
