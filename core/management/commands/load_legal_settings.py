"""``load_legal_settings``: write the rates, fees and limits of law of the data file that are not there yet."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from core.legal import load_legal_settings


class Command(BaseCommand):
    help = "Write the rates, fees and limits of the data file; those already there stay as they are."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{load_legal_settings()} legal settings")
