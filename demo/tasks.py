"""Long work of the demonstration that runs behind the served portal."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.periods import Period
from demo.agreements import conclude_agreements
from demo.papers import print_papers
from jobs.registry import Progress, handler


@handler("demo.conclude_agreements", label=_("Conclude the demonstration's agreements"))
def conclude(progress: Progress, *, until: str) -> dict[str, Any]:
    """Import, sign, clone and score; safe to run twice."""
    return conclude_agreements(Period.parse(until))


@handler("demo.print_papers", label=_("Print the demonstration's papers"))
def print_all(progress: Progress, *, until: str) -> dict[str, Any]:
    """Ask for a return and the district's month as PDF; unchanged ones are not rendered again."""
    return print_papers(Period.parse(until))
