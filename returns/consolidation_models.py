"""Consolidated returns: numbered snapshots of an office's month, with the returns they contain and who was missing."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.fields import PeriodField
from offices.models import Office
from returns.choices import ConsolidationState
from returns.models import Form, ReturnVersion
from returns.querysets import ConsolidationQuerySet


class Consolidation(models.Model):
    """What an upper office submits of a month over everything below it (সমন্বিত রিটার্ন), frozen under a number.

    ``basis_count`` and ``basis_sum`` tell the verified versions in it, as in `returns.models.Total`: where other ones
    are verified now, it is out of date. ``completeness`` says by name who was in, late or missing, and how far the
    offices right below were, as the office had it before its eyes (see `returns.consolidated`).
    """

    office = models.ForeignKey(Office, models.PROTECT, verbose_name=_("office"), related_name="consolidations")
    office_path = models.CharField(_("office path"), max_length=40)
    period = PeriodField(_("period"))
    number = models.PositiveIntegerField(_("number"))
    form = models.ForeignKey(Form, models.PROTECT, verbose_name=_("form"))
    state = models.CharField(_("state"), max_length=12, choices=ConsolidationState)
    submitted_at = models.DateTimeField(_("submitted at"))
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("submitted by"), related_name="+"
    )
    explanation = models.TextField(_("explanation of what is missing"), blank=True)
    completeness: models.JSONField[Any, Any] = models.JSONField(_("completeness"))
    basis_count = models.PositiveIntegerField(_("returns summed"))
    basis_sum = models.BigIntegerField(_("sum of their version keys"))
    data_at = models.DateTimeField(_("newest source"))
    decided_at = models.DateTimeField(_("verified or returned at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("verified or returned by"),
        null=True,
        blank=True,
        related_name="+",
    )
    reason = models.TextField(_("reason for returning"), blank=True)

    objects = ConsolidationQuerySet.as_manager()

    class Meta:
        verbose_name = _("consolidated return")
        verbose_name_plural = _("consolidated returns")
        ordering = ["-period", "office_path", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["office", "period", "number"], name="one_consolidation_a_number"),
            models.UniqueConstraint(
                fields=["office", "period"], condition=Q(state="submitted"), name="one_consolidation_waits"
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(reason=""), name="a_returned_consolidation_says_why"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["submitted", "replaced"], decided_at__isnull=True, decided_by__isnull=True)
                | Q(state__in=["verified", "returned"], decided_at__isnull=False, decided_by__isnull=False),
                name="a_consolidation_decided_has_its_judge",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("submitted_by")),
                name="nobody_judges_the_consolidation_they_submitted",
            ),
        ]
        indexes = [models.Index(fields=["period", "office_path"])]

    def __str__(self) -> str:
        return f"{self.office.code} {self.period} #{self.number}"


class ConsolidatedValue(models.Model):
    """One cell of a snapshot: the month's total, and of a flow what came before it since 1 July."""

    consolidation = models.ForeignKey(
        Consolidation, models.CASCADE, verbose_name=_("consolidated return"), related_name="values"
    )
    cell = models.CharField(_("cell"), max_length=30)
    amount = models.BigIntegerField(_("amount"))
    before = models.BigIntegerField(_("up to last month"), null=True, blank=True)

    class Meta:
        verbose_name = _("value of a consolidated return")
        verbose_name_plural = _("values of consolidated returns")
        constraints = [models.UniqueConstraint(fields=["consolidation", "cell"], name="one_consolidated_value_a_cell")]

    def __str__(self) -> str:
        return f"{self.consolidation} {self.cell}"


class ConsolidatedSource(models.Model):
    """A return version that a snapshot contains; ``below`` is the office right below through which it came, or the
    office itself for its own return."""

    consolidation = models.ForeignKey(
        Consolidation, models.CASCADE, verbose_name=_("consolidated return"), related_name="sources"
    )
    version = models.ForeignKey(
        ReturnVersion, models.PROTECT, verbose_name=_("version of a return"), related_name="consolidated_in"
    )
    below = models.ForeignKey(Office, models.PROTECT, verbose_name=_("came through"), related_name="+")

    class Meta:
        verbose_name = _("return in a consolidated return")
        verbose_name_plural = _("returns in consolidated returns")
        constraints = [
            models.UniqueConstraint(fields=["consolidation", "version"], name="a_version_once_in_a_consolidation")
        ]

    def __str__(self) -> str:
        return f"{self.consolidation}: {self.version}"
