"""``import_returns PATH --period 2026-10 --as LOGIN …``: returns from workbooks or CSV, each office all or nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.clock import now
from core.errors import UserError
from offices.models import Officer
from returns.arguments import month_argument
from returns.importing import Order, check_order, files_at, import_files


class Command(BaseCommand):
    requires_system_checks: list[str] = []  # a second of each start; ``bin/portal`` has checked
    help = "Imports returns from a file or folder of XLSX, or CSV with the columns office,period,form,line,value."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="a file, or a folder with its folders")
        parser.add_argument("--period", required=True, help="month, for example 2026-10")
        parser.add_argument("--as", dest="login", required=True, help="log-in name of the officer who imports")
        parser.add_argument("--submit", action="store_true", help="submit each return after it is filled")
        parser.add_argument("--verify-as", dest="verifier", help="log-in name of another person who verifies on import")
        parser.add_argument("--dry-run", action="store_true", help="judge everything, keep nothing")
        parser.add_argument("--json", action="store_true", help="machine-readable, to standard output alone")

    def handle(self, *args: Any, **options: Any) -> None:
        order = Order(
            period=month_argument(options["period"]),
            by=_officer(options["login"]),
            at=now(),
            submit=options["submit"],
            verify_by=_officer(options["verifier"]) if options["verifier"] else None,
            dry_run=options["dry_run"],
        )
        if not options["path"].exists():
            raise CommandError(f"there is nothing at {options['path']}")
        try:
            check_order(order)
            paths = files_at(options["path"])
        except UserError as error:
            raise CommandError(str(error.message)) from error
        verdicts = []
        told = self.stderr if options["json"] else self.stdout
        for number, verdict in import_files(paths, order):
            verdicts.append(verdict)
            told.write(
                f"{number}/{len(paths)} {verdict.file} {verdict.office} {verdict.state} {verdict.message}".rstrip()
            )
            for one in verdict.refused:
                told.write(f"    {one['cell']} {one['place']} {one['value']}: {one['message']}")
        failed = sum(verdict.is_failed for verdict in verdicts)
        if options["json"]:
            self.stdout.write(json.dumps(_report(order, verdicts, failed), ensure_ascii=False, indent=2))
        else:
            self.stdout.write(f"{len(verdicts) - failed} imported, {failed} failed" + " (dry run)" * order.dry_run)
        if failed:
            raise CommandError(f"{failed} of {len(verdicts)} were not imported; the others are kept")


def _officer(login: str) -> Officer:
    officer = Officer.objects.filter(username=login.strip().lower(), is_active=True).first()
    if officer is None:
        raise CommandError(f"there is no active officer {login!r}")
    return officer


def _report(order: Order, verdicts: list[Any], failed: int) -> dict[str, Any]:
    return {
        "period": order.period.key,
        "as": order.by.username,
        "verify_as": order.verify_by.username if order.verify_by else None,
        "dry_run": order.dry_run,
        "imported": len(verdicts) - failed,
        "failed": failed,
        "offices": [verdict.as_json() for verdict in verdicts],
    }
