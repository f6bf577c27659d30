"""The last day of a month's returns where it is not the form's own."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.fields import PeriodField
from offices.choices import OfficeKind
from offices.models import Office


class Deadline(models.Model):
    """The last day set for every office of a level in a period (``kind``), or granted to one office (``office``).

    A grant goes before the level's day, and that before the form's (সময়সীমা, বর্ধিত সময়).
    """

    period = PeriodField(_("period"))
    kind = models.CharField(_("level"), max_length=12, choices=OfficeKind, blank=True)
    office = models.ForeignKey(
        Office, models.PROTECT, verbose_name=_("office"), null=True, blank=True, related_name="deadlines"
    )
    last_day = models.DateField(_("last day"))
    reason = models.TextField(_("reason"), max_length=1000)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("set by"), related_name="+")
    set_at = models.DateTimeField(_("set at"))

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        ordering = ["-period", "kind", "office"]
        constraints = [
            models.CheckConstraint(
                condition=Q(office__isnull=True) & ~Q(kind="") | Q(office__isnull=False, kind=""),
                name="a_deadline_is_of_a_level_or_an_office",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_deadline_says_why"),
            models.UniqueConstraint(
                fields=["period", "kind"], condition=Q(office__isnull=True), name="one_deadline_a_level"
            ),
            models.UniqueConstraint(
                fields=["period", "office"], condition=Q(office__isnull=False), name="one_grant_an_office"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} {self.office or self.kind}: {self.last_day}"
