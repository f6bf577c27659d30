"""Audits that tests start from, made through the services."""

from __future__ import annotations

from datetime import date
from typing import Any

from audits.choices import AuditState
from audits.models import Audit
from audits.services import allot_audit, complete_audit, plan_audits
from core.legal import load_legal_settings
from core.periods import FiscalYear
from offices.models import Office
from societies.models import Society
from tests.societies.factories_societies import at, keeper_of, make_society

YEAR = FiscalYear(2023)


def make_audit(
    office: Office,
    state: AuditState = AuditState.PLANNED,
    *,
    society: Society | None = None,
    on: date = date(2023, 9, 20),
    net_profit: int = 100_000_00,
    year: FiscalYear = YEAR,
    **assessed: Any,
) -> Audit:
    """An audit of 2023-24 in a state; done with a profit of one lakh taka on ``on``."""
    load_legal_settings()
    society = society or make_society(office)
    by = keeper_of(office)
    planned = year.first_day
    rows = Society.objects.filter(pk=society.pk)
    plan_audits(office=office, audit_year=year, societies=rows, by=by, at=at(planned))
    audit = Audit.objects.get(society=society, audit_year=year)
    if state != AuditState.PLANNED:
        audit = allot_audit(audit=audit, auditor="মোঃ আলী", on=planned, by=by, at=at(planned))
    if state == AuditState.DONE:
        audit = complete_audit(audit=audit, on=on, net_profit=net_profit, by=by, at=at(on), **assessed)
    return audit
