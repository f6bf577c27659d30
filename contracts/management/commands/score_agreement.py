"""``score_agreement``: an agreement's score as the data stands now."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from contracts.management.finding import find_agreement
from contracts.scorecard import scorecard_json
from contracts.scoring import half_up
from contracts.summaries import scorecard_of
from core.clock import now


class Command(BaseCommand):
    help = "Score an agreement: score_agreement lalmonirhat 2023-24 [--json]"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("office")
        parser.add_argument("fiscal_year")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        card = scorecard_of(find_agreement(options["office"], options["fiscal_year"]), at=now())
        if options["json"]:
            self.stdout.write(json.dumps(scorecard_json(card), ensure_ascii=False))
            return
        for row in card.lines:
            self.stdout.write(f"{row.line.code:8} {half_up(row.score.raw):>7} {half_up(row.weighted):>6}")
        self.stdout.write(f"{half_up(card.composite)} / 100 {card.level.name}")
