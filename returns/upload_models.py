"""Returns that came as one file of many: what was sent, what was consented to, and what became of each office."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.fields import PeriodField
from documents.models import StoredFile
from jobs.choices import JobState
from jobs.models import Job
from returns.choices import ReturnState
from returns.querysets import UploadQuerySet


class Upload(models.Model):
    """A ZIP of workbooks, a workbook or a CSV with returns of a month (একসঙ্গে আমদানি).

    ``key`` is of the form it came by, its file and wishes: a form sent twice is one upload. Nothing is saved before
    ``consented_at``; then the returns are saved and, where ``submit`` says so, submitted. ``verify_by`` is who was
    asked to verify them on import, and did so at ``verified_at``. What it says of the offices is in the sender's
    ``language``.
    """

    key = models.CharField(_("key"), max_length=64, unique=True)
    name = models.CharField(_("file name"), max_length=200)
    file = models.ForeignKey(StoredFile, models.PROTECT, verbose_name=_("file"), related_name="uploads")
    period = PeriodField(_("period"))
    submit = models.BooleanField(_("submit"), default=False)
    language = models.CharField(_("language"), max_length=5)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), related_name="+")
    at = models.DateTimeField(_("at"))
    preview_job = models.ForeignKey(Job, models.SET_NULL, verbose_name=_("job"), null=True, related_name="+")
    consented_at = models.DateTimeField(_("consented at"), null=True, blank=True)
    import_job = models.ForeignKey(Job, models.SET_NULL, verbose_name=_("job"), null=True, blank=True, related_name="+")
    verify_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("to be verified by"),
        null=True,
        blank=True,
        related_name="+",
    )
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)
    verify_job = models.ForeignKey(Job, models.SET_NULL, verbose_name=_("job"), null=True, blank=True, related_name="+")

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("upload of returns")
        verbose_name_plural = _("uploads of returns")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(verified_at__isnull=True) | models.Q(verify_by__isnull=False, submit=True),
                name="a_verified_upload_names_its_verifier",
            ),
            models.CheckConstraint(
                condition=models.Q(verify_by__isnull=True) | ~models.Q(verify_by=models.F("by")),
                name="nobody_verifies_their_own_upload",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.period}"

    @property
    def job(self) -> Job | None:
        """The work of its latest step."""
        return self.verify_job or self.import_job or self.preview_job

    @property
    def standing(self) -> str:
        """How far it is, in words."""
        if self.is_working:
            return gettext("being worked on")
        if self.has_failed:
            return gettext("came to no end")
        if self.consented_at is None:
            return gettext("waits for your consent")
        if self.waits_for_verifier:
            return gettext("imported, waits for the verifier")
        return gettext("imported and verified") if self.verified_at else gettext("imported")

    @property
    def is_working(self) -> bool:
        return self.job is not None and not self.job.is_over

    @property
    def has_failed(self) -> bool:
        """Whether its latest step came to no end."""
        return self.job is None or self.job.state == JobState.FAILED

    @property
    def is_previewed(self) -> bool:
        """Whether it waits for the sender's consent."""
        return self.consented_at is None and not self.is_working and not self.has_failed

    @property
    def waits_for_verifier(self) -> bool:
        """Whether it was imported and whoever was asked has not verified yet."""
        is_imported = self.consented_at is not None and not self.is_working and not self.has_failed
        return is_imported and self.verify_by is not None and self.verified_at is None


class UploadVerdict(models.Model):
    """What became (or, ``is_preview``, would become) of one office's figures in an upload; ``file`` is its path in the
    ZIP. ``state`` is that of the return, or failed, and ``version`` the number of the version they went into: no other
    one is verified on import. ``refused`` names cells as `returns.importing.OfficeVerdict`."""

    upload = models.ForeignKey(Upload, models.CASCADE, verbose_name=_("upload"), related_name="verdicts")
    is_preview = models.BooleanField(_("preview"))
    file = models.CharField(_("file"), max_length=200)
    office = models.CharField(_("office"), max_length=100, blank=True)
    state = models.CharField(_("state"), max_length=12)
    version = models.PositiveIntegerField(_("version"), default=0)
    is_verified_on_import = models.BooleanField(_("verified on import"), default=False)
    message = models.TextField(_("message"), blank=True)
    new = models.PositiveIntegerField(_("new"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    refused: models.JSONField[Any, Any] = models.JSONField(_("refused"), default=list, blank=True)

    class Meta:
        verbose_name = _("verdict on an upload")
        verbose_name_plural = _("verdicts on uploads")
        ordering = ["file", "office"]
        constraints = [
            models.UniqueConstraint(
                fields=["upload", "is_preview", "file", "office"], name="one_verdict_an_office_and_file"
            )
        ]

    def __str__(self) -> str:
        return f"{self.file} {self.office} {self.state}"

    @property
    def is_failed(self) -> bool:
        return self.state not in ReturnState.values

    @property
    def standing(self) -> str:
        """The state in words."""
        if self.is_failed:
            return gettext("refused")
        return gettext("verified on import") if self.is_verified_on_import else str(ReturnState(self.state).label)
