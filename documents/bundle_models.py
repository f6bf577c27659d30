"""ZIP files of documents, made on demand and let go of after some days."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.fields import PeriodField
from documents.choices import DocumentState
from documents.models import StoredFile
from documents.querysets import BundleQuerySet
from jobs.models import Job
from offices.models import Office


class Bundle(models.Model):
    """Documents of an office and those below it, packed into one ZIP (দলিলের প্যাকেট).

    ``members`` are their keys in the order in which they are packed; ``digest`` stands for what goes in, so that the
    same selection is packed once and always gives the same bytes. ``left_out`` names those that could not go in. A
    ready one without a file was let go of, and can be made again.
    """

    office = models.ForeignKey(Office, models.PROTECT, verbose_name=_("office"), related_name="+")
    office_path = models.CharField(_("office path"), max_length=40, db_index=True)
    period = PeriodField(_("period"))
    digest = models.CharField(_("hash of the selection"), max_length=64, unique=True)
    members: models.JSONField[Any, Any] = models.JSONField(_("documents"), default=list)
    left_out: models.JSONField[Any, Any] = models.JSONField(_("left out"), default=list)
    state = models.CharField(_("state"), max_length=8, choices=DocumentState, default=DocumentState.MAKING)
    file = models.ForeignKey(
        StoredFile, models.PROTECT, verbose_name=_("file"), null=True, blank=True, related_name="bundles"
    )
    job = models.ForeignKey(Job, models.SET_NULL, verbose_name=_("job"), null=True, blank=True, related_name="+")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("requested by"), related_name="+"
    )
    created_at = models.DateTimeField(_("requested at"))
    ready_at = models.DateTimeField(_("ready at"), null=True, blank=True)

    objects = BundleQuerySet.as_manager()

    class Meta:
        verbose_name = _("ZIP of documents")
        verbose_name_plural = _("ZIPs of documents")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(file__isnull=True) | Q(state=DocumentState.READY), name="a_bundle_with_a_file_is_ready"
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def file_name(self) -> str:
        """What the reader's machine calls the file: office, period, the beginning of its hash."""
        return f"{self.office.code}_{self.period}_{self.digest[:8]}.zip"

    @property
    def has_failed(self) -> bool:
        return self.state == DocumentState.MAKING and (self.job is None or self.job.state == "failed")

    @property
    def is_making(self) -> bool:
        return self.state == DocumentState.MAKING and not self.has_failed

    @property
    def was_let_go(self) -> bool:
        return self.state == DocumentState.READY and self.file is None
