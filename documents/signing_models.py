"""Officers' signing keys, and the record of what was sealed and signed with which."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from documents.choices import SEAL_FIELD
from offices.models import Posting


class OfficerKey(models.Model):
    """A key with which an officer signs in one posting (স্বাক্ষর-চাবি). The private half lies in a closed box.

    ``box`` opens with the officer's passphrase and the server secret together (`documents.keybox`); ``failed`` counts
    wrong tries since the last right one. A revoked key stays, with the instant: what it signed before still stands.
    """

    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("officer"), related_name="signing_keys"
    )
    posting = models.ForeignKey(Posting, models.PROTECT, verbose_name=_("posting"), related_name="signing_keys")
    name = models.UUIDField(_("name"), unique=True)
    serial = models.CharField(_("serial number"), max_length=40, unique=True)
    certificate = models.TextField(_("certificate"))
    box = models.JSONField(_("closed private key"))
    issued_at = models.DateTimeField(_("issued at"))
    expires_at = models.DateTimeField(_("expires at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revoked_reason = models.CharField(_("reason"), max_length=200, blank=True)
    failed = models.PositiveSmallIntegerField(_("wrong tries"), default=0)
    locked_until = models.DateTimeField(_("locked until"), null=True, blank=True)

    class Meta:
        verbose_name = _("signing key")
        verbose_name_plural = _("signing keys")
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["posting"], condition=Q(revoked_at__isnull=True), name="one_key_in_force_a_posting"
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=models.F("issued_at")), name="a_key_expires_after_issue"),
        ]

    def __str__(self) -> str:
        return f"{self.officer}, {self.posting}"

    def is_in_force(self, at: datetime) -> bool:
        """Whether it may sign at an instant."""
        return self.issued_at <= at < self.expires_at and (self.revoked_at is None or at < self.revoked_at)


class SignatureRecord(models.Model):
    """One seal or signature on a document (স্বাক্ষরের নথি): who, in which post, when, and the file as it then was."""

    document = models.ForeignKey(
        "documents.Document", models.PROTECT, verbose_name=_("document"), related_name="signatures"
    )
    field = models.CharField(_("field"), max_length=40)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("officer"), null=True, blank=True, related_name="+"
    )
    posting = models.ForeignKey(
        Posting, models.PROTECT, verbose_name=_("posting"), null=True, blank=True, related_name="+"
    )
    key = models.ForeignKey(
        OfficerKey, models.PROTECT, verbose_name=_("signing key"), null=True, blank=True, related_name="signatures"
    )
    step = models.BigIntegerField(_("step of the second factor"), null=True, blank=True, editable=False)
    at = models.DateTimeField(_("at"))
    file = models.ForeignKey("documents.StoredFile", models.PROTECT, verbose_name=_("file"), related_name="+")

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["document", "field"], name="one_signature_a_field"),
            # A code of the second factor makes one signature, never two.
            models.UniqueConstraint(fields=["officer", "step"], name="one_signature_a_code"),
            models.CheckConstraint(
                condition=Q(field=SEAL_FIELD, officer__isnull=True, key__isnull=True)
                | Q(officer__isnull=False, posting__isnull=False, key__isnull=False, step__isnull=False)
                & ~Q(field=SEAL_FIELD),
                name="only_the_seal_has_no_officer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.officer or _('the portal')}"
