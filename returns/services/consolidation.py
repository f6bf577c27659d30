"""Consolidated returns: freezing a numbered snapshot of a month, and the superior's verdict on it."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.activity import record_activity
from core.errors import UserError
from core.periods import Period, PeriodKind, dhaka_date
from core.templatetags.figures import digits
from core.text import clean_text
from offices.models import Office, Officer, Posting
from offices.paths import WIDTH
from offices.places import Tree, path_on
from offices.rights import require_right
from returns.choices import ConsolidationState
from returns.consolidated import Arrivals, Prospect, arrivals_since, keep, prospect_of
from returns.consolidation_models import ConsolidatedSource, ConsolidatedValue, Consolidation
from returns.judges import Seats, bench_for
from returns.models import ReturnVersion
from returns.rollup import verified_versions
from returns.services.entry import MAX_REMARK, too_long
from returns.services.locking import day_label, hold_office


@transaction.atomic
def submit_consolidation(
    office: Office, period: Period, *, explanation: str = "", by: Officer, at: datetime
) -> Consolidation:
    """Freeze what is verified of a month at and below an office under the next number, and submit it upward.

    `UserError` before the month is over, while nothing of it is verified, while the last number stands and holds all
    that is verified, or where something is missing and no explanation says why. A number that waits for its verdict is
    replaced by a newer one.
    """
    posting = require_right(by, "returns.submit_consolidation", office, on=dhaka_date(at))
    office = hold_office(office)
    _check_month(period, at)
    prospect = prospect_of(office, period, at=at)
    _check_new(prospect)
    words = _checked_words(explanation)
    if prospect.needs_explanation and not words:
        raise UserError(_("Something is missing. Write why; the explanation goes up with the figures."))
    last = prospect.newest
    if last is not None and last.state == ConsolidationState.SUBMITTED:
        last.state = ConsolidationState.REPLACED
        last.save(update_fields=["state"])
    made = _freeze(prospect, last.number + 1 if last else 1, words, by=by, at=at)
    record_activity(
        "returns.submit_consolidation",
        made,
        by=by,
        at=at,
        office_path=office.path,
        post=posting.post,
        after={"number": made.number, "returns": made.basis_count, "explanation": words},
    )
    return made


def _check_month(period: Period, at: datetime) -> None:
    if period.kind is not PeriodKind.MONTH:
        raise UserError(_("Returns are made for months. %(period)s is no month.") % {"period": period.label()})
    if dhaka_date(at) <= period.last:
        raise UserError(
            _("%(period)s is not over yet. The return can be submitted from the first day of the next month.")
            % {"period": period.label()}
        )


def _check_new(prospect: Prospect) -> None:
    last = prospect.newest
    if not prospect.now.count:
        raise UserError(_("Nothing of this month is verified yet; there is nothing to consolidate."))
    if last is not None and not prospect.may_be_submitted:
        raise UserError(
            _("Consolidated return no. %(number)s was submitted on %(when)s and holds all that is verified.")
            % {"number": digits(last.number), "when": day_label(last.submitted_at)}
        )


def _checked_words(text: str) -> str:
    words = clean_text(text)
    if len(words) > MAX_REMARK:
        raise UserError(too_long(words))
    return words


def _freeze(prospect: Prospect, number: int, words: str, *, by: Officer, at: datetime) -> Consolidation:
    month = prospect.month
    versions = list(verified_versions(month.office, [month.period]).select_related("ret__office"))
    if (len(versions), sum(version.pk for version in versions)) != (month.basis.count, month.basis.keys):
        raise UserError(_("A return has arrived in this very moment. Look at the figures again and submit once more."))
    made = Consolidation.objects.create(
        office=month.office,
        office_path=path_on(month.office, month.period),
        period=month.period,
        number=number,
        form=month.form,
        state=ConsolidationState.SUBMITTED,
        submitted_at=at,
        submitted_by=by,
        explanation=words,
        completeness=keep(prospect),
        basis_count=month.basis.count,
        basis_sum=month.basis.keys,
        data_at=month.data_at or at,
    )
    ConsolidatedValue.objects.bulk_create(
        ConsolidatedValue(consolidation=made, cell=cell, amount=amount, before=prospect.before.get(cell))
        for cell, amount in month.amounts.items()
    )
    _freeze_sources(made, versions)
    return made


def _freeze_sources(made: Consolidation, versions: list[ReturnVersion]) -> None:
    """The versions, each under the office right below through which it came, by the place it had in that month."""
    width = len(made.office_path) + WIDTH
    paths = {version.ret.office_path[:width] for version in versions if len(version.ret.office_path) > width}
    tree = Tree(made.period)
    through = {tree.path(office): office for office in tree.at(paths)}
    ConsolidatedSource.objects.bulk_create(
        ConsolidatedSource(
            consolidation=made,
            version=version,
            below=through.get(version.ret.office_path[:width]) or version.ret.office,
        )
        for version in versions
    )


@transaction.atomic
def verify_consolidation(
    snapshot: Consolidation, *, despite_later: bool = False, by: Officer, at: datetime
) -> Consolidation:
    """The superior verifies a snapshot as it was frozen; never who submitted it.

    `UserError` where returns have come or changed since, unless the verifier has been told and means the snapshot as it
    stands (``despite_later``).
    """
    snapshot, seat = _lock_submitted(snapshot, by=by, at=at)
    later = arrivals_since(snapshot)
    if later.offices and not despite_later:
        raise UserError(
            _("%(changes)s Ask for a new number, or verify this one as it stands.") % {"changes": tell_arrivals(later)}
        )
    return _decide(snapshot, ConsolidationState.VERIFIED, "", seat, by=by, at=at)


@transaction.atomic
def send_back_consolidation(snapshot: Consolidation, *, reason: str, by: Officer, at: datetime) -> Consolidation:
    """Send a snapshot back with a reason; the office may then submit the next number. `UserError` without a reason."""
    snapshot, seat = _lock_submitted(snapshot, by=by, at=at)
    words = _checked_words(reason)
    if not words:
        raise UserError(_("Write why the return goes back, so that the office can mend it."))
    return _decide(snapshot, ConsolidationState.RETURNED, words, seat, by=by, at=at)


def _lock_submitted(snapshot: Consolidation, *, by: Officer, at: datetime) -> tuple[Consolidation, Posting]:
    rows = Consolidation.objects.select_for_update(of=("self",)).select_related("office__parent")
    snapshot = rows.get(pk=snapshot.pk)
    superiors = Tree(snapshot.period).superiors(snapshot.office_path)
    seat = bench_for(superiors, {snapshot.submitted_by_id}, Seats(dhaka_date(at))).seat_of(by)
    if seat is None:
        raise PermissionDenied("returns.verify_return")
    if snapshot.state != ConsolidationState.SUBMITTED:
        raise UserError(
            _("Consolidated return no. %(number)s waits for no verdict any more: it is %(state)s.")
            % {"number": digits(snapshot.number), "state": snapshot.get_state_display()}
        )
    return snapshot, seat


def _decide(
    snapshot: Consolidation, state: ConsolidationState, reason: str, seat: Posting, *, by: Officer, at: datetime
) -> Consolidation:
    snapshot.state, snapshot.decided_at, snapshot.decided_by, snapshot.reason = state, at, by, reason
    snapshot.save(update_fields=["state", "decided_at", "decided_by", "reason"])
    verb = "verify_consolidation" if state == ConsolidationState.VERIFIED else "send_back_consolidation"
    record_activity(
        f"returns.{verb}",
        snapshot,
        by=by,
        at=at,
        office_path=snapshot.office_path,
        post=seat.post,
        after={"number": snapshot.number, "reason": reason},
    )
    return snapshot


def tell_arrivals(later: Arrivals) -> str:
    """What has happened since a snapshot, by name: ``Two returns arrived later: …``"""
    told = []
    if n := len(later.arrived):
        text = ngettext("%(n)s return arrived later: %(names)s.", "%(n)s returns arrived later: %(names)s.", n)
        told.append(text % _count(later.arrived))
    if n := len(later.changed):
        text = ngettext("%(n)s return has changed since: %(names)s.", "%(n)s returns have changed since: %(names)s.", n)
        told.append(text % _count(later.changed))
    if n := len(later.gone):
        text = ngettext("%(n)s return counts no longer: %(names)s.", "%(n)s returns count no longer: %(names)s.", n)
        told.append(text % _count(later.gone))
    return " ".join(told)


def _count(offices: tuple[Office, ...]) -> dict[str, str]:
    return {"n": digits(len(offices)), "names": ", ".join(office.name for office in offices)}
