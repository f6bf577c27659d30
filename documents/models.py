"""Files kept by the hash of their content, and the documents that the portal issues."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.language import in_reader_language
from documents.choices import DocumentState
from documents.codes import group_code
from documents.querysets import DocumentQuerySet
from documents.registry import label_of
from jobs.models import Job
from offices.models import Office


def _language() -> str:
    return in_reader_language("bn", "en")


class StoredFile(models.Model):
    """A file whose bytes never change (ফাইল): its SHA-256 is its identity and its path in the store."""

    sha256 = models.CharField(_("SHA-256"), max_length=64, unique=True)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    media_type = models.CharField(_("media type"), max_length=100)
    created_at = models.DateTimeField(_("stored at"))

    class Meta:
        verbose_name = _("stored file")
        verbose_name_plural = _("stored files")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.sha256[:12]

    @property
    def path(self) -> str:
        """Where the bytes lie under the default storage."""
        return f"documents/{self.sha256[:2]}/{self.sha256[2:]}"


class Document(models.Model):
    """A paper the portal issues (দলিল). What is printed on it stands in opaque keys set by the room that asks.

    ``subject`` is what it is about; the newest row of a kind and subject is current, and each supersedes the one
    before. ``data_hash`` stands for everything on its pages: the same hash is never rendered twice. ``data_at`` is the
    newest of its sources. ``facts`` is what a stranger may read behind the QR code. ``boxes`` says where the
    layout left room for signatures and stamps (`documents.engine.Box` by element id).
    """

    code = models.CharField(_("code"), max_length=16, unique=True)
    kind = models.CharField(_("kind"), max_length=60)
    subject = models.CharField(_("subject"), max_length=200)
    arguments = models.JSONField(_("arguments"), default=dict)
    title_bn = models.CharField(_("title in Bangla"), max_length=300)
    title_en = models.CharField(_("title in English"), max_length=300)
    office = models.ForeignKey(Office, models.PROTECT, verbose_name=_("office"), related_name="documents")
    office_path = models.CharField(_("office path"), max_length=40, db_index=True)
    sources = models.JSONField(_("sources"), default=list)
    facts = models.JSONField(_("facts"), default=list)
    data_hash = models.CharField(_("hash of the data"), max_length=64)
    data_at = models.DateTimeField(_("newest source"))
    is_demo = models.BooleanField(_("demonstration data"), default=False)
    state = models.CharField(_("state"), max_length=8, choices=DocumentState, default=DocumentState.MAKING)
    error = models.TextField(_("error"), blank=True)
    file = models.ForeignKey(
        StoredFile, models.PROTECT, verbose_name=_("file"), null=True, blank=True, related_name="documents"
    )
    pages = models.PositiveIntegerField(_("pages"), null=True, blank=True)
    boxes = models.JSONField(_("places in the layout"), default=dict)
    job = models.ForeignKey(Job, models.SET_NULL, verbose_name=_("job"), null=True, blank=True, related_name="+")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("requested by"),
        null=True,
        blank=True,
        related_name="+",
    )
    created_at = models.DateTimeField(_("requested at"))
    ready_at = models.DateTimeField(_("ready at"), null=True, blank=True)
    supersedes = models.OneToOneField(
        "self", models.PROTECT, verbose_name=_("supersedes"), null=True, blank=True, related_name="superseded_by"
    )

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject", "data_hash"], name="one_document_a_data_hash"),
            models.UniqueConstraint(
                fields=["kind", "subject"], condition=Q(supersedes__isnull=True), name="one_first_version_a_subject"
            ),
            models.CheckConstraint(
                condition=~Q(state=DocumentState.READY) | Q(file__isnull=False), name="a_ready_document_has_a_file"
            ),
        ]
        indexes = [models.Index(fields=["office_path", "-created_at"])]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return in_reader_language(self.title_bn, self.title_en)

    @property
    def printed_code(self) -> str:
        """The code in fours, as it stands on the pages."""
        return group_code(self.code)

    @property
    def file_name(self) -> str:
        """What the reader's machine calls the file: kind, office and the first half of the code, in ASCII."""
        return f"{self.kind.replace('.', '-')}_{self.office.code}_{self.code[:8]}.pdf"

    @property
    def kind_label(self) -> str:
        """What people call this kind of paper, in the reader's language."""
        return label_of(self.kind)

    @property
    def shown_facts(self) -> list[tuple[str, str]]:
        """Label and value of each fact, in the reader's language."""
        language = _language()
        return [(f[f"label_{language}"], f[f"value_{language}"]) for f in self.facts]

    @property
    def shown_sources(self) -> list[dict[str, Any]]:
        """Its sources: label in the reader's language, version, instant."""
        language = _language()
        return [
            {
                "label": source.get(f"label_{language}") or source["key"],
                "version": source["version"],
                "is_number": str(source["version"]).isdecimal(),
                "at": datetime.fromisoformat(source["at"]),
            }
            for source in self.sources
        ]

    @property
    def is_making(self) -> bool:
        return self.state == DocumentState.MAKING

    @property
    def is_ready(self) -> bool:
        return self.state == DocumentState.READY


import documents.bundle_models  # noqa: E402 (its rows point back to those above)
import documents.signing_models  # noqa: E402, F401
