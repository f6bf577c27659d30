"""Every write to audits and collections."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from audits.choices import ALLOWED, AuditState, Charge
from audits.models import Audit, Collection
from audits.rules import TAKA, Assessment, Rates, assess
from core.activity import record_activity
from core.errors import UserError
from core.language import reader_wants_bangla
from core.legal import UnknownSettingError, legal_values
from core.numbers import Unit, format_amount
from core.periods import FiscalYear, dhaka_date
from core.text import clean_text
from offices.models import Office, Officer, Posting
from offices.rights import require_right
from societies.choices import Status
from societies.models import Society


def rates_of(tier: str, on: date) -> Rates:
    """The rates and the cap of a tier in force on a day; `UserError` for a day before the first rates known."""
    try:
        values = legal_values(on, "audit_fee_rate", f"audit_fee_cap_{tier}", "development_fund_rate")
    except UnknownSettingError as error:
        raise UserError(_("No rates of audit fee are known for that day. Correct the date."), cell="on") from error
    return Rates(*values)


def propose_assessment(audit: Audit, *, net_profit: int, on: date) -> Assessment:
    """What the rules of a day make of a net profit (poisha, negative for a loss)."""
    return assess(net_profit, rates_of(audit.society.tier, on))


def societies_to_audit(office: Office, audit_year: FiscalYear) -> QuerySet[Society]:
    """Societies of an office that were functional when the audit year began."""
    return Society.objects.filter(office=office).standing(
        Status.FUNCTIONAL, office=office, on=audit_year.shift(-1).last_day
    )


@transaction.atomic
def plan_audits(
    *,
    office: Office,
    audit_year: FiscalYear,
    by: Officer,
    at: datetime,
    societies: QuerySet[Society] | None = None,
) -> int:
    """Plan the year's audits of an office, by default of every society functional when the year began.

    Audits already planned stay. Returns how many were added.
    """
    posting = require_right(by, "audits.record_audit", office, on=dhaka_date(at))
    Office.objects.select_for_update().get(pk=office.pk)
    today = dhaka_date(at)
    if audit_year.first_day > today:
        raise UserError(_("The audit year has not begun yet."))
    rows = societies_to_audit(office, audit_year) if societies is None else societies.filter(office=office)
    rows = rows.exclude(audits__audit_year=audit_year).order_by("pk")
    audits = [
        Audit(
            society_id=pk,
            office=office,
            audit_year=audit_year,
            accounts_year=audit_year.shift(-1),
            planned_on=today,
        )
        for pk in rows.values_list("pk", flat=True)
    ]
    Audit.objects.bulk_create(audits)
    if audits:
        _record("audits.plan_audits", office, posting, by, at, {"audit_year": audit_year.key, "planned": len(audits)})
    return len(audits)


@transaction.atomic
def allot_audit(*, audit: Audit, auditor: str, on: date, by: Officer, at: datetime) -> Audit:
    """Name the auditor (section 43: an employee of the department or another authorised person)."""
    audit, posting = _locked(audit, by, at)
    _guard_state(audit, AuditState.ALLOTTED)
    auditor = clean_text(auditor)
    _guard_allotment(audit, auditor, on, at)
    audit.state, audit.auditor, audit.allotted_on = AuditState.ALLOTTED, auditor, on
    audit.save(update_fields=["state", "auditor", "allotted_on"])
    _record("audits.allot_audit", audit, posting, by, at, {"auditor": auditor, "on": str(on)})
    return audit


@transaction.atomic
def allot_audits(*, audits: QuerySet[Audit], auditor: str, on: date, by: Officer, at: datetime) -> int:
    """Name one auditor for many planned audits; those already allotted or done stay. Returns how many were allotted."""
    rows = list(
        audits.filter(state=AuditState.PLANNED).select_related("office").order_by("pk").select_for_update(of=("self",))
    )
    auditor = clean_text(auditor)
    by_office: dict[Office, list[int]] = {}
    for audit in rows:
        by_office.setdefault(audit.office, []).append(audit.pk)
        _guard_allotment(audit, auditor, on, at)
    for office, keys in by_office.items():
        posting = require_right(by, "audits.record_audit", office, on=dhaka_date(at))
        after: dict[str, object] = {"auditor": auditor, "on": str(on), "audits": keys}
        _record("audits.allot_audits", office, posting, by, at, after)
    keys = [audit.pk for audit in rows]
    Audit.objects.filter(pk__in=keys).update(state=AuditState.ALLOTTED, auditor=auditor, allotted_on=on)
    return len(rows)


@transaction.atomic
def complete_audit(
    *,
    audit: Audit,
    on: date,
    net_profit: int,
    by: Officer,
    at: datetime,
    fee_assessed: int | None = None,
    fund_assessed: int | None = None,
    reason: str = "",
) -> Audit:
    """Record a finished audit: the profit found (poisha, negative for a loss) and the charges that follow.

    A charge left out is assessed by the rules of the day; one that differs from them needs a reason.
    """
    audit, posting = _locked(audit, by, at)
    _guard_state(audit, AuditState.DONE)
    _guard_not_ahead(on, at)
    if audit.allotted_on is not None and on < audit.allotted_on:
        raise UserError(_("The audit cannot be completed before it was allotted. Correct the date."), cell="on")
    proposed = propose_assessment(audit, net_profit=net_profit, on=on)
    audit.fee_proposed, audit.fund_proposed = proposed.fee, proposed.fund
    audit.fee_assessed = proposed.fee if fee_assessed is None else fee_assessed
    audit.fund_assessed = proposed.fund if fund_assessed is None else fund_assessed
    audit.reason = clean_text(reason)
    _guard_assessment(audit)
    audit.state, audit.completed_on, audit.net_profit = AuditState.DONE, on, net_profit
    audit.completed_by, audit.completed_at = by, at
    audit.save(update_fields=["state", *_RESULTS])
    after: dict[str, object] = {
        "on": str(on),
        "net_profit": net_profit,
        "fee": audit.fee_assessed,
        "fund": audit.fund_assessed,
    }
    _record("audits.complete_audit", audit, posting, by, at, after)
    return audit


@transaction.atomic
def collect(
    *, audit: Audit, kind: Charge, amount: int, on: date, challan: str, by: Officer, at: datetime
) -> Collection:
    """Record money paid by challan for a charge, in poisha; never more than is outstanding, and a challan once only."""
    audit, posting = _locked(audit, by, at)
    challan = clean_text(challan)
    if not audit.is_done or audit.completed_on is None:
        raise UserError(_("Nothing is assessed yet: record the finished audit first."))
    if not challan:
        raise UserError(_("Write the challan number."), cell="challan")
    _guard_not_ahead(on, at)
    if on < audit.completed_on:
        raise UserError(_("The date lies before the audit was completed. Correct it."), cell="on")
    _guard_payment(audit, kind, amount, challan)
    row = Collection.objects.create(
        audit=audit, office=audit.office, kind=kind, amount=amount, on=on, challan=challan, by=by, at=at
    )
    after: dict[str, object] = {"kind": str(kind), "amount": amount, "challan": challan, "on": str(on)}
    _record("audits.collect", audit, posting, by, at, after)
    return row


def assessed(audit: Audit, kind: Charge) -> int:
    """What was assessed of a charge, in poisha."""
    return (audit.fee_assessed if kind == Charge.FEE else audit.fund_assessed) or 0


def outstanding(audit: Audit, kind: Charge) -> int:
    """What is still to be collected of a charge, in poisha."""
    collected = audit.collections.filter(kind=kind).aggregate(total=Sum("amount"))["total"] or 0
    return assessed(audit, kind) - collected


@transaction.atomic
def reopen_audit(*, audit: Audit, reason: str, by: Officer, at: datetime) -> Audit:
    """Take back the results of an audit recorded by mistake: it is allotted again. Payments are taken back first."""
    audit, posting = _locked(audit, by, at, "audits.correct_audit")
    if not audit.is_done:
        raise UserError(_("This audit is not done; there is nothing to take back."))
    if audit.collections.exists():
        raise UserError(_("Payments stand against this audit. Take them back first."))
    reason = _why(reason)
    before: dict[str, object] = {name: str(getattr(audit, name)) for name in _RESULTS}
    for name in _RESULTS:
        setattr(audit, name, "" if name == "reason" else None)
    audit.state = AuditState.ALLOTTED
    audit.save(update_fields=["state", *_RESULTS])
    _record("audits.reopen_audit", audit, posting, by, at, {"why": reason}, before)
    return audit


@transaction.atomic
def withdraw_collection(*, row: Collection, reason: str, by: Officer, at: datetime) -> Audit:
    """Take back a payment recorded by mistake; the activity keeps what it said."""
    audit, posting = _locked(row.audit, by, at, "audits.correct_audit")
    stored = audit.collections.filter(pk=row.pk).first()
    if stored is None:
        raise UserError(_("This payment is taken back already."))
    reason = _why(reason)
    before: dict[str, object] = {
        "kind": stored.kind,
        "amount": stored.amount,
        "on": str(stored.on),
        "challan": stored.challan,
    }
    stored.delete()
    _record("audits.withdraw_collection", audit, posting, by, at, {"why": reason}, before)
    return audit


#: What an audit has only once it is done.
_RESULTS = (
    "completed_on",
    "net_profit",
    "fee_proposed",
    "fund_proposed",
    "fee_assessed",
    "fund_assessed",
    "reason",
    "completed_by",
    "completed_at",
)


def _why(reason: str) -> str:
    reason = clean_text(reason)
    if not reason:
        raise UserError(_("Write why the record is taken back."), cell="reason")
    return reason


def _locked(audit: Audit, by: Officer, at: datetime, right: str = "audits.record_audit") -> tuple[Audit, Posting]:
    row = Audit.objects.select_for_update(of=("self",)).select_related("office", "society").get(pk=audit.pk)
    return row, require_right(by, right, row, on=dhaka_date(at))


def _guard_state(audit: Audit, target: AuditState) -> None:
    if target not in ALLOWED[AuditState(audit.state)]:
        raise UserError(
            _("This audit is %(state)s already; nothing was changed.") % {"state": audit.get_state_display()}
            if audit.state != AuditState.PLANNED
            else _("This audit is not allotted yet. Name the auditor first.")
        )


def _guard_allotment(audit: Audit, auditor: str, on: date, at: datetime) -> None:
    if not auditor:
        raise UserError(_("Write the auditor's name."), cell="auditor")
    if on < audit.audit_year.first_day:
        raise UserError(_("The date lies before the audit year. Correct it."), cell="on")
    _guard_not_ahead(on, at)


def _guard_not_ahead(on: date, at: datetime) -> None:
    if on > dhaka_date(at):
        raise UserError(_("The date lies ahead. Write a date not later than today."), cell="on")


def _guard_assessment(audit: Audit) -> None:
    for cell, assessed in (("fee_assessed", audit.fee_assessed), ("fund_assessed", audit.fund_assessed)):
        if assessed is None or assessed < 0 or assessed % TAKA:
            raise UserError(_("Assess whole taka, not less than zero."), cell=cell)
    is_proposed = (audit.fee_assessed, audit.fund_assessed) == (audit.fee_proposed, audit.fund_proposed)
    if not is_proposed and not audit.reason:
        raise UserError(
            _("The assessment differs from the rules: fee %(fee)s, fund %(fund)s taka. Write the reason.")
            % {"fee": _taka(audit.fee_proposed), "fund": _taka(audit.fund_proposed)},
            cell="reason",
        )


def _guard_payment(audit: Audit, kind: Charge, amount: int, challan: str) -> None:
    """Both guards in one query; the audit's row is locked, so no other payment comes between."""
    paid = dict(audit.collections.filter(kind=kind).values_list("challan", "amount"))
    if challan in paid:
        raise UserError(
            _("Challan %(challan)s is already recorded for this charge; nothing was changed.") % {"challan": challan},
            cell="challan",
        )
    if amount <= 0:
        raise UserError(_("Write an amount above zero."), cell="amount")
    left = assessed(audit, kind) - sum(paid.values())
    if amount > left:
        raise UserError(
            _("Only %(left)s taka is outstanding. Correct the amount.") % {"left": _taka(left)}, cell="amount"
        )


def _taka(amount: int | None) -> str:
    return format_amount(amount, Unit.TAKA, bangla=reader_wants_bangla())


def _record(
    verb: str,
    row: Audit | Office,
    posting: Posting,
    by: Officer,
    at: datetime,
    after: dict[str, object],
    before: dict[str, object] | None = None,
) -> None:
    path, post = posting.office.path, posting.post
    record_activity(verb, row, by=by, at=at, office_path=path, post=post, before=before, after=after)
