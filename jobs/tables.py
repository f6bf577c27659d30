"""The list of work in the background as a spreadsheet."""

from __future__ import annotations

from django.http import FileResponse
from django.utils.translation import gettext as _

from core.workbooks.tables import Column, table_response
from jobs.querysets import JobQuerySet


def jobs_table(jobs: JobQuerySet) -> FileResponse:
    """All work with its state, the latest first."""
    columns = [
        Column(_("No."), 10),
        Column(_("Work"), 32),
        Column(_("Key"), 40),
        Column(_("State")),
        Column(_("Asked for at"), 18),
        Column(_("Asked for by"), 20),
        Column(_("Ended at"), 18),
        Column(_("Message"), 48),
    ]
    rows = (
        [
            job.pk,
            job.label,
            job.key,
            str(job.get_state_display()),
            job.created_at,
            job.requested_by,
            job.finished_at,
            job.message,
        ]
        for job in jobs.iterator(chunk_size=500)
    )
    return table_response("jobs", _("Work in the background"), columns, rows)
