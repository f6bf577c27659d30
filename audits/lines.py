"""Rows of this register in words, for the pages that say where a figure comes from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from audits.models import Audit, Collection
from core.links import RowWords
from core.numbers import Unit
from core.templatetags.figures import amount, digits


def audit_lines(pks: Sequence[int]) -> dict[int, RowWords]:
    """Society, day and what was found and assessed."""
    rows = Audit.objects.filter(pk__in=pks).select_related("society")
    return {row.pk: RowWords(row.society.name, _audit_note(row)) for row in rows}


def collection_lines(pks: Sequence[int]) -> dict[int, RowWords]:
    """Society, amount, day and challan."""
    rows = Collection.objects.filter(pk__in=pks).select_related("audit__society")
    return {row.pk: RowWords(row.audit.society.name, _collection_note(row)) for row in rows}


def _audit_note(audit: Audit) -> str:
    if audit.completed_on is None:
        return str(audit.get_state_display())
    return _("%(date)s · net profit %(profit)s · fee %(fee)s · fund %(fund)s taka") % {
        "date": _day(audit.completed_on),
        "profit": _taka(audit.net_profit),
        "fee": _taka(audit.fee_assessed),
        "fund": _taka(audit.fund_assessed),
    }


def _collection_note(row: Collection) -> str:
    return _("%(amount)s taka · %(date)s · challan %(challan)s") % {
        "amount": _taka(row.amount),
        "date": _day(row.on),
        "challan": digits(row.challan),
    }


def _day(day: date) -> str:
    return digits(day.strftime("%d/%m/%Y"))


def _taka(poisha: int | None) -> str:
    return amount(poisha, Unit.TAKA)
