"""``score_line``: the scoring calculator."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from contracts.scoring import Between, Blanks, Direction, Policy, ScaleError, half_up, score
from contracts.values import BadValueError, ValueType, read_value
from contracts.wording import formula, how_json, sentence


class Command(BaseCommand):
    help = "Score one achievement on a scale of five targets: --targets 566,509,453,396,340 --achieved 551 [--json]"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--targets", required=True, help="five values, best first; an empty item is a blank level")
        parser.add_argument("--achieved", required=True)
        parser.add_argument("--dates", action="store_true", help="the values are dates, dd-mm-yyyy")
        parser.add_argument("--policy", choices=[word.value for word in Between], default=Between.INTERPOLATE.value)
        parser.add_argument("--blanks", choices=[word.value for word in Blanks], default=Blanks.ZERO.value)
        parser.add_argument("--direction", choices=[word.value for word in Direction])
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        kind = ValueType.DATE if options["dates"] else ValueType.NUMBER
        targets = [_value(text, kind) for text in options["targets"].split(",")]
        policy = Policy(between=Between(options["policy"]), blanks=Blanks(options["blanks"]))
        if len(targets) != len(policy.levels):
            raise CommandError(_("Give five targets, best first, separated by commas; leave a blank level empty."))
        direction = Direction(options["direction"]) if options["direction"] else None
        achieved = _value(options["achieved"], kind)
        try:
            answer = score(targets, achieved, policy, is_date=options["dates"], direction=direction)
        except ScaleError as error:
            place = policy.levels[error.level] if error.level is not None else None
            raise CommandError(
                _("The target of the %(level)s per cent level breaks the scale: put the targets in order, best first.")
                % {"level": place}
                if place is not None
                else _("Give at least one target.")
            ) from error
        if options["json"]:
            self.stdout.write(
                json.dumps({"raw": half_up(answer.raw), "how": how_json(answer.how, kind)}, ensure_ascii=False)
            )
            return
        self.stdout.write(formula(answer.how, kind, bangla=False))
        self.stdout.write(sentence(answer.how, kind, bangla=False))


def _value(text: str, kind: ValueType) -> Fraction | None:
    try:
        return read_value(text, kind)
    except BadValueError as error:
        raise CommandError(_("“%(value)s” is no %(kind)s.") % {"value": text[:40], "kind": kind.label}) from error
