"""A job's page is honest and shows itself to whom it concerns."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.clock import now
from jobs.choices import JobState
from jobs.models import Job
from offices.choices import Post
from offices.models import Officer
from tests.factories import Tree, make_head, make_officer, make_tree

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree() -> Tree:
    return make_tree()


def make_job(key: str = "k", **fields: Any) -> Job:
    return Job.objects.create(kind="returns.compute_total", key=key, created_at=now(), **fields)


def logged_in(officer: Officer) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.cookies["django_language"] = "en"
    client.force_login(officer, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_a_running_job_shows_its_steps_and_looks_again(tree: Tree) -> None:
    job = make_job(state=JobState.RUNNING, lease="x", office_path=tree.upazila.path, done_steps=3, all_steps=9, tries=1)
    client = logged_in(make_head(tree.district))
    page = client.get(f"/jobs/{job.pk}/")
    assert 'value="3" max="9"' in page.content.decode()
    assert page["Refresh"] == "3"
    assert "Refresh" not in client.get(f"/jobs/{job.pk}/?still")


def test_a_finished_job_links_its_result_and_rests(tree: Tree) -> None:
    job = make_job(state=JobState.DONE, office_path=tree.upazila.path, result={"url": "/somewhere/"})
    page = logged_in(make_head(tree.district)).get(f"/jobs/{job.pk}/")
    assert 'href="/somewhere/"' in page.content.decode()
    assert "Refresh" not in page


def test_a_failed_job_says_why_and_starts_again(tree: Tree) -> None:
    job = make_job(state=JobState.FAILED, office_path=tree.upazila.path, error={"en": "The form has no lines."})
    client = logged_in(make_head(tree.upazila))
    assert "The form has no lines." in client.get(f"/jobs/{job.pk}/").content.decode()
    assert client.post(f"/jobs/{job.pk}/again/").status_code == 302
    job.refresh_from_db()
    assert job.state == JobState.QUEUED


def test_starting_again_what_runs_changes_nothing_and_says_so(tree: Tree) -> None:
    job = make_job(state=JobState.RUNNING, lease="x", office_path=tree.upazila.path)
    page = logged_in(make_head(tree.upazila)).post(f"/jobs/{job.pk}/again/", follow=True)
    assert "Only work that has failed can be started again." in page.content.decode()
    job.refresh_from_db()
    assert job.state == JobState.RUNNING


def test_another_offices_job_is_not_found_but_ones_own_is(tree: Tree) -> None:
    stranger = make_head(tree.foreign_district)
    job = make_job(office_path=tree.upazila.path)
    mine = make_job("mine", office_path=tree.upazila.path, requested_by=stranger.username)
    client = logged_in(stranger)
    assert client.get(f"/jobs/{job.pk}/").status_code == 404
    assert client.post(f"/jobs/{job.pk}/again/").status_code == 404
    assert client.get(f"/jobs/{mine.pk}/").status_code == 200


def test_the_list_asks_the_same_number_of_questions_for_one_and_for_many(tree: Tree) -> None:
    client = logged_in(make_officer(Post.SYSTEM_ADMIN, tree.department))
    counts = []
    for number in range(1, 5):
        make_job(f"k{number}")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert f"k{number}" in client.get("/jobs/").content.decode()
        counts.append(len(queries))
    assert len(set(counts)) == 1
    assert counts[0] <= 6
