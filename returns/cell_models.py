"""What people say about a cell and lay beside it: comments, flags, files. They stay with the return, whatever its
version."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from documents.models import StoredFile


class Comment(models.Model):
    """What an officer of the entering or a superior office says at a cell; never changed afterwards."""

    ret = models.ForeignKey("returns.Return", models.PROTECT, verbose_name=_("return"), related_name="comments")
    cell = models.CharField(_("cell"), max_length=30)
    text = models.TextField(_("comment"), max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.ret} {self.cell}"


class Flag(models.Model):
    """A verifier's mark on a cell: look again. It stands until a verifier clears it."""

    ret = models.ForeignKey("returns.Return", models.PROTECT, verbose_name=_("return"), related_name="flags")
    cell = models.CharField(_("cell"), max_length=30)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("set by"), related_name="+")
    set_at = models.DateTimeField(_("set at"))
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("cleared by"), null=True, blank=True, related_name="+"
    )
    cleared_at = models.DateTimeField(_("cleared at"), null=True, blank=True)

    class Meta:
        verbose_name = _("flag")
        verbose_name_plural = _("flags")
        ordering = ["set_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ret", "cell"], condition=Q(cleared_at__isnull=True), name="one_standing_flag_a_cell"
            ),
            models.CheckConstraint(
                condition=Q(cleared_at__isnull=True, cleared_by__isnull=True)
                | Q(cleared_at__isnull=False, cleared_by__isnull=False),
                name="a_cleared_flag_has_its_officer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ret} {self.cell}"


class LineFile(models.Model):
    """A file that the office lays beside a line as evidence (প্রমাণপত্র)."""

    ret = models.ForeignKey("returns.Return", models.PROTECT, verbose_name=_("return"), related_name="files")
    line = models.CharField(_("line"), max_length=10)
    name = models.CharField(_("file name"), max_length=120)
    file = models.ForeignKey(StoredFile, models.PROTECT, verbose_name=_("file"), related_name="+")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("added by"), related_name="+")
    added_at = models.DateTimeField(_("added at"))

    class Meta:
        verbose_name = _("file of a line")
        verbose_name_plural = _("files of lines")
        ordering = ["line", "added_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["ret", "line", "file"], name="one_file_once_a_line")]

    def __str__(self) -> str:
        return self.name
