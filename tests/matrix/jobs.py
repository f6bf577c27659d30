from __future__ import annotations

from typing import Any

from jobs.choices import JobState
from jobs.models import Job
from offices.models import Office
from tests.matrix import World, by_right, in_scope, public, register


def failed_job(world: World, office: Office) -> dict[str, Any]:
    """Work for the office that may be looked at and started again."""
    key = f"matrix:{office.code}"
    job, _made = Job.objects.get_or_create(
        key=key,
        defaults={
            "kind": "returns.compute_total",
            "office_path": office.path,
            "state": JobState.FAILED,
            "created_at": world.now,
        },
    )
    return {"pk": job.pk}


register("jobs:health", get=public)
register("jobs:jobs", get=by_right("offices.watch_jobs"))
register("jobs:job", failed_job, get=in_scope)
register("jobs:again", failed_job, post=in_scope)
