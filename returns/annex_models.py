"""The register rows behind a submitted version, as they were said then: what its annexes list."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _


class AnnexRows(models.Model):
    """The rows behind the annexes of a version, kept at submission (পরিশিষ্টের সারি).

    ``rows`` holds by model label (``audits.audit``) each row's content, by key. A register may be mended afterwards;
    what stood behind the submitted figure stays. A version without such rows has none of this.
    """

    version = models.OneToOneField(
        "returns.ReturnVersion", models.CASCADE, verbose_name=_("version"), related_name="annex_rows"
    )
    rows = models.JSONField(_("register rows"), encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = _("rows behind the annexes of a version")
        verbose_name_plural = _("rows behind the annexes of versions")

    def __str__(self) -> str:
        return str(self.version)
