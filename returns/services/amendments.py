"""Amending a verified return: written and proposed by its office, approved or refused by the superior.

The verified version stays in force until the approval. Nothing is half done: the amended return, every later return of
the office, their remarks and the demand for new totals change in one transaction, or none of them does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from core.activity import record_activity
from core.errors import UserError
from core.language import reader_wants_bangla
from core.numbers import MAX_AMOUNT
from core.periods import Period, dhaka_date
from core.templatetags.figures import digits
from core.text import clean_text
from offices.models import Officer, Posting
from offices.rights import require_right
from returns.amending import Changes, Hypothesis, changes_of, suppose
from returns.amendment_models import Amendment, AmendmentValue
from returns.choices import AmendmentState, ReturnState
from returns.judges import bench_of_amendment
from returns.models import Return, ReturnVersion, Value
from returns.published import catalogue_of
from returns.renewal import request_renewal
from returns.services.entry import MAX_REMARK, too_long
from returns.services.locking import day_label, lock_return
from returns.services.replacing import replace_versions

REQUEST = "returns.request_amendment"


class StaleAmendmentError(UserError):
    """The figures the amendment was written against, or looked at with, are not in force any more."""


@transaction.atomic
def write_amendment(
    ret: Return,
    *,
    figures: Mapping[str, int],
    reason: str,
    by: Officer,
    at: datetime,
    later: Changes | None = None,
) -> Amendment:
    """Write the office's amendment of a verified return, or write the open draft anew.

    ``later`` are new figures of later verified months that have to follow, such as a count that must stay equal to a
    computed one. Figures that say what the return says already are left out. `UserError` unless the returns are
    verified, every cell is one the office enters, something changes and a reason is given; or while another amendment
    of the return waits.
    """
    ret, version = lock_return(ret)
    posting = require_right(by, REQUEST, ret, on=dhaka_date(at))
    words = _reason(reason)
    rows = _rows(ret, {**(later or {}), ret.period: figures})
    amendment = Amendment.objects.filter(ret=ret).open().first()
    if amendment is not None and amendment.state == AmendmentState.PROPOSED:
        raise UserError(
            _("Another amendment of this return waits for a decision since %(when)s. Wait for it, or withdraw it.")
            % {"when": day_label(amendment.proposed_at)}
        )
    if amendment is None:
        amendment = Amendment(ret=ret)
    amendment.base_version, amendment.reason = version, words
    amendment.requested_by, amendment.requested_at = by, at
    amendment.save()
    _keep(amendment, rows)
    _record("write_amendment", amendment, by=by, at=at, post=posting.post, figures=_told(rows))
    return amendment


def _keep(amendment: Amendment, rows: list[AmendmentValue]) -> None:
    AmendmentValue.objects.filter(amendment=amendment).delete()
    for row in rows:
        row.amendment = amendment
    AmendmentValue.objects.bulk_create(rows)


def _told(rows: list[AmendmentValue]) -> dict[str, dict[str, int]]:
    told: dict[str, dict[str, int]] = {}
    for row in rows:
        told.setdefault(str(row.version.ret.period), {})[row.cell] = row.amount
    return told


def _reason(text: str) -> str:
    words = clean_text(text)
    if not words:
        raise UserError(_("Write why the return is amended; the superior office decides on that."))
    if len(words) > MAX_REMARK:
        raise UserError(too_long(words))
    return words


def _rows(ret: Return, changes: Changes) -> list[AmendmentValue]:
    """The figures that differ from the versions in force, checked month by month."""
    versions = _in_force(ret, changes)
    rows = [row for period in sorted(changes) for row in _rows_of(ret, versions[period], changes[period])]
    if not rows:
        raise UserError(_("No figure differs from the verified return. Type the new figures first."))
    return rows


def _in_force(ret: Return, periods: Iterable[Period]) -> dict[Period, ReturnVersion]:
    """The verified versions of the office's months, none of them before the return's; `UserError` if one has none."""
    wanted = set(periods)
    found = ReturnVersion.objects.filter(ret__office=ret.office_id, ret__period__in=wanted)
    found = found.filter(state=ReturnState.VERIFIED).select_related("ret__form").defer("ret__form__catalogue")
    versions = {version.ret.period: version for version in found if version.ret.period >= ret.period}
    if wanted - versions.keys():
        raise UserError(
            _("The return of %(month)s is not verified. Only verified returns are amended; others are entered.")
            % {"month": min(wanted - versions.keys()).label()}
        )
    return versions


def _rows_of(ret: Return, version: ReturnVersion, figures: Mapping[str, int]) -> list[AmendmentValue]:
    catalogue = catalogue_of(version.ret.form)
    mine = {cell.key for cell in catalogue.entered_cells(ret.office.kind)}
    for cell, amount in figures.items():
        name = catalogue.code_of(cell, bangla=reader_wants_bangla()) if cell in catalogue.cells_by_key else cell
        if cell not in mine:
            raise UserError(_("%(cell)s is not a figure that your office enters.") % {"cell": name}, cell=cell)
        if amount < 0:
            raise UserError(_("%(cell)s cannot be less than zero.") % {"cell": name}, cell=cell)
        if amount > MAX_AMOUNT:
            raise UserError(_("This number is too large. Check how many digits it has."), cell=cell)
    stands = dict(Value.objects.filter(version=version, cell__in=figures).values_list("cell", "amount"))
    return [
        AmendmentValue(version=version, cell=cell, amount=amount)
        for cell, amount in figures.items()
        if stands.get(cell) != amount
    ]


@transaction.atomic
def propose_amendment(amendment: Amendment, *, by: Officer, at: datetime) -> Amendment:
    """Hand a draft to the superior. Only who wrote it may.

    `StaleAmendmentError` if the return has another version by now; `UserError` where a later month would break.
    """
    amendment, posting = _lock_own(amendment, by=by, at=at)
    if amendment.state != AmendmentState.DRAFT:
        raise UserError(_("This amendment was handed in already."))
    if amendment.requested_by_id != by.pk:
        raise UserError(
            _("%(name)s wrote this amendment. Save it in your name first.") % {"name": amendment.requested_by}
        )
    check_current(amendment)
    check_unbroken(suppose(amendment.ret, changes_of(amendment)))
    amendment.state, amendment.proposed_at = AmendmentState.PROPOSED, at
    amendment.save(update_fields=["state", "proposed_at"])
    _record("propose_amendment", amendment, by=by, at=at, post=posting.post)
    return amendment


@transaction.atomic
def renew_amendment(amendment: Amendment, *, by: Officer, at: datetime) -> Amendment:
    """Put an open amendment on the versions in force now, as a draft to be looked at and proposed again."""
    amendment, posting = _lock_own(amendment, by=by, at=at)
    _check_open(amendment)
    rows = _rows(amendment.ret, changes_of(amendment))
    amendment.base_version = _in_force(amendment.ret, [amendment.ret.period])[amendment.ret.period]
    amendment.requested_by, amendment.requested_at = by, at
    amendment.state, amendment.proposed_at = AmendmentState.DRAFT, None
    amendment.save()
    _keep(amendment, rows)
    _record("renew_amendment", amendment, by=by, at=at, post=posting.post, figures=_told(rows))
    return amendment


@transaction.atomic
def withdraw_amendment(amendment: Amendment, *, by: Officer, at: datetime) -> Amendment:
    """The office takes an open amendment back."""
    amendment, posting = _lock_own(amendment, by=by, at=at)
    _check_open(amendment)
    _close(amendment, AmendmentState.WITHDRAWN, by=by, at=at)
    _record("withdraw_amendment", amendment, by=by, at=at, post=posting.post)
    return amendment


@transaction.atomic
def refuse_amendment(amendment: Amendment, *, reason: str, by: Officer, at: datetime) -> Amendment:
    """The superior refuses a proposed amendment with a reason (`UserError` without one); nothing else changes."""
    amendment, seat = _lock_proposed(amendment, by=by, at=at)
    words = clean_text(reason)
    if not words:
        raise UserError(_("Write why the amendment is refused, so that the office understands it."))
    if len(words) > MAX_REMARK:
        raise UserError(too_long(words))
    amendment.decision = words
    _close(amendment, AmendmentState.REFUSED, by=by, at=at)
    _record("refuse_amendment", amendment, by=by, at=at, post=seat.post)
    return amendment


@transaction.atomic
def approve_amendment(amendment: Amendment, *, by: Officer, at: datetime, seen: str = "") -> Amendment:
    """Put an amendment into force, with all that follows from it in later months, in one act.

    ``seen`` is the digest of the preview that was looked at. `StaleAmendmentError` if other versions are in force than
    those looked at or written against; `UserError` naming month, cell and rule where one would break.
    """
    amendment, seat = _lock_proposed(amendment, by=by, at=at)
    check_current(amendment)
    hypothesis = suppose(amendment.ret, changes_of(amendment))
    if seen and seen != hypothesis.digest:
        raise StaleAmendmentError(_("A later return has changed since you looked. Look at the preview again."))
    check_unbroken(hypothesis)
    _close(amendment, AmendmentState.APPROVED, by=by, at=at)
    replaced = replace_versions(amendment, hypothesis, by=by, at=at)
    request_renewal(amendment, by=by, at=at)
    _record(
        "approve_amendment",
        amendment,
        by=by,
        at=at,
        post=seat.post,
        versions={str(version.ret.period): version.number for version in replaced},
    )
    return amendment


def check_current(amendment: Amendment) -> None:
    """`StaleAmendmentError` if a return has another version in force than the one the amendment was written for."""
    replaced = stale_version(amendment)
    if replaced is None:
        return
    version = replaced.ret.versions.order_by("-number")[0]
    raise StaleAmendmentError(
        _(
            "This amendment was written for version %(old)s of %(month)s; since %(when)s version %(new)s is in force, "
            "by another amendment. Renew this one, look at it, and propose it again."
        )
        % {
            "old": digits(replaced.number),
            "new": digits(version.number),
            "month": replaced.ret.period.label(),
            "when": day_label(replaced.superseded_at),
        }
    )


def stale_version(amendment: Amendment) -> ReturnVersion | None:
    """The earliest version that the amendment was written for and that is superseded by now; one query."""
    written_for = Q(pk=amendment.base_version_id) | Q(amended_values__amendment=amendment)
    stale = ReturnVersion.objects.filter(written_for, state=ReturnState.SUPERSEDED).select_related("ret")
    return stale.order_by("ret__period").first()


def check_unbroken(hypothesis: Hypothesis) -> None:
    """`UserError` naming the first month, cell and rule that the amendment would break."""
    if not hypothesis.broken:
        return
    period, finding = hypothesis.broken[0]
    catalogue = next(month.catalogue for month in hypothesis.months if month.period == period)
    raise UserError(
        _("%(month)s would not hold any more, at %(cell)s (rule %(rule)s): %(message)s")
        % {
            "month": period.label(),
            "cell": catalogue.code_of(finding.cell, bangla=reader_wants_bangla()),
            "rule": finding.rule,
            "message": finding.message,
        },
        cell=finding.cell,
    )


def _lock(amendment: Amendment) -> Amendment:
    """The amendment with its office's returns locked, from its month on: whoever comes second sees the first's act."""
    ret = Return.objects.get(pk=amendment.ret_id)
    later = Return.objects.select_for_update(of=("self",)).filter(office=ret.office_id, period__gte=ret.period)
    list(later.order_by("period").values_list("pk"))
    locked = Amendment.objects.select_for_update(of=("self",)).with_names()
    return locked.get(pk=amendment.pk)


def _lock_own(amendment: Amendment, *, by: Officer, at: datetime) -> tuple[Amendment, Posting]:
    amendment = _lock(amendment)
    return amendment, require_right(by, REQUEST, amendment.ret, on=dhaka_date(at))


def _lock_proposed(amendment: Amendment, *, by: Officer, at: datetime) -> tuple[Amendment, Posting]:
    amendment = _lock(amendment)
    seat = bench_of_amendment(amendment, dhaka_date(at)).seat_of(by)
    if seat is None:
        raise PermissionDenied("returns.verify_return")
    _check_open(amendment)
    if amendment.state != AmendmentState.PROPOSED:
        raise UserError(_("This amendment is being written; it does not wait for a decision. Nothing was changed."))
    return amendment, seat


def _check_open(amendment: Amendment) -> None:
    if not amendment.is_open:
        raise UserError(
            _("This amendment is closed since %(when)s: %(state)s. Nothing was changed.")
            % {"when": day_label(amendment.decided_at), "state": amendment.get_state_display()}
        )


def _close(amendment: Amendment, state: AmendmentState, *, by: Officer, at: datetime) -> None:
    amendment.state, amendment.decided_by, amendment.decided_at = state, by, at
    amendment.save(update_fields=["state", "decided_by", "decided_at", "decision"])


def _record(verb: str, amendment: Amendment, *, by: Officer, at: datetime, post: str, **after: object) -> None:
    record_activity(
        f"returns.{verb}",
        amendment.ret,
        by=by,
        at=at,
        office_path=amendment.ret.office_path,
        post=post,
        after={"amendment": amendment.pk, "reason": amendment.decision or amendment.reason, **after},
    )
