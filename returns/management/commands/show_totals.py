"""``show_totals OFFICE PERIOD --json``: an office's total of a month over the returns verified now."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.clock import now
from core.errors import UserError
from core.numbers import plain_amount
from core.periods import DHAKA
from returns.arguments import add_office_and_month, day_argument, month_argument, office_argument
from returns.completeness import Completeness
from returns.known import end_of, month_as_known
from returns.months import Month, month_of


class Command(BaseCommand):
    requires_system_checks: list[str] = []  # a second of each start; ``bin/portal`` has checked
    help = "An office's total of a month over the verified returns at and below it, with its completeness."

    def add_arguments(self, parser: CommandParser) -> None:
        add_office_and_month(parser)
        parser.add_argument("--as-of", dest="as_of", help="as known at the end of a day, for example 2026-01-15")

    def handle(self, *args: Any, **options: Any) -> None:
        office, period = office_argument(options["office"]), month_argument(options["period"])
        try:
            day = day_argument(options["as_of"]) if options["as_of"] else None
            month = month_as_known(office, period, at=end_of(day)) if day else month_of(office, period, at=now())
        except UserError as error:
            raise CommandError(str(error.message)) from error
        content = totals_json(month)
        if options["json"]:
            self.stdout.write(json.dumps(content, ensure_ascii=False, indent=2))
            return
        self.stdout.write(f"{content['office']} {content['period']} {content['form']} as of {content['as_of'] or '-'}")
        for cell, amount in content["lines"].items():
            self.stdout.write(f"{cell:16}{amount if amount is not None else '-':>20}")
        self.stdout.write(" ".join(f"{key}={value}" for key, value in content["completeness"].items()))


def totals_json(month: Month) -> dict[str, Any]:
    """The month as the contract of the command has it: numbers as text, money in taka with two decimals."""
    return {
        "office": month.office.code,
        "period": month.period.key,
        "form": str(month.form),
        "as_of": month.data_at.astimezone(DHAKA).isoformat() if month.data_at else None,
        "lines": {
            cell.key: plain_amount(month.amounts.get(cell.key), cell.line.unit) for cell in month.catalogue.cells
        },
        "completeness": completeness_json(month.completeness),
    }


def completeness_json(completeness: Completeness) -> dict[str, Any]:
    return {
        "due": completeness.due,
        "in": completeness.received,
        "verified": completeness.verified,
        "late": completeness.late,
        "missing": [one.office.code for one in completeness.missing],
    }
