"""Reading the lines of an agreement."""

from __future__ import annotations

from contracts.models import Agreement, AgreementLine


def lines_of(agreement: Agreement) -> list[AgreementLine]:
    """The lines in printing order, with what was typed for them: one query."""
    return list(agreement.lines.select_related("achievement__written_by").order_by("position"))
