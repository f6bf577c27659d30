"""States of a document, and how a paper of a period stands."""

from django.db import models
from django.utils.translation import gettext_lazy as _

SEAL_FIELD = "portal-seal"
"""Name of the portal's own signature field in each sealed file."""


class DocumentState(models.TextChoices):
    """Whether the file is there (দলিলের অবস্থা)."""

    MAKING = "making", _("being made")
    READY = "ready", _("ready")
    FAILED = "failed", _("failed")


class Standing(models.TextChoices):
    """How a paper stands (কাগজের অবস্থা)."""

    CURRENT = "current", _("up to date")
    OUTDATED = "outdated", _("the data has changed since")
    MAKING = "making", _("being made")
    FAILED = "failed", _("failed")
    LOST = "lost", _("its file is lost or damaged")
    ABSENT = "absent", _("not made")
    NOT_YET = "not-yet", _("cannot be made yet")
