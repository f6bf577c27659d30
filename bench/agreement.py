"""How long the PDF of a whole agreement takes: cover, sections 1 to 3 with 39 indicators, signature page, data."""

from __future__ import annotations

import statistics
import time
from typing import Any

from contracts.models import Agreement
from contracts.papers import agreement_paper
from documents.codes import new_code
from documents.engine import render_paper

ROUNDS = 5


def run() -> dict[str, Any]:
    """Median milliseconds, warm, of the newest agreement in the database; empty where there is none."""
    agreement = Agreement.objects.order_by("-pk").first()
    if agreement is None:
        return {}
    paper, code = agreement_paper(agreement=agreement.pk), new_code()
    pages = render_paper(paper, code=code).pages
    rounds = []
    for _round in range(ROUNDS):
        begun = time.perf_counter()
        render_paper(agreement_paper(agreement=agreement.pk), code=code)
        rounds.append((time.perf_counter() - begun) * 1000)
    return {"PDF of an agreement, ms (goal 6000)": round(statistics.median(rounds)), "pages": pages}
