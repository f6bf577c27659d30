"""``demo_code``: what the telephone of one of the demonstration's people would show now."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.clock import now
from demo.accounts import read_secrets
from documents.second_factor import code_of_step, step_of


class Command(BaseCommand):
    help = "Print the six digits of a person's second factor; they hold for half a minute and sign once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("login", help="such as do.lalmonirhat")

    def handle(self, *args: Any, **options: Any) -> None:
        secret = read_secrets()["totp"].get(options["login"])
        if secret is None:
            raise CommandError(f"{options['login']} has no second factor in this demonstration")
        self.stdout.write(code_of_step(secret, step_of(now())))
