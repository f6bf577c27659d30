from __future__ import annotations

from datetime import date
from typing import Any

from audits.choices import AuditState, Charge
from audits.models import Audit
from audits.services import allot_audit, collect, complete_audit, plan_audits
from core.legal import load_legal_settings
from core.periods import FiscalYear
from offices.choices import Post
from offices.models import Office
from societies.models import Society
from tests.matrix import World, any_officer, by_right, in_scope, posts, register
from tests.matrix.societies import society_of

YEAR = FiscalYear(2026)
DAY = date(2026, 10, 20)


def audit_in(state: AuditState) -> Any:
    """A factory of an office's audit in a state."""

    def make(world: World, office: Office) -> dict[str, Any] | None:
        society = society_of(world, office)
        return {"pk": audit_of(world, society, state).pk} if society else None

    return make


def audit_of(world: World, society: Society, state: AuditState) -> Audit:
    load_legal_settings()
    by, office = world.head_of(society.office), society.office
    one = Society.objects.filter(pk=society.pk)
    plan_audits(office=office, audit_year=YEAR, societies=one, by=by, at=world.now)
    audit = Audit.objects.get(society=society)
    if state != AuditState.PLANNED:
        audit = allot_audit(audit=audit, auditor="মোঃ আলী", on=DAY, by=by, at=world.now)
    if state == AuditState.DONE:
        audit = complete_audit(audit=audit, on=DAY, net_profit=50_000_00, by=by, at=world.now)
    return audit


def collection(world: World, office: Office) -> dict[str, Any] | None:
    society = society_of(world, office)
    if society is None:
        return None
    audit = audit_of(world, society, AuditState.DONE)
    by = world.head_of(office)
    row = collect(audit=audit, kind=Charge.FEE, amount=100, on=DAY, challan="১", by=by, at=world.now)
    return {"pk": row.pk}


recorders = by_right("audits.record_audit")
correctors = by_right("audits.correct_audit")
any_recorder = posts(own=[Post.ASSISTANT_INSPECTOR, Post.UPAZILA_OFFICER, Post.DISTRICT_OFFICER])
register("audits:list", get=any_officer)
register("audits:plan", get=any_recorder)
register("audits:allot_many", get=any_recorder)
register("audits:detail", audit_in(AuditState.PLANNED), get=in_scope)
register("audits:collection", collection, get=in_scope)
register("audits:allot", audit_in(AuditState.PLANNED), get=recorders)
register("audits:finish", audit_in(AuditState.ALLOTTED), get=recorders)
register("audits:reopen", audit_in(AuditState.DONE), get=correctors)
register("audits:withdraw", collection, get=correctors)
register("audits:collect_fee", audit_in(AuditState.DONE), get=recorders)
register("audits:collect_fund", audit_in(AuditState.DONE), get=recorders)
