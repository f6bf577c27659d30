"""Verify a PDF: ``verify_document F.pdf [--ca FILE] [--json]``; exit status 0 only when it is valid."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import translation

from documents.authority import ca_path, trusted_pem
from documents.known import with_records
from documents.verdicts import Verdict
from documents.verification import MOST_BYTES, verify_pdf


class Command(BaseCommand):
    help = "Say whether a PDF is as the portal and its officers signed it."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("pdf", type=Path, help="the file")
        parser.add_argument("--ca", type=Path, help="the root's certificate (PEM); then no database is asked")
        parser.add_argument("--json", action="store_true", help="print the verdict as JSON")
        parser.add_argument("--language", choices=["bn", "en"], default="en", help="of the names and the reason")

    def handle(self, *args: Any, **options: Any) -> None:
        data = _read(options["pdf"], most=MOST_BYTES + 1)
        with translation.override(options["language"]):
            verdict = _judge(data, options["ca"])
            text = json.dumps(verdict.as_json(), ensure_ascii=False, indent=2) if options["json"] else _said(verdict)
        self.stdout.write(text)
        if not verdict.is_valid:
            raise SystemExit(1)


def _read(path: Path, *, most: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(most)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error


def _judge(data: bytes, ca: Path | None) -> Verdict:
    if ca is None:
        if not ca_path().exists():  # An authority made now would call every genuine paper an imitation.
            raise CommandError(f"{ca_path()}: this instance has no authority yet; name a certificate with --ca")
        verdict = verify_pdf(data, ca_pem=trusted_pem())
        try:
            return with_records(verdict)
        except DatabaseError:  # Without its records the portal still knows its own signatures.
            return verdict
    try:
        return verify_pdf(data, ca_pem=_read(ca, most=1_000_000))
    except ValueError as error:
        raise CommandError(f"{ca}: holds no certificate") from error


def _said(verdict: Verdict) -> str:
    lines = [f"{verdict.verdict}: {verdict.reason}"]
    lines += [f"  {s.at or '-'}  {s.name}, {s.post}, {s.office} [{s.trust}]" for s in verdict.signers]
    if verdict.document.superseded_by:
        lines.append(f"  superseded by {verdict.document.superseded_by}")
    return "\n".join(lines)
