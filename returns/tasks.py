"""Long work of this room: adding up a month."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.clock import now
from core.periods import Period
from jobs.registry import Progress, handler
from offices.models import Office
from returns.rollup import compute_total


@handler("returns.compute_total", label=_("Add up a month"))
def add_up(progress: Progress, *, office: str, period: str) -> dict[str, Any]:
    """Compute the total of an office (code) and period (key)."""
    with transaction.atomic():
        progress.confirm()
        total = compute_total(Office.objects.get(code=office), Period.parse(period), at=now())
    return {"url": f"/months/{office}/{period}/", "returns": total.basis_count}
