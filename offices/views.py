"""The page that says who may do what."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from offices.access import officers_only
from offices.choices import Post
from offices.rights import all_rights


@officers_only()
def rights(request: HttpRequest) -> HttpResponse:
    """Every declared right with the reach each post has in it."""
    rows = [(right, [(post, right.grants.get(post)) for post in Post]) for right in all_rights()]
    return render(request, "offices/rights.html", {"rows": rows, "posts": list(Post)})
