"""States of a job, and how patient the workers are."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    QUEUED = "queued", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


#: The sweeper sends again what nobody took for so long; settings say how often it looks.
SEND_AGAIN_AFTER = timedelta(seconds=6)
SENT_AT_ONCE = 40
#: A job broken off or failed so often is given up; an administrator may start it again.
MAX_TRIES = 5
