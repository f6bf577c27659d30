"""Enters the demonstration's returns as officers would: draft, figures, remarks, submission, verdict."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from demo.filing import REMARK
from demo.plan import MonthPlan
from demo.registers import instant
from offices.models import Office, Officer
from returns.models import Return
from returns.published import catalogue_of
from returns.rules import Finding
from returns.services import (
    CellChange,
    SubmissionRefusedError,
    confirm_proposals,
    fill_zeros,
    open_return,
    save_cells,
    submit_return,
    verify_return,
    write_remark,
)
from returns.sources import proposals_for


@dataclass(frozen=True)
class Desk:
    """The officers through whose hands an upazila's return goes."""

    office: Office
    clerk: Officer
    head: Officer
    superior: Officer


def open_month(desk: Desk, plan: MonthPlan) -> Return:
    """The untouched draft of a month."""
    day = plan.period.next().first
    return open_return(desk.office, plan.period, by=desk.clerk, at=instant(day, 9))


def submit_month(desk: Desk, plan: MonthPlan, ret: Return, *, days_after: int) -> None:
    """Fill the draft from plan and registers, say something to each warning, submit."""
    day = plan.period.last + timedelta(days=days_after)
    at = instant(day, 10)
    confirm_proposals(ret, by=desk.clerk, at=at)
    changes = [CellChange(cell, amount, 0) for cell, amount in (plan.typed | _taxes(desk, plan, ret)).items()]
    save_cells(ret, changes, key=f"demo:{ret.pk}", by=desk.clerk, at=at)
    fill_zeros(ret, by=desk.clerk, at=at)
    try:
        submit_return(ret, by=desk.head, at=instant(day, 12))
    except SubmissionRefusedError as refused:
        for finding in refused.findings:
            _answer(finding, ret, desk, plan)
        submit_return(ret, by=desk.head, at=instant(day, 12))


def verify_month(desk: Desk, plan: MonthPlan, ret: Return, *, days_after: int) -> None:
    day = plan.period.last + timedelta(days=days_after)
    verify_return(ret, by=desk.superior, at=instant(day, 15))


def _taxes(desk: Desk, plan: MonthPlan, ret: Return) -> dict[str, int]:
    """Value added tax on the audit fee, as the registers' figures have it; upper offices keep none."""
    if not desk.office.is_leaf:
        return {}
    figures = proposals_for(catalogue_of(ret.form).cells, desk.office, plan.period)
    return {"E05": figures["E02"].amount * 15 // 100, "E06": figures["E03"].amount * 15 // 100}


def _answer(finding: Finding, ret: Return, desk: Desk, plan: MonthPlan) -> None:
    if finding.is_block:
        raise AssertionError(f"the plan of {desk.office.code} {plan.period} breaks {finding}")
    at = instant(plan.period.last, 9)
    write_remark(ret, rule=finding.rule, cell=finding.cell, text=REMARK, by=desk.clerk, at=at)
