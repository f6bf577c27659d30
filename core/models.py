"""Rows that every room shares: who did what, and the dated settings of law."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Activity(models.Model):
    """One act on one row, written in the transaction of the act and never changed (কার্যবিবরণ).

    Office path and post stand as text: the row says what was true then, and this room knows no offices.
    """

    at = models.DateTimeField(_("at"), db_index=True)
    actor = models.CharField(_("actor"), max_length=150)
    post = models.CharField(_("post"), max_length=40, blank=True)
    office_path = models.CharField(_("office path"), max_length=40, blank=True, db_index=True)
    verb = models.CharField(_("verb"), max_length=60)
    subject = models.CharField(_("subject"), max_length=120, db_index=True)
    before = models.JSONField(_("before"), default=dict)
    after = models.JSONField(_("after"), default=dict)

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"


class LegalSetting(models.Model):
    """A rate, fee, limit or deadline of law, valid from a day until the next row of its key (বিধিগত মান)."""

    key = models.CharField(_("key"), max_length=60)
    value = models.BigIntegerField(_("value"), help_text=_("Money in poisha, per cents in hundredths."))
    unit = models.CharField(_("unit"), max_length=20)
    legal_ref = models.CharField(_("legal reference"), max_length=200)
    valid_from = models.DateField(_("valid from"))
    is_verified = models.BooleanField(_("verified"), default=False)

    class Meta:
        verbose_name = _("legal setting")
        verbose_name_plural = _("legal settings")
        ordering = ["key", "valid_from"]
        constraints = [models.UniqueConstraint(fields=["key", "valid_from"], name="one_legal_setting_a_day")]

    def __str__(self) -> str:
        return f"{self.key} {self.valid_from}"
