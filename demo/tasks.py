"""Long work of the demonstration that runs behind the served portal."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.clock import now
from core.periods import Period
from demo.above import file_division
from demo.country import fill_division
from demo.papers import print_papers
from demo.people import DIVISION
from demo.rest import ask_to_close
from jobs.registry import Progress, handler
from offices.models import Office
from returns.closing import close_month


@handler("demo.conclude_agreements", label=_("Conclude the demonstration's agreements"))
def conclude(progress: Progress, *, until: str) -> dict[str, Any]:
    """Import, sign, clone and score; safe to run twice."""
    from demo.agreements import conclude_agreements  # brings engine and signer, half of the start of every command

    return conclude_agreements(Period.parse(until))


@handler("demo.print_papers", label=_("Print the demonstration's papers"))
def print_all(progress: Progress, *, until: str) -> dict[str, Any]:
    """Ask for a return and the district's month as PDF; unchanged ones are not rendered again."""
    return print_papers(Period.parse(until))


@handler("demo.fill_division", label=_("Fill a division of the demonstration"))
def fill(progress: Progress, *, division: str, until: str) -> dict[str, Any]:
    """Every district of a division up to a month; then the first district's division reports and is closed. Safe to
    run twice."""
    office, period = Office.objects.get(code=division), Period.parse(until)
    written = fill_division(office, period, tell=progress.step)
    if division == DIVISION:
        file_division(period)
        ask_to_close(office, period)
    return {"values": written, "url": reverse("returns:month", args=[division, period])}


@handler("demo.close_division", label=_("Close the month of a division"))
def close(progress: Progress, *, division: str, until: str) -> dict[str, Any]:
    """Totals and papers of a division's month; papers that stand are not rendered again."""
    office, period = Office.objects.get(code=division), Period.parse(until)
    closing = close_month(office, period, at=now(), tell=progress.step)
    return {"documents": len(closing.documents), "url": reverse("returns:month", args=[division, period])}
