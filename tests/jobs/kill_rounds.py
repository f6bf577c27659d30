"""The story of the killed worker, told in a process with a home, database and broker of its own.

``python -m tests.jobs.kill_rounds --rounds 10 --seed 7``: each round verifies a return, asks for three totals and a
paper, waits until a real worker holds a lease, kills the worker's whole process group at a seeded moment, starts it
again, and waits for the end. Prints what came of it as JSON; the test judges.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import time
from pathlib import Path
from typing import Any

import django

PATIENCE = 90


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "apa_portal.settings"
    django.setup()
    print(json.dumps(play(options.rounds, random.Random(options.seed))))  # noqa: S311 - moments, not secrets


def play(rounds: int, lot: random.Random) -> list[dict[str, Any]]:
    from django.conf import settings
    from django.core.management import call_command

    from tests.factories import make_tree
    from tests.jobs.worker import RealWorker

    call_command("migrate", verbosity=0)
    tree, worker = make_tree(), RealWorker(Path(settings.PORTAL_HOME))
    form = publish()
    worker.start()
    try:
        return [play_round(number, tree, form, worker, lot) for number in range(rounds)]
    finally:
        worker.stop()


def publish() -> Any:
    from django.conf import settings

    from returns.services.forms import publish_form
    from tests.returns.factories_rollup import AT, make_clerk

    return publish_form(settings.BASE_DIR / "returns" / "data" / "form-1.toml", by=make_clerk("publisher"), at=AT)


def play_round(number: int, tree: Any, form: Any, worker: Any, lot: random.Random) -> dict[str, Any]:
    from core.periods import Period

    period = Period.month(2023, 7).shift(number)
    expected = verify_and_ask(period, tree, form, lot)
    wait_until(a_lease_is_held)
    time.sleep(lot.random() * 0.6)
    wait_until(lambda: a_lease_is_held() or all_is_over())  # between two jobs nothing is held for a moment
    held = a_lease_is_held()
    worker.kill()
    killed_at = time.monotonic()
    worker.start()
    ended = wait_until(all_is_over, every=0.1)
    return {
        "held": held,
        "ended": ended,
        "seconds": round(time.monotonic() - killed_at, 1),
        "expected": expected,
        **outcome(period, tree),
    }


def verify_and_ask(period: Any, tree: Any, form: Any, lot: random.Random) -> int:
    """Two verified returns, the messages for their totals (each sent twice) and a paper; returns the sum of D04."""
    from django.db import transaction

    from documents.services import request_document
    from jobs.models import Job
    from jobs.services import send_job
    from returns.published import catalogue_of
    from returns.rollup import request_totals
    from tests.returns.factories_rollup import AT, make_clerk, make_return

    total = 0
    for office in (tree.upazila, tree.sibling):
        cells = [cell for cell in catalogue_of(form).cells if office.kind in cell.levels]
        amounts = {cell.key: lot.randrange(1000) for cell in cells}
        total += amounts["D04"]
        with transaction.atomic():
            version = make_return(office, period, amounts, form=form)
            request_totals(version.ret, by=make_clerk("judge"), at=AT)
    request_document(
        kind="returns.month", arguments={"office": tree.district.code, "period": period.key}, by=None, at=AT
    )
    for pk in Job.objects.values_list("pk", flat=True).order_by("-pk")[:4]:
        send_job(pk)
    return total


def a_lease_is_held() -> bool:
    from django.utils import timezone

    from jobs.choices import JobState
    from jobs.models import Job

    return Job.objects.filter(state=JobState.RUNNING, leased_until__gt=timezone.now()).exclude(lease="").exists()


def all_is_over() -> bool:
    from jobs.models import Job

    return all(job.is_over for job in Job.objects.all())


def wait_until(question: Any, every: float = 0.01) -> bool:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if question():
            return True
        time.sleep(every)
    return False


def outcome(period: Any, tree: Any) -> dict[str, Any]:
    """What stands after the round."""
    from documents.files import read_file
    from documents.models import Document, StoredFile
    from jobs.models import Job
    from returns.models import Total, TotalValue

    offices = (tree.district, tree.division, tree.department)
    documents = list(Document.objects.filter(subject=f"{tree.district.code}:{period}").select_related("file"))
    return {
        "totals": list(
            TotalValue.objects.filter(total__office__in=offices, total__period=period, cell="D04").values_list(
                "amount", flat=True
            )
        ),
        "basis": list(Total.objects.filter(office__in=offices, period=period).values_list("basis_count", flat=True)),
        "papers": [bool(document.file and read_file(document.file).startswith(b"%PDF")) for document in documents],
        "files": StoredFile.objects.count(),
        "states": sorted(set(Job.objects.values_list("state", flat=True))),
        "broken off": Job.objects.filter(tries__gt=1).count(),
    }


if __name__ == "__main__":
    main()
