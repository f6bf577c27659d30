"""``check_integrity --json``: totals against recomputation, versions of returns against one another, files against
their hashes."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from documents.files import DamagedFileError, read_file
from documents.models import StoredFile
from returns.integrity import CheckedTotal, check_totals, check_versions
from returns.models import ReturnVersion


class Command(BaseCommand):
    help = (
        "Recomputes every total, compares the versions of returns, hashes every stored file; fails if anything differs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="machine-readable, to standard output alone")

    def handle(self, *args: Any, **options: Any) -> None:
        content = {"totals": totals_json(), "versions": versions_json(), "files": files_json()}
        wrong = (content["totals"]["wrong"], content["versions"]["wrong"], content["files"]["damaged"])
        faults = sum(len(each) for each in wrong)
        if options["json"]:
            self.stdout.write(json.dumps(content | {"ok": not faults}, ensure_ascii=False, indent=2))
        else:
            for name, found in content.items():
                self.stdout.write(f"{name}: " + ", ".join(f"{key} {value}" for key, value in found.items()))
        if faults:
            raise CommandError(f"{faults} totals, versions or files are not what they should be")


def totals_json() -> dict[str, Any]:
    checked = list(check_totals())
    return {
        "checked": len(checked),
        "stale": [f"{one.office} {one.period}" for one in checked if one.is_stale],
        "wrong": [_wrong(one) for one in checked if one.wrong],
    }


def versions_json() -> dict[str, Any]:
    return {"checked": ReturnVersion.objects.count(), "wrong": [asdict(one) for one in check_versions()]}


def _wrong(one: CheckedTotal) -> dict[str, Any]:
    return {"office": one.office, "period": one.period, "cells": list(one.wrong)}


def files_json() -> dict[str, Any]:
    damaged = []
    files = StoredFile.objects.order_by("pk")
    for stored in files.iterator():
        try:
            read_file(stored)
        except DamagedFileError:
            damaged.append(stored.sha256)
    return {"checked": files.count(), "damaged": damaged}
