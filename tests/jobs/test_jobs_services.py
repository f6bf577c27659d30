"""A job is asked for once, claimed by one, ended once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import kombu.pools
import pytest
from celery import current_app
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from core.errors import UserError
from jobs import registry, services
from jobs.choices import MAX_TRIES, JobState
from jobs.leases import claim_job, fail_job, finish_job, lease_time
from jobs.models import Job
from jobs.registry import LeaseLostError, Progress
from jobs.services import enqueue_job, execute_job, finish_jobs, retry_job, run_waiting_jobs, sweep_jobs

pytestmark = pytest.mark.django_db

AT = datetime(2024, 7, 3, 4, 0, tzinfo=UTC)


class Clerk:
    def get_username(self) -> str:
        return "clerk"


def use_broker(url: str) -> None:
    """Publish there from now on: a pool would keep the connections of the broker before."""
    current_app.conf.broker_url = url
    kombu.pools.reset()  # type: ignore[no-untyped-call]
    current_app._after_fork()


@pytest.fixture(autouse=True)
def broker_in_memory() -> Iterator[None]:
    """Messages go nowhere that a running portal would see."""
    before = current_app.conf.broker_url
    use_broker("memory://")
    yield
    use_broker(before)


@pytest.fixture
def ran() -> Iterator[list[str]]:
    """Kinds of work for these tests; the list says what was done."""
    done: list[str] = []
    known = dict(registry._KINDS)

    @registry.handler("tests.write", label=_("pages"))
    def write(progress: Progress, *, name: str) -> dict[str, Any]:
        progress.step(1, 2)
        progress.confirm()
        done.append(name)
        return {"url": f"/done/{name}/"}

    @registry.handler("tests.refuse")
    def refuse(progress: Progress) -> dict[str, Any]:
        raise UserError(_("This is not a number. Write digits only, for example ১২৫ or 125."))

    @registry.handler("tests.break")
    def break_off(progress: Progress) -> dict[str, Any]:
        raise RuntimeError("no reader should see this")

    yield done
    registry._KINDS.clear()
    registry._KINDS.update(known)


def ask(name: str = "a", **more: Any) -> Job:
    return enqueue_job(kind="tests.write", arguments={"name": name}, key=f"tests.write:{name}", **more)


def as_it_stands(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def expire(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(leased_until=timezone.now() - timedelta(seconds=1))


def test_asking_twice_gives_the_job_that_waits() -> None:
    first = ask(by=Clerk(), office_path="001002", at=AT)
    assert ask().pk == first.pk
    assert (first.requested_by, first.office_path, first.created_at) == ("clerk", "001002", AT)


def test_asking_while_it_runs_gives_a_new_job() -> None:
    first = ask()
    assert claim_job(first.pk)
    second = ask()
    assert second.pk != first.pk
    assert second.state == JobState.QUEUED


def test_the_database_keeps_one_waiting_job_a_key() -> None:
    ask()
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(kind="tests.write", key="tests.write:a", created_at=AT)


def test_the_message_goes_out_on_commit_only(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, args, **_: sent.append((name, args)))
    with django_capture_on_commit_callbacks(execute=True):
        job = ask()
        assert sent == []
    assert sent == [("jobs.run_job", [job.pk])]


def test_a_broker_out_of_reach_loses_nothing(
    caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: Any
) -> None:
    use_broker("redis://127.0.0.1:1/0")
    begun = time.monotonic()
    with django_capture_on_commit_callbacks(execute=True):
        job = ask()
    assert f"job {job.pk} waits for the sweeper" in caplog.text
    assert time.monotonic() - begun < settings.CELERY_BROKER_CONNECTION_TIMEOUT + 15, "not minutes"
    assert as_it_stands(job).state == JobState.QUEUED


def test_work_is_done_and_its_result_linked(ran: list[str]) -> None:
    job = ask()
    assert execute_job(job.pk)
    job = as_it_stands(job)
    assert (job.state, job.link, job.done_steps, job.all_steps) == (JobState.DONE, "/done/a/", 2, 2)
    assert job.finished_at is not None


def test_a_message_that_comes_twice_has_one_effect(ran: list[str]) -> None:
    job = ask()
    assert [execute_job(job.pk), execute_job(job.pk)] == [True, False]
    assert ran == ["a"]


def test_only_one_claims() -> None:
    job = ask()
    assert claim_job(job.pk)
    assert claim_job(job.pk) is None


def test_an_expired_lease_passes_to_another_and_the_loser_writes_nothing(ran: list[str]) -> None:
    job = ask()
    loser = claim_job(job.pk)
    assert loser is not None
    assert loser.leased_until is not None
    assert timezone.now() < loser.leased_until <= timezone.now() + lease_time()
    expire(job)
    assert execute_job(job.pk)
    with pytest.raises(LeaseLostError):
        finish_job(loser, {"url": "/wrong/"})
    fail_job(loser, {"en": "wrong"})
    assert (as_it_stands(job).link, as_it_stands(job).message) == ("/done/a/", "")


def test_a_refusal_is_told_in_the_readers_language(ran: list[str]) -> None:
    job = enqueue_job(kind="tests.refuse", arguments={}, key="r")
    execute_job(job.pk)
    job = as_it_stands(job)
    assert job.state == JobState.FAILED
    assert set(job.error) == {"bn", "en"}
    with translation.override("en"):
        assert job.message.startswith("This is not a number.")


@pytest.mark.logs_errors("a job that fails writes its traceback to the log")
@pytest.mark.logs_errors("the fault is noted for the administrator")
def test_a_fault_is_tried_again_and_then_told_in_plain_words(ran: list[str]) -> None:
    job = enqueue_job(kind="tests.break", arguments={}, key="b")
    for _try in range(MAX_TRIES - 1):
        execute_job(job.pk)
        assert as_it_stands(job).waits_again
        assert not execute_job(job.pk), "it waits a moment first"
        expire(job)
    execute_job(job.pk)
    job = as_it_stands(job)
    assert (job.state, job.tries) == (JobState.FAILED, MAX_TRIES)
    with translation.override("en"):
        assert job.message.startswith("The work stopped with a fault.")
    assert "no reader should see this" not in str(job.error)


def test_work_whose_workers_die_again_and_again_is_given_up(ran: list[str]) -> None:
    job = ask()
    for _try in range(MAX_TRIES):
        assert claim_job(job.pk)
        expire(job)
    assert not execute_job(job.pk)
    assert as_it_stands(job).state == JobState.FAILED
    assert ran == []


def test_a_failed_job_can_be_started_again(ran: list[str]) -> None:
    job = enqueue_job(kind="tests.refuse", arguments={}, key="r")
    execute_job(job.pk)
    again = retry_job(job, by=Clerk(), at=AT)
    assert (again.pk, again.state, again.tries, again.message) == (job.pk, JobState.QUEUED, 0, "")


def test_starting_again_what_already_waits_gives_that(ran: list[str]) -> None:
    job = enqueue_job(kind="tests.refuse", arguments={}, key="r")
    execute_job(job.pk)
    waiting = enqueue_job(kind="tests.refuse", arguments={}, key="r")
    assert retry_job(job, by=Clerk(), at=AT).pk == waiting.pk


def test_only_failed_work_is_started_again() -> None:
    with pytest.raises(UserError):
        retry_job(ask(), by=Clerk(), at=AT)


def test_the_sweeper_sends_again_what_nobody_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[int] = []
    monkeypatch.setattr(services, "send_job", sent.append)
    fresh, lost, dead, alive = ask("fresh"), ask("lost"), ask("dead"), ask("alive")
    claim_job(dead.pk)
    claim_job(alive.pk)
    expire(dead)
    long_ago = timezone.now() - timedelta(minutes=1)
    Job.objects.exclude(pk=fresh.pk).update(sent_at=long_ago)
    assert sweep_jobs() == 2
    assert sorted(sent) == sorted([lost.pk, dead.pk])
    assert sweep_jobs() == 0, "once sent, a message gets its time"


def test_everything_that_waits_runs_also_what_it_asks_for(ran: list[str]) -> None:
    @registry.handler("tests.ask")
    def ask_more(progress: Progress) -> dict[str, Any]:
        ask("later")
        return {}

    enqueue_job(kind="tests.ask", arguments={}, key="x")
    assert run_waiting_jobs() == 2
    assert ran == ["later"]
    assert not Job.objects.waiting().exists()


@pytest.mark.logs_errors("a job that fails writes its traceback to the log")
@pytest.mark.logs_errors("a room that has gone is a fault")
def test_a_job_nobody_knows_fails_without_a_crash() -> None:
    job = enqueue_job(kind="tests.nobody", arguments={}, key="n")
    assert execute_job(job.pk)
    assert as_it_stands(job).waits_again


def test_a_result_links_within_the_portal_only() -> None:
    assert Job(result={"url": "//elsewhere.example/"}).link == ""
    assert Job(result={"url": "https://elsewhere.example/"}).link == ""


@pytest.mark.django_db(transaction=True)
def test_long_work_keeps_its_lease(ran: list[str], settings: Any) -> None:
    """The lease lasts two seconds, the work three: a thread says again and again that the worker lives."""
    settings.JOB_LEASE_SECONDS = 2
    others: list[bool] = []

    @registry.handler("tests.long")
    def work_long(progress: Progress) -> dict[str, Any]:
        for _second in range(3):
            time.sleep(1)
            others.append(execute_job(job.pk))
        return {}

    job = enqueue_job(kind="tests.long", arguments={}, key="long")
    assert execute_job(job.pk)
    assert others == [False, False, False]
    assert (as_it_stands(job).state, as_it_stands(job).tries) == (JobState.DONE, 1)


def test_work_that_was_taken_over_stops_at_its_next_step(ran: list[str]) -> None:
    @registry.handler("tests.slow")
    def work_slowly(progress: Progress) -> dict[str, Any]:
        Job.objects.filter(pk=job.pk).update(lease="another")
        progress.step(1, 2)
        ran.append("too late")
        return {}

    job = enqueue_job(kind="tests.slow", arguments={}, key="slow")
    execute_job(job.pk)
    assert ran == []
    assert (as_it_stands(job).state, as_it_stands(job).lease) == (JobState.RUNNING, "another")


def test_finishing_takes_what_nobody_holds_and_leaves_the_rest_to_its_worker(ran: list[str]) -> None:
    jobs = [enqueue_job(kind="tests.write", arguments={"name": name}, key=name) for name in "abc"]
    assert claim_job(jobs[0].pk), "another process works on it"
    told: list[tuple[int, int]] = []
    keys = [job.pk for job in jobs]
    ended = finish_jobs(keys, patience=0.4, tell=lambda done, of: told.append((done, of)))
    assert [job.state for job in ended] == [JobState.RUNNING, JobState.DONE, JobState.DONE]
    assert len(ran) == 2 and told == [(1, 3), (2, 3)]
