"""The yearly audits of societies, and what was collected after them."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audits.choices import AuditState, Charge
from audits.querysets import AuditQuerySet
from core.fields import FiscalYearField
from core.periods import is_after_month_of
from offices.models import Office
from societies.models import Society


class Audit(models.Model):
    """The audit of one society in one audit year, of the accounts of the year before (নিরীক্ষা; Act, section 43).

    Money in poisha; ``net_profit`` is negative for a loss. ``fee_proposed`` and ``fund_proposed`` keep what the rules
    of that day gave; an assessment that differs says why.
    """

    society = models.ForeignKey(Society, models.PROTECT, verbose_name=_("society"), related_name="audits")
    office = models.ForeignKey(Office, models.PROTECT, verbose_name=_("office"), related_name="audits")
    accounts_year = FiscalYearField(_("accounts year"))
    audit_year = FiscalYearField(_("audit year"))
    state = models.CharField(_("state"), max_length=10, choices=AuditState, default=AuditState.PLANNED)
    planned_on = models.DateField(_("planned on"))
    auditor = models.CharField(_("auditor"), max_length=120, blank=True)
    allotted_on = models.DateField(_("allotted on"), null=True, blank=True)
    completed_on = models.DateField(_("completed on"), null=True, blank=True)
    net_profit = models.BigIntegerField(_("net profit"), null=True, blank=True)
    fee_proposed = models.BigIntegerField(_("proposed audit fee"), null=True, blank=True)
    fund_proposed = models.BigIntegerField(_("proposed development fund"), null=True, blank=True)
    fee_assessed = models.BigIntegerField(_("audit fee assessed"), null=True, blank=True)
    fund_assessed = models.BigIntegerField(_("development fund assessed"), null=True, blank=True)
    reason = models.TextField(_("reason for another assessment"), max_length=1000, blank=True)
    completed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("recorded by"), null=True, blank=True, related_name="+"
    )
    completed_at = models.DateTimeField(_("recorded at"), null=True, blank=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit")
        verbose_name_plural = _("audits")
        ordering = ["-audit_year", "society__sort_key", "pk"]
        indexes = [
            models.Index(fields=["office", "completed_on"]),
            models.Index(fields=["office", "audit_year", "state"]),
        ]
        constraints = [
            models.UniqueConstraint(fields=["society", "audit_year"], name="one_audit_a_society_and_year"),
            models.CheckConstraint(
                condition=Q(state=AuditState.DONE, completed_on__isnull=False, net_profit__isnull=False)
                & Q(fee_assessed__gte=0, fund_assessed__gte=0)
                | ~Q(state=AuditState.DONE)
                & Q(completed_on__isnull=True, net_profit__isnull=True)
                & Q(fee_assessed__isnull=True, fund_assessed__isnull=True),
                name="only_a_done_audit_has_results",
            ),
            models.CheckConstraint(
                condition=Q(state=AuditState.PLANNED) | (Q(allotted_on__isnull=False) & ~Q(auditor="")),
                name="an_allotted_audit_has_an_auditor",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.society} · {self.audit_year}"

    @property
    def is_done(self) -> bool:
        return self.state == AuditState.DONE

    def is_overdue(self, on: date) -> bool:
        """Not done though its audit year is over."""
        return not self.is_done and on > self.audit_year.last_day

    @property
    def is_late(self) -> bool:
        """Recorded in a later month than the one it counts in."""
        if self.completed_at is None or self.completed_on is None:
            return False
        return is_after_month_of(self.completed_at, self.completed_on)


class Collection(models.Model):
    """Money collected by a treasury challan for one charge of one audit, in poisha (আদায়)."""

    audit = models.ForeignKey(Audit, models.PROTECT, verbose_name=_("audit"), related_name="collections")
    office = models.ForeignKey(Office, models.PROTECT, verbose_name=_("office"), related_name="+")
    kind = models.CharField(_("charge"), max_length=4, choices=Charge)
    amount = models.BigIntegerField(_("amount"))
    on = models.DateField(_("date"))
    challan = models.CharField(_("challan number"), max_length=60)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("recorded by"), related_name="+")
    at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("collection")
        verbose_name_plural = _("collections")
        ordering = ["on", "pk"]
        indexes = [models.Index(fields=["office", "on"])]
        constraints = [
            models.UniqueConstraint(fields=["audit", "kind", "challan"], name="one_collection_a_challan"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_collection_is_more_than_nothing"),
        ]

    def __str__(self) -> str:
        return f"{self.audit} · {self.get_kind_display()}"

    @property
    def is_late(self) -> bool:
        """Recorded in a later month than the one it counts in."""
        return is_after_month_of(self.at, self.on)
