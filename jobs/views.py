"""The page of a job, the list for administrators, and starting failed work again."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST, require_safe

from core.access import officers_only, public
from core.clock import now
from core.errors import UserError
from core.workbooks.tables import wants_workbook
from jobs import health
from jobs.models import Job
from jobs.querysets import Reader
from jobs.services import retry_job
from jobs.tables import jobs_table

#: Seconds after which the page of unfinished work asks again.
LOOK_AGAIN_AFTER = 3


def _visible_job(request: HttpRequest, pk: int) -> Job:
    return get_object_or_404(Job.objects.visible_to(cast(Reader, request.user)), pk=pk)


@public("says to supervisors whether the portal works, and nothing else")
@require_safe
def tell_health(request: HttpRequest) -> HttpResponse:
    """Whether database and workers answer. 503 without a database; without workers pages still serve."""
    database = health.answers()
    told = {"database": "ok" if database else "out of reach", "jobs": "ok" if health.works() else "waiting"}
    return JsonResponse(told, status=200 if database else 503)


@officers_only()
@require_GET
def show_job(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the work is. While it runs the page comes again by itself, unless the reader stops that."""
    job = _visible_job(request, pk)
    looks_again = not job.is_over and "still" not in request.GET
    response = render(request, "jobs/job.html", {"job": job, "looks_again": looks_again})
    if looks_again:
        response["Refresh"] = str(LOOK_AGAIN_AFTER)
    return response


@officers_only("offices.watch_jobs")
@require_GET
def list_jobs(request: HttpRequest) -> HttpResponseBase:
    """All work, the latest first."""
    if wants_workbook(request):
        return jobs_table(Job.objects.all())
    page = Paginator(Job.objects.all(), 50).get_page(request.GET.get("page"))
    return render(request, "jobs/jobs.html", {"page": page})


@officers_only()
@require_POST
def start_again(request: HttpRequest, pk: int) -> HttpResponse:
    job = _visible_job(request, pk)
    try:
        job = retry_job(job, by=cast(AbstractBaseUser, request.user), at=now())
    except UserError as error:
        messages.error(request, error.message)
    return redirect("jobs:job", job.pk)
