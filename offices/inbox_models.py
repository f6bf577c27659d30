"""The portal's inbox: what an officer is told once, and whether it also left as e-mail."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.language import in_reader_language


class Notice(models.Model):
    """One message to one officer (বার্তা). ``key`` names its occasion, so that nobody is told of one twice.

    ``address`` is the page it leads to. ``emailed_at`` is set before an e-mail leaves: one that a broken line swallowed
    stands in the inbox all the same, one sent twice cannot be taken back.
    """

    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("officer"), related_name="notices", db_index=False
    )
    key = models.CharField(_("key"), max_length=100)
    text_bn = models.TextField(_("text in Bangla"))
    text_en = models.TextField(_("text in English"))
    address = models.CharField(_("address"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created at"))
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    emailed_at = models.DateTimeField(_("sent by e-mail at"), null=True, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["officer", "key"], name="one_notice_an_occasion")]

    def __str__(self) -> str:
        return f"{self.officer}: {self.key}"

    @property
    def text(self) -> str:
        """In the reader's language."""
        return in_reader_language(self.text_bn, self.text_en)
