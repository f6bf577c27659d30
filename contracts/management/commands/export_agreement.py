"""``export_agreement``: the PDF of an agreement, with the signatures it bears."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from contracts.management.finding import find_agreement
from contracts.models import Agreement
from contracts.papers import KIND
from core.clock import now
from documents.files import read_file
from documents.models import Document
from documents.services import request_document
from jobs.services import finish_jobs


class Command(BaseCommand):
    help = "Write an agreement's PDF: export_agreement lalmonirhat 2023-24 --out F.pdf"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("office")
        parser.add_argument("fiscal_year")
        parser.add_argument("--out", type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        document = ready_document(find_agreement(options["office"], options["fiscal_year"]))
        path: Path = options["out"]
        if document.file is None:
            raise CommandError(_("The document could not be made: %(error)s") % {"error": document.error})
        try:
            path.write_bytes(read_file(document.file))
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        self.stdout.write(f"{path} {document.printed_code}")


def ready_document(agreement: Agreement) -> Document:
    """The document being signed or signed, else the agreement's paper as it stands, made now if need be."""
    document = agreement.document if agreement.lower_signed_at else None
    if document is None:
        document = request_document(kind=KIND, arguments={"agreement": agreement.pk}, by=None, at=now())
    if document.job_id and not document.is_ready:
        finish_jobs([document.job_id])
    return Document.objects.select_related("file").get(pk=document.pk)
