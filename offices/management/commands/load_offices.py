"""``load_offices``: add the offices of the data file that are not there yet."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from offices.tree import load_offices


class Command(BaseCommand):
    help = "Add the offices of the data file that are not there yet."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{load_offices()} offices added")
