"""``close_period OFFICE PERIOD [--json]``: totals and papers of an office and all below, and who is missing."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.clock import now, today
from core.errors import UserError
from core.periods import Period
from returns.arguments import add_office_and_month, month_argument, office_argument
from returns.closing import Closing, close_month
from returns.management.commands.show_totals import completeness_json


class Command(BaseCommand):
    help = "Adds up and prints a month of an office and all below it, waits, and names what is missing."

    def add_arguments(self, parser: CommandParser) -> None:
        add_office_and_month(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        office, period = office_argument(options["office"]), month_argument(options["period"])
        if period > Period.of(today()):
            raise CommandError(f"{period.key} has not begun yet")
        try:
            closing = close_month(office, period, at=now())
        except UserError as error:
            raise CommandError(str(error.message)) from error
        content = closing_json(closing)
        if options["json"]:
            self.stdout.write(json.dumps(content, ensure_ascii=False, indent=2))
        else:
            self._tell(content)
        if closing.failed or closing.refused:
            raise CommandError(f"{len(closing.failed) + len(closing.refused)} of the totals and papers were not made")

    def _tell(self, content: dict[str, Any]) -> None:
        self.stdout.write(f"{content['office']} {content['period']}: {content['totals']} totals")
        for document in content["documents"]:
            self.stdout.write(f"{document['code']}  {document['kind']}  {document['subject']}")
        for name in ("failed", "refused"):
            for line in content[name]:
                self.stdout.write(f"{name}: {line}")
        completeness = content["completeness"]
        self.stdout.write(" ".join(f"{key}={value}" for key, value in completeness.items() if key != "missing"))
        self.stdout.write("missing: " + (", ".join(completeness["missing"]) or "none"))


def closing_json(closing: Closing) -> dict[str, Any]:
    """What was made, what was not, and who is missing."""
    return {
        "office": closing.office.code,
        "period": closing.period.key,
        "totals": closing.totals,
        "documents": [
            {"code": document.code, "kind": document.kind, "subject": document.subject}
            for document in closing.documents
        ],
        "failed": [f"{job.kind} {job.key}: {job.message}" for job in closing.failed],
        "refused": [f"{office.code}: {message}" for office, message in closing.refused],
        "completeness": completeness_json(closing.completeness),
    }
